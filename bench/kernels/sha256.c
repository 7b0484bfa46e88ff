/* SHA-256 (FIPS 180-4) of a buffer, the constants computed from the primes' roots. */
#include "kernel.h"

enum { BYTES = 64 * 1024, ROUNDS = 80 };

static uint8_t message[BYTES];
static uint32_t constants[64], initial[8];

/* The first 32 bits of the fraction of the square or cube root of n, by bisection. */
static uint32_t root_fraction(uint64_t n, int cube) {
  uint64_t low = 0, high = (uint64_t)1 << 37;
  while (high - low > 1) {
    uint64_t middle = (low + high) / 2;
    /* middle is the root times 2^32; the power must not exceed n times 2^64 or 2^96. */
    unsigned __int128 square = (unsigned __int128)middle * middle;
    int fits = cube ? (square >> 32) * middle < ((unsigned __int128)n << 64)
                    : square < ((unsigned __int128)n << 64);
    if (fits) low = middle;
    else high = middle;
  }
  return (uint32_t)low;
}

static void make_constants(void) {
  int found = 0;
  for (uint64_t n = 2; found < 64; n++) {
    int prime = 1;
    for (uint64_t d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    if (found < 8) initial[found] = root_fraction(n, 0);
    constants[found++] = root_fraction(n, 1);
  }
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t *h, const uint8_t *block) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
           (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t v[8];
  for (int i = 0; i < 8; i++) v[i] = h[i];
  for (int i = 0; i < 64; i++) {
    uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] + w[i];
    uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (int j = 7; j > 0; j--) v[j] = v[j - 1];
    v[4] += t1;
    v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}

uint64_t kernel(void) {
  uint64_t seed = 3;
  uint32_t h[8];
  make_constants();
  for (int i = 0; i < BYTES; i++) message[i] = (uint8_t)next_random(&seed);
  for (int i = 0; i < 8; i++) h[i] = initial[i];
  for (int round = 0; round < ROUNDS; round++) {
    for (int at = 0; at < BYTES; at += 64) compress(h, message + at);
  }
  return (uint64_t)h[0] << 32 | h[7];
}
