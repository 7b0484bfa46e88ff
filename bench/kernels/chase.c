/* A pointer chase through 16 MiB in random order: every load misses caches and the TLB. */
#include "kernel.h"

enum { LINES = 16 * 1024 * 1024 / 64, STEPS = 1500000 };

static struct line {
  struct line *next;
  uint64_t payload[7];
} lines[LINES];

static int linked;

/* Sattolo's shuffle: one cycle through all lines. */
static void link_lines(void) {
  static uint32_t order[LINES];
  uint64_t seed = 31;
  for (uint32_t i = 0; i < LINES; i++) order[i] = i;
  for (uint32_t i = LINES - 1; i > 0; i--) {
    uint32_t j = (uint32_t)(next_random(&seed) % i), swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
  for (uint32_t i = 0; i < LINES; i++) {
    lines[order[i]].next = &lines[order[(i + 1) % LINES]];
    lines[order[i]].payload[0] = i;
  }
  linked = 1;
}

uint64_t kernel(void) {
  /* Once only: the first repetition is not counted. */
  if (!linked) link_lines();
  uint64_t sum = 0;
  const struct line *at = lines;
  for (int i = 0; i < STEPS; i++) {
    sum += at->payload[0];
    at = at->next;
  }
  return fold(sum, STEPS);
}
