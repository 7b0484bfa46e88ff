/* An LZ77 compressor with hash chains and its decompressor: byte loads in data-dependent loops. */
#include "kernel.h"

enum { BYTES = 96 * 1024, WINDOW = 8192, HASH_BITS = 12, MIN_MATCH = 4, MAX_MATCH = 66, CHAIN = 24, ROUNDS = 20 };

static uint8_t input[BYTES], packed[BYTES * 2], output[BYTES];
static int32_t head[1 << HASH_BITS], previous[WINDOW];

/* Text-like data: words from a small vocabulary with random ends. */
static void make_input(void) {
  uint64_t seed = 7;
  int at = 0;
  while (at < BYTES) {
    uint64_t word = next_random(&seed) % 300;
    uint64_t letters = word * 2654435761u;
    for (uint64_t length = 2 + word % 9; length && at < BYTES; length--) {
      input[at++] = (uint8_t)('a' + letters % 26);
      letters /= 3;
    }
    if (at < BYTES) input[at++] = (next_random(&seed) & 15) ? ' ' : (uint8_t)next_random(&seed);
  }
}

static uint32_t hash(const uint8_t *p) {
  uint32_t key = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
  return key * 2654435761u >> (32 - HASH_BITS);
}

static int match_length(const uint8_t *left, const uint8_t *right, int limit) {
  int length = 0;
  while (length < limit && left[length] == right[length]) length++;
  return length;
}

static void remember(int at) {
  uint32_t slot = hash(input + at);
  previous[at % WINDOW] = head[slot];
  head[slot] = at;
}

static int find_match(int at, int *distance) {
  int best = 0, limit = BYTES - at < MAX_MATCH ? BYTES - at : MAX_MATCH;
  int candidate = head[hash(input + at)];
  for (int tries = CHAIN; tries && candidate >= 0 && at - candidate < WINDOW; tries--) {
    int length = match_length(input + candidate, input + at, limit);
    if (length > best) {
      best = length;
      *distance = at - candidate;
    }
    candidate = previous[candidate % WINDOW];
  }
  return best;
}

/* A literal is 0 then the byte; a match is its length, then its distance in two bytes. */
static int pack(void) {
  int out = 0;
  for (int at = 0; at < BYTES;) {
    int distance = 0;
    int length = at + MIN_MATCH <= BYTES ? find_match(at, &distance) : 0;
    if (length < MIN_MATCH) {
      length = 1;
      packed[out++] = 0;
      packed[out++] = input[at];
    } else {
      packed[out++] = (uint8_t)length;
      packed[out++] = (uint8_t)distance;
      packed[out++] = (uint8_t)(distance >> 8);
    }
    for (; length; length--, at++) {
      if (at + MIN_MATCH <= BYTES) remember(at);
    }
  }
  return out;
}

static int unpack(int packed_bytes) {
  int out = 0;
  for (int at = 0; at < packed_bytes;) {
    int length = packed[at++];
    if (length == 0) {
      output[out++] = packed[at++];
      continue;
    }
    int distance = packed[at] | packed[at + 1] << 8;
    at += 2;
    for (; length; length--, out++) output[out] = output[out - distance];
  }
  return out;
}

uint64_t kernel(void) {
  uint64_t sum = 0;
  make_input();
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < 1 << HASH_BITS; i++) head[i] = -1;
    int packed_bytes = pack();
    int same = unpack(packed_bytes) == BYTES;
    for (int i = 0; i < BYTES; i++) same &= input[i] == output[i];
    sum = fold(sum, (uint64_t)packed_bytes * 2 + (uint64_t)same);
    input[round] ^= 1;
  }
  return sum;
}
