/* 64-bit multiplication high and low, remainder and bit counting: modular powers. */
#include "kernel.h"

enum { TESTS = 40000 };

/* x * y mod m with m below 2^63, through the 128-bit product (Montgomery, R = 2^64). */
struct field {
  uint64_t m, inverse, square;
};

static uint64_t reduce(const struct field *f, unsigned __int128 t) {
  uint64_t q = (uint64_t)t * f->inverse;
  uint64_t high = (uint64_t)(((unsigned __int128)q * f->m) >> 64);
  uint64_t r = (uint64_t)(t >> 64) - high;
  return (int64_t)r < 0 ? r + f->m : r;
}

static struct field make_field(uint64_t m) {
  struct field f = {m, m, 0};
  for (int i = 0; i < 5; i++) f.inverse *= 2 - m * f.inverse;
  uint64_t r = (UINT64_MAX % m) + 1;
  for (int i = 0; i < 64; i++) r = r * 2 >= m ? r * 2 - m : r * 2;
  f.square = r;
  return f;
}

static uint64_t power(const struct field *f, uint64_t base, uint64_t exponent) {
  uint64_t x = reduce(f, (unsigned __int128)base * f->square);
  uint64_t result = reduce(f, f->square);
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) result = reduce(f, (unsigned __int128)result * x);
    x = reduce(f, (unsigned __int128)x * x);
  }
  return reduce(f, result);
}

uint64_t kernel(void) {
  uint64_t seed = 23, sum = 0;
  for (int i = 0; i < TESTS; i++) {
    uint64_t m = next_random(&seed) >> 2 | 1;
    struct field f = make_field(m);
    for (uint64_t base = 2; base < 8; base++) sum = fold(sum, power(&f, base, m - 1));
    sum += (uint64_t)__builtin_popcountll(sum) + (uint64_t)__builtin_clzll(m);
  }
  return sum;
}
