/*
 * Runs the kernel REPEATS times ROUNDS_EACH and prints a line "<checksum> <instructions>" after each
 * repetition, so that whoever watches can take the processor time between two lines: a repetition is
 * long against the way that a line takes. "ready" comes before the first.
 */
#include "kernel.h"

enum { ROUNDS_EACH = 4 };

#ifdef __riscv

static void put(char c) {
  volatile uint8_t *uart = (volatile uint8_t *)0x10000000;
  while (!(uart[5] & 0x20)) {
  }
  uart[0] = (uint8_t)c;
}

static uint64_t instructions(void) {
  uint64_t count;
  __asm__ volatile("csrr %0, minstret" : "=r"(count));
  return count;
}

/*
 * Whoever watches takes the time of the last line too: the process must not be gone by then. The
 * ACLINT's mtime counts at 10 MHz.
 */
static void linger(void) {
  volatile uint64_t *mtime = (volatile uint64_t *)0x200bff8;
  for (uint64_t end = *mtime + 5000000; *mtime < end;) {
  }
}

#else

#include <stdio.h>
static void put(char c) {
  putchar(c);
  if (c == '\n') fflush(stdout);
}

static uint64_t instructions(void) { return 0; }
static void linger(void) {}

#endif


static void put_text(const char *text) {
  while (*text) put(*text++);
}

static void put_hex(uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

int main(void) {
  put_text("ready\n");
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    uint64_t before = instructions();
    uint64_t checksum = 0;
    for (int round = 0; round < ROUNDS_EACH; round++) checksum = fold(checksum, kernel());
    uint64_t count = instructions() - before;
    put_hex(checksum);
    put(' ');
    put_hex(count);
    put('\n');
  }
  linger();
  return 0;
}
