/*
 * Runs the kernel on every hart, each on data of its own, REPEATS times ROUNDS_EACH, and prints a line
 * "<hart> <checksum> <instructions>" after each repetition. A hart that is done waits for the others.
 */
#include "kernel.h"
#include "layout.h"

enum { ROUNDS_EACH = 4 };

#define SHARED __attribute__((section(".shared"), aligned(64)))

SHARED static uint32_t console_lock = 0, done = 0;

/* Fills in Sv39 tables of two pages for a hart, in M-mode, where data is not at its place yet. */
void page_tables(uint64_t *root, uint64_t hart) {
  enum { V = 1, R = 2, W = 4, X = 8, A = 64, D = 128, LEAF_RW = V | R | W | A | D };
  uint64_t *giga = root + 512;
  for (int i = 0; i < 1024; i++) root[i] = 0;
  root[0] = LEAF_RW;
  root[CODE_AT >> 30] = (uint64_t)giga >> 12 << 10 | V;
  giga[0] = (uint64_t)CODE_AT >> 12 << 10 | LEAF_RW | X;
  for (uint64_t at = 0; at < DATA_BYTES; at += SUPERPAGE) {
    uint64_t physical = DATA_AT + hart * DATA_BYTES + at;
    giga[1 + at / SUPERPAGE] = physical >> 12 << 10 | LEAF_RW;
  }
}

static void put(char c) {
  volatile uint8_t *uart = (volatile uint8_t *)0x10000000;
  while (!(uart[5] & 0x20)) {
  }
  uart[0] = (uint8_t)c;
}

static void put_hex(uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

static void put_result(uint64_t hart, uint64_t checksum, uint64_t count) {
  while (__atomic_exchange_n(&console_lock, 1, __ATOMIC_ACQUIRE)) {
  }
  put((char)('0' + hart));
  put(' ');
  put_hex(checksum);
  put(' ');
  put_hex(count);
  put('\n');
  __atomic_store_n(&console_lock, 0, __ATOMIC_RELEASE);
}

static uint64_t instructions(void) {
  uint64_t count;
  __asm__ volatile("csrr %0, instret" : "=r"(count));
  return count;
}

/* Whoever watches takes the time of the last line too: the process must not be gone by then. */
static void linger(void) {
  uint64_t now, end;
  __asm__ volatile("csrr %0, time" : "=r"(now));
  for (end = now + 5000000; now < end;) __asm__ volatile("csrr %0, time" : "=r"(now));
}

int main(uint64_t hart) {
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    uint64_t before = instructions();
    uint64_t checksum = 0;
    for (int round = 0; round < ROUNDS_EACH; round++) checksum = fold(checksum, kernel());
    put_result(hart, checksum, instructions() - before);
  }
  __atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) < HARTS) {
  }
  linger();
  return 0;
}
