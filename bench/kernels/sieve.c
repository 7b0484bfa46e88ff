/* Sieve of Eratosthenes over two million flags: byte stores with growing strides. */
#include "kernel.h"

enum { LIMIT = 2000000, ROUNDS = 8 };

static uint8_t composite[LIMIT];

uint64_t kernel(void) {
  uint64_t sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (uint32_t i = 0; i < LIMIT; i++) composite[i] = 0;
    uint32_t primes = 0;
    for (uint32_t i = 2; i < LIMIT; i++) {
      if (composite[i]) continue;
      primes++;
      for (uint64_t multiple = (uint64_t)i * i; multiple < LIMIT; multiple += i) {
        composite[multiple] = 1;
      }
    }
    sum = fold(sum, primes);
  }
  return sum;
}
