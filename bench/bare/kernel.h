/* What a kernel is: one deterministic piece of work that returns a checksum of what it did. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Every call does the same work and returns the same value. */
uint64_t kernel(void);

/* xorshift64*: the same sequence everywhere for the same seed, which must not be 0. */
static inline uint64_t next_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545f4914f6cdd1dull;
}

/* Order-sensitive mixing of a value into a checksum. */
static inline uint64_t fold(uint64_t sum, uint64_t value) {
  return (sum ^ value) * 0x9e3779b97f4a7c15ull + (sum >> 29);
}

#endif
