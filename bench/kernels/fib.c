/* Doubly recursive Fibonacci: calls, returns and stack traffic. */
#include "kernel.h"

static __attribute__((noinline, noclone, optimize("no-optimize-sibling-calls"))) uint64_t
fib(unsigned n) {
  if (n < 2) return n;
  uint64_t first = fib(n - 1);
  return first + fib(n - 2);
}

uint64_t kernel(void) { return fold(fib(32), 32); }
