/* Loads and stores of every width, forwards, backwards, strided and misaligned, over 256 KiB. */
#include "kernel.h"

enum { BYTES = 256 * 1024, ROUNDS = 120 };

static union {
  uint8_t u8[BYTES];
  uint16_t u16[BYTES / 2];
  uint32_t u32[BYTES / 4];
  uint64_t u64[BYTES / 8];
} from, to;

struct __attribute__((packed)) odd {
  uint8_t tag;
  uint32_t value;
};

static void copy_mixed(void) {
  for (int i = 0; i < BYTES / 8; i++) to.u64[i] = from.u64[i] + 1;
  for (int i = BYTES / 4 - 1; i >= 0; i--) to.u32[i] ^= from.u32[i] >> 3;
  for (int i = 0; i < BYTES / 2; i += 3) to.u16[i] += from.u16[BYTES / 2 - 1 - i];
  for (int i = 0; i < BYTES; i += 5) to.u8[i] -= from.u8[(i * 7) % BYTES];
  for (int start = 0; start < 512; start += 8) {
    for (int i = start; i < BYTES; i += 4096) to.u64[i / 8] += (uint64_t)i;
  }
}

static uint64_t sum_odd(void) {
  const struct odd *records = (const struct odd *)to.u8;
  uint64_t sum = 0;
  for (int i = 0; i < BYTES / 5; i++) sum = sum * 31 + records[i].value + records[i].tag;
  return sum;
}

uint64_t kernel(void) {
  uint64_t seed = 19, sum = 0;
  for (int i = 0; i < BYTES / 8; i++) from.u64[i] = next_random(&seed);
  for (int round = 0; round < ROUNDS; round++) {
    copy_mixed();
    sum = fold(sum, sum_odd());
    from.u64[round] ^= sum;
  }
  return sum;
}
