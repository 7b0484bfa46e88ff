/* gcc calls these for copies and clears that it does not expand. */
#include "kernel.h"

void *memcpy(void *to, const void *from, size_t bytes) {
  unsigned char *target = to;
  const unsigned char *source = from;
  while (bytes--) *target++ = *source++;
  return to;
}

void *memset(void *to, int value, size_t bytes) {
  unsigned char *target = to;
  while (bytes--) *target++ = (unsigned char)value;
  return to;
}
