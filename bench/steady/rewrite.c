/*
 * Keeps writing new code, as a guest with a translator of its own does: each call fills the next pages
 * of a big buffer with functions that were never there before, runs each until it is hot, and checks
 * what each of them computes. After 64 calls the buffer is full, and what was written first is
 * written over.
 */
#include "kernel.h"

enum {
  PAGES = 1024,
  PAGES_A_CALL = 4,
  PAGE_WORDS = 1024,
  FUNCTION_WORDS = 16,
  OPERATIONS = 12,
  TIMES = 20000,
};

typedef uint64_t (*function)(uint64_t times, uint64_t value);

static uint32_t code[PAGES][PAGE_WORDS] __attribute__((aligned(4096)));
static uint64_t seed = 1;
static unsigned next_page;

/* RV64I, register-immediate on a1: funct3 and immediate. */
static uint32_t operation(uint64_t random) {
  static const uint32_t kinds[] = {0x0, 0x4, 0x6, 0x7, 0x1, 0x5};
  uint32_t kind = kinds[random % 6];
  uint32_t immediate = (uint32_t)(random >> 8) & 0x7ff;
  if (kind == 0x1 || kind == 0x5) immediate = 1 + (immediate & 7);
  if (kind == 0x7) immediate |= 0x800; /* andi with all high bits set */
  return immediate << 20 | 11u << 15 | kind << 12 | 11u << 7 | 0x13;
}

static uint64_t apply(uint32_t instruction, uint64_t value) {
  int64_t immediate = (int32_t)instruction >> 20;
  switch (instruction >> 12 & 7) {
    case 0x0: return value + (uint64_t)immediate;
    case 0x4: return value ^ (uint64_t)immediate;
    case 0x6: return value | (uint64_t)immediate;
    case 0x7: return value & (uint64_t)immediate;
    case 0x1: return value << immediate;
    default: return value >> immediate;
  }
}

/* A loop of random operations on a1, a0 times. */
static void write_function(uint32_t *at) {
  for (int i = 0; i < OPERATIONS; i++) at[i] = operation(next_random(&seed));
  at[OPERATIONS] = 0xfff50513;     /* addi a0, a0, -1 */
  at[OPERATIONS + 1] = 0xfc0516e3; /* bnez a0, -52 */
  at[OPERATIONS + 2] = 0x00058513; /* mv a0, a1 */
  at[OPERATIONS + 3] = 0x00008067; /* ret */
}

static uint64_t expected(const uint32_t *at, int times, uint64_t value) {
  while (times--) {
    for (int i = 0; i < OPERATIONS; i++) value = apply(at[i], value);
  }
  return value;
}

/* @returns how many functions computed something else than they should: 0 */
uint64_t kernel(void) {
  uint64_t wrong = 0;
  uint32_t *first = code[next_page];
  enum { WORDS = PAGES_A_CALL * PAGE_WORDS };
  for (int at = 0; at < WORDS; at += FUNCTION_WORDS) write_function(first + at);
#ifdef __riscv
  __asm__ volatile("fence.i" ::: "memory");
  for (int at = 0; at < WORDS; at += FUNCTION_WORDS) {
    function run = (function)(first + at);
    uint64_t value = next_random(&seed);
    /* Hot, then from where that ended. */
    value = run(TIMES, value);
    wrong += run(3, value) != expected(first + at, 3, value);
  }
#endif
  next_page = (next_page + PAGES_A_CALL) % PAGES;
  return wrong;
}
