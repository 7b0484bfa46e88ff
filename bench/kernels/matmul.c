/* Double-precision matrix product with fused multiply-add. */
#include "kernel.h"

enum { SIDE = 96, ROUNDS = 24 };

static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

uint64_t kernel(void) {
  uint64_t seed = 13, sum = 0;
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      a[i][j] = (double)(int16_t)next_random(&seed) / 1024;
      b[i][j] = (double)(int16_t)next_random(&seed) / 512;
    }
  }
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        double total = 0;
        for (int k = 0; k < SIDE; k++) total = __builtin_fma(a[i][k], b[k][j], total);
        c[i][j] = total;
      }
    }
    union {
      double number;
      uint64_t bits;
    } corner = {.number = c[round][SIDE - 1 - round]};
    sum = fold(sum, corner.bits);
    for (int i = 0; i < SIDE; i++) a[i][round] += c[i][i] / 65536;
  }
  return sum;
}
