/* 4,096 different functions called in random order: lookup and compilation, not execution. */
#include "kernel.h"

enum { CALLS = 1500000, FUNCTIONS = 4096 };

typedef uint64_t function(uint64_t x, uint64_t y);

/* Each function is its number's own: constants, a branch and a loop differ. */
#define F(n)                                                            \
  static uint64_t f##n(uint64_t x, uint64_t y) {                        \
    x ^= y + 0x##n##5;                                                  \
    if (x & (0x##n | 1)) x = x * (2 * 0x##n + 3) + (y >> (0x##n & 31)); \
    else x += y << (0x##n & 15);                                        \
    for (int i = 0x##n & 3; i > 0; i--) x = (x >> 7) ^ (y * x);  \
    return x - 0x##n;                                                   \
  }
#define NAME(n) f##n,

/* The sixteen, 256 and 4,096 numbers that start with the digits n. */
#define X1(M, n) \
  M(n##0) M(n##1) M(n##2) M(n##3) M(n##4) M(n##5) M(n##6) M(n##7) \
  M(n##8) M(n##9) M(n##a) M(n##b) M(n##c) M(n##d) M(n##e) M(n##f)
#define X2(M, n) \
  X1(M, n##0) X1(M, n##1) X1(M, n##2) X1(M, n##3) X1(M, n##4) X1(M, n##5) X1(M, n##6) X1(M, n##7) \
  X1(M, n##8) X1(M, n##9) X1(M, n##a) X1(M, n##b) X1(M, n##c) X1(M, n##d) X1(M, n##e) X1(M, n##f)
#define X3(M) \
  X2(M, 0) X2(M, 1) X2(M, 2) X2(M, 3) X2(M, 4) X2(M, 5) X2(M, 6) X2(M, 7) \
  X2(M, 8) X2(M, 9) X2(M, a) X2(M, b) X2(M, c) X2(M, d) X2(M, e) X2(M, f)

X3(F)

static function *const functions[FUNCTIONS] = {X3(NAME)};

uint64_t kernel(void) {
  uint64_t seed = 29, sum = 1;
  for (int i = 0; i < CALLS; i++) {
    uint64_t random = next_random(&seed);
    sum = functions[random % FUNCTIONS](sum, random);
  }
  return sum;
}
