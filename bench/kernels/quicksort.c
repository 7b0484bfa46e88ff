/* Quicksort through a comparison function pointer. */
#include "kernel.h"

enum { COUNT = 30000, ROUNDS = 12 };

typedef int compare_function(uint64_t left, uint64_t right);

static uint64_t values[COUNT];

static int by_value(uint64_t left, uint64_t right) { return left < right ? -1 : left > right; }

static int by_low_bits(uint64_t left, uint64_t right) {
  return by_value(left << 32 | left >> 32, right << 32 | right >> 32);
}

static compare_function *const ORDERS[] = {by_value, by_low_bits};

static void sort(uint64_t *low, uint64_t *high, compare_function *compare) {
  while (low < high) {
    uint64_t pivot = low[(high - low) / 2];
    uint64_t *left = low, *right = high;
    while (left <= right) {
      while (compare(*left, pivot) < 0) left++;
      while (compare(*right, pivot) > 0) right--;
      if (left > right) break;
      uint64_t swapped = *left;
      *left++ = *right;
      *right-- = swapped;
    }
    if (right - low < high - left) {
      sort(low, right, compare);
      low = left;
    } else {
      sort(left, high, compare);
      high = right;
    }
  }
}

uint64_t kernel(void) {
  uint64_t seed = 17, sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < COUNT; i++) values[i] = next_random(&seed);
    sort(values, values + COUNT - 1, ORDERS[round % 2]);
    for (int i = 0; i < COUNT; i += 97) sum = fold(sum, values[i]);
  }
  return sum;
}
