/*
 * What the clocks say while the processor is busy. The timer interrupts every millisecond; the main
 * program computes, and once a second prints a line
 *
 *     clock <time in ticks of 100 ns> <RTC in ns> <ticks that reading the RTC took> <interrupts> <due>
 *
 * with numbers in hexadecimal: `due` is how many milliseconds have passed since the first.
 */
#include "kernel.h"

#define TICKS_PER_MS 10000

static volatile uint64_t *const mtimecmp = (volatile uint64_t *)0x2004000;
static volatile uint32_t *const rtc = (volatile uint32_t *)0x101000;

static volatile uint64_t interrupts;
static uint64_t first, next;

static inline uint64_t now(void) {
  uint64_t time;
  __asm__ volatile("rdtime %0" : "=r"(time));
  return time;
}

/* One for each millisecond: a late one catches up by coming again at once. */
__attribute__((interrupt("machine"), aligned(4))) static void on_timer(void) {
  interrupts++;
  next += TICKS_PER_MS;
  *mtimecmp = next;
}

static void put(char c) {
  volatile uint8_t *uart = (volatile uint8_t *)0x10000000;
  while (!(uart[5] & 0x20)) {
  }
  uart[0] = (uint8_t)c;
}

static void put_hex(uint64_t value) {
  put(' ');
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

static void report(void) {
  uint64_t before = now();
  uint64_t low = rtc[0];
  uint64_t after = now();
  uint64_t high = rtc[1];
  uint64_t taken = interrupts, passed = (now() - first) / TICKS_PER_MS;
  for (const char *text = "clock"; *text; text++) put(*text);
  put_hex(before + (after - before) / 2);
  put_hex(high << 32 | low);
  put_hex(after - before);
  put_hex(taken);
  put_hex(passed);
  put('\n');
}

static uint64_t words[16384];

/* Integers, memory, calls: about a millisecond of it. */
static uint64_t work(uint64_t seed) {
  for (int i = 0; i < 16384; i++) words[i] += next_random(&seed) ^ words[(i * 7) & 16383];
  return seed + words[seed & 16383];
}

int main(void) {
  uint64_t seed = 88172645463325252ull;
  first = now();
  next = first + TICKS_PER_MS;
  *mtimecmp = next;
  __asm__ volatile("csrw mtvec, %0" : : "r"(on_timer));
  __asm__ volatile("csrs mie, %0" : : "r"(1 << 7));
  __asm__ volatile("csrsi mstatus, 8");
  for (uint64_t due = first;;) {
    seed = work(seed | 1);
    if (now() < due) continue;
    due += 1000 * TICKS_PER_MS;
    report();
  }
}
