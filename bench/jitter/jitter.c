/*
 * How late timer interrupts are. While each kind of code runs, the ACLINT's timer is set to a moment
 * some 0.3 to 1.3 ms ahead, again and again; the handler's first act is to read the time. Prints a line
 *
 *     <name> <early> <median> <90th percentile> <99th percentile> <maximum>
 *
 * for each kind: how many came before their time, and the lateness of the others in ticks of 100 ns.
 */
#include "kernel.h"

#define TICKS_PER_MS 10000

static volatile uint64_t *const mtimecmp = (volatile uint64_t *)0x2004000;

static uint32_t late[SAMPLES];
static volatile uint32_t taken, early;
static uint64_t due, seed = 88172645463325252ull;

static inline uint64_t now(void) {
  uint64_t time;
  __asm__ volatile("rdtime %0" : "=r"(time));
  return time;
}

static void arm(void) {
  due = now() + 3 * TICKS_PER_MS / 10 + next_random(&seed) % TICKS_PER_MS;
  *mtimecmp = due;
}

__attribute__((interrupt("machine"), aligned(4))) static void on_timer(void) {
  uint64_t time = now();
  if (time < due) early++;
  else if (taken < SAMPLES) late[taken++] = (uint32_t)(time - due);
  if (taken < SAMPLES) arm();
  else *mtimecmp = ~0ull;
}

static void put(char c) {
  volatile uint8_t *uart = (volatile uint8_t *)0x10000000;
  while (!(uart[5] & 0x20)) {
  }
  uart[0] = (uint8_t)c;
}

static void put_text(const char *text) {
  while (*text) put(*text++);
}

static void put_number(uint32_t value) {
  if (value > 9) put_number(value / 10);
  put((char)('0' + value % 10));
}

static void put_column(uint32_t value) {
  put(' ');
  put_number(value);
}

/* Each kind of code does about a millisecond of work at most between two looks at `taken`. */

static uint64_t sink;

/* Registers only, one back edge. */
static void loop(void) {
  uint64_t x = sink | 1;
  for (int i = 0; i < 100000; i++) next_random(&x);
  sink = x;
}

static __attribute__((noinline, noclone, optimize("no-optimize-sibling-calls"))) uint64_t
fib(unsigned n) {
  if (n < 2) return n;
  uint64_t first = fib(n - 1);
  return first + fib(n - 2);
}

/* Calls and returns only, no back edges. */
static void calls(void) { sink += fib(20); }

static uint64_t words[16384];

static void memory(void) {
  for (int i = 0; i < 16384; i++) words[i] += words[(i * 7) & 16383] + sink;
}

static void floats(void) {
  double x = 1.0, y = 0.5;
  for (int i = 0; i < 50000; i++) {
    x = x * 0.999 + y;
    y = y * 1.0001 - x * 0.0001;
  }
  sink += (uint64_t)(int64_t)(x + y);
}

/* An instruction in each round that is never translated. */
static void csr(void) {
  for (int i = 0; i < 20000; i++) __asm__ volatile("csrw mscratch, %0" : : "r"(i));
}

#define F(n) \
  static __attribute__((noinline, noclone)) uint64_t f##n(uint64_t x) { return (x ^ n) * (2 * n + 3); }
#define F8(n) F(n##0) F(n##1) F(n##2) F(n##3) F(n##4) F(n##5) F(n##6) F(n##7)
#define N8(n) f##n##0, f##n##1, f##n##2, f##n##3, f##n##4, f##n##5, f##n##6, f##n##7
F8(1) F8(2) F8(3) F8(4) F8(5) F8(6) F8(7) F8(8)
static uint64_t (*const functions[64])(uint64_t) = {N8(1), N8(2), N8(3), N8(4),
                                                    N8(5), N8(6), N8(7), N8(8)};

static void indirect(void) {
  uint64_t x = sink;
  for (int i = 0; i < 20000; i++) x = functions[(x >> 20) & 63](x + 1);
  sink = x;
}

static void idle(void) { __asm__ volatile("wfi"); }

static const struct {
  const char *name;
  void (*run)(void);
} kinds[] = {{"loop", loop},     {"calls", calls}, {"memory", memory}, {"floats", floats},
             {"indirect", indirect}, {"csr", csr}, {"idle", idle}};

static void sort(uint32_t *values, int count) {
  for (int gap = count / 2; gap > 0; gap /= 2) {
    for (int i = gap; i < count; i++) {
      uint32_t value = values[i];
      int at = i;
      for (; at >= gap && values[at - gap] > value; at -= gap) values[at] = values[at - gap];
      values[at] = value;
    }
  }
}

static void measure(const char *name, void (*run)(void)) {
  /* Until it is translated, and the engine has made the best of it. */
  for (uint64_t end = now() + 300 * TICKS_PER_MS; run != idle && now() < end;) run();
  taken = early = 0;
  arm();
  while (taken < SAMPLES) run();
  sort(late, SAMPLES);
  put_text(name);
  put_column(early);
  put_column(late[SAMPLES / 2]);
  put_column(late[SAMPLES - 1 - SAMPLES / 10]);
  put_column(late[SAMPLES - 1 - SAMPLES / 100]);
  put_column(late[SAMPLES - 1]);
  put('\n');
}

int main(void) {
  *mtimecmp = ~0ull;
  __asm__ volatile("csrw mtvec, %0" : : "r"(on_timer));
  __asm__ volatile("csrs mie, %0" : : "r"(1 << 7));
  __asm__ volatile("csrsi mstatus, 8");
  for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) measure(kinds[i].name, kinds[i].run);
  return 0;
}
