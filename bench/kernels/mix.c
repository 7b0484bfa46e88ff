/* Integer mix: list sorting and searching, integer matrices, a state machine over text, CRC-16. */
#include "kernel.h"

enum { NODES = 400, SIDE = 24, TEXT = 1500, ROUNDS = 700 };

struct node {
  struct node *next;
  int32_t key;
  int32_t data;
};

static struct node nodes[NODES];
static int32_t a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
static char text[TEXT];

static uint16_t crc16(uint32_t value, uint16_t crc) {
  for (int bit = 0; bit < 32; bit++) {
    uint16_t feedback = (uint16_t)((value >> bit) ^ crc) & 1;
    crc >>= 1;
    if (feedback) crc ^= 0xa001;
  }
  return crc;
}

/* Bottom-up merge sort by key. */
static struct node *sort(struct node *list) {
  for (int run = 1;; run *= 2) {
    struct node *rest = list, **tail = &list;
    int merges = 0;
    while (rest) {
      struct node *left = rest, *right = rest;
      int left_count = 0, right_count = run;
      merges++;
      while (left_count < run && right) {
        left_count++;
        right = right->next;
      }
      while (left_count > 0 || (right_count > 0 && right)) {
        int take_left = left_count > 0 && (right_count == 0 || !right || left->key <= right->key);
        struct node **from = take_left ? &left : &right;
        *tail = *from;
        tail = &(*from)->next;
        *from = (*from)->next;
        if (take_left) left_count--;
        else right_count--;
      }
      rest = right;
    }
    *tail = NULL;
    if (merges <= 1) return list;
  }
}

static uint16_t list_work(uint64_t *seed, uint16_t crc) {
  for (int i = 0; i < NODES; i++) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
    nodes[i].key = (int32_t)(next_random(seed) >> 40);
    nodes[i].data = i;
  }
  struct node *list = sort(nodes);
  for (int find = 0; find < 20; find++) {
    int32_t wanted = (int32_t)(next_random(seed) % NODES);
    int steps = 0;
    for (struct node *at = list; at && at->data != wanted; at = at->next) steps++;
    crc = crc16((uint32_t)steps, crc);
  }
  return crc;
}

static uint16_t matrix_work(uint64_t *seed, uint16_t crc) {
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      a[i][j] = (int16_t)next_random(seed);
      b[i][j] = (int16_t)next_random(seed);
    }
  }
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      int32_t sum = 0;
      for (int k = 0; k < SIDE; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  }
  int32_t trace = 0;
  for (int i = 0; i < SIDE; i++) trace += c[i][i] >> 3;
  return crc16((uint32_t)trace, crc);
}

enum state { START, SIGN, WHOLE, FRACTION, EXPONENT, BAD, STATES };

static enum state step(enum state state, char ch) {
  int digit = ch >= '0' && ch <= '9';
  switch (state) {
    case START:
      return digit ? WHOLE : ch == '-' || ch == '+' ? SIGN : ch == '.' ? FRACTION : BAD;
    case SIGN:
      return digit ? WHOLE : ch == '.' ? FRACTION : BAD;
    case WHOLE:
      return digit ? WHOLE : ch == '.' ? FRACTION : ch == 'e' ? EXPONENT : BAD;
    case FRACTION:
      return digit ? FRACTION : ch == 'e' ? EXPONENT : BAD;
    case EXPONENT:
      return digit || ch == '-' ? EXPONENT : BAD;
    default:
      return BAD;
  }
}

static uint16_t text_work(uint64_t *seed, uint16_t crc) {
  static const char alphabet[] = "0123456789+-.e,,";
  uint32_t visits[STATES] = {0};
  for (int i = 0; i < TEXT; i++) text[i] = alphabet[next_random(seed) >> 60];
  enum state state = START;
  for (int i = 0; i < TEXT; i++) {
    state = text[i] == ',' ? START : step(state, text[i]);
    visits[state]++;
  }
  for (int i = 0; i < STATES; i++) crc = crc16(visits[i], crc);
  return crc;
}

uint64_t kernel(void) {
  uint64_t seed = 1;
  uint16_t crc = 0;
  uint64_t sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    crc = list_work(&seed, crc);
    crc = matrix_work(&seed, crc);
    crc = text_work(&seed, crc);
    sum = fold(sum, crc);
  }
  return sum;
}
