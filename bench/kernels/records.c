/* Records, strings and small calls, in the manner of synthetic systems benchmarks. */
#include "kernel.h"

enum { ROUNDS = 300000 };
enum color { RED, GREEN, BLUE, WHITE };

struct record {
  struct record *link;
  enum color kind, wanted;
  int number;
  char name[31];
};

static struct record first, second;
static char name_one[31], name_two[31];
static int table[50], grid[50][50];
static int global_count;
static char last_letter;

static int compare(const char *left, const char *right) {
  while (*left && *left == *right) left++, right++;
  return (unsigned char)*left - (unsigned char)*right;
}

static void copy(char *to, const char *from) {
  while ((*to++ = *from++)) {
  }
}

static __attribute__((noinline)) enum color next_color(enum color color, int turn) {
  switch (color) {
    case RED:
      return turn > 100 ? WHITE : GREEN;
    case GREEN:
      return BLUE;
    case BLUE:
      return turn & 1 ? RED : WHITE;
    default:
      return RED;
  }
}

static __attribute__((noinline)) int letters_match(char left, char right) {
  char wanted = left;
  if (wanted != right) return 0;
  last_letter = wanted;
  return 1;
}

static __attribute__((noinline)) int names_in_order(const char *left, const char *right) {
  int at = 2;
  while (at < 25) {
    if (letters_match(left[at], right[at + 1])) break;
    at++;
  }
  if (compare(left, right) > 0) {
    global_count += at;
    return 1;
  }
  return 0;
}

static __attribute__((noinline)) void fill(int *row, int (*rows)[50], int where, int value) {
  int at = where + 5;
  row[at] = value;
  row[at + 1] = row[at];
  row[at + 20] = at;
  for (int i = at; i <= at + 1; i++) rows[at][i] = at;
  rows[at][at - 1]++;
  rows[at + 10][at] = row[at];
}

static __attribute__((noinline)) void follow(struct record *from, int turn) {
  struct record *to = from->link;
  *to = *from;
  from->number = 5;
  to->number = from->number + turn;
  to->link = from;
  from->link = to;
  to->wanted = next_color(from->kind, turn & 127);
  from->kind = to->wanted;
}

uint64_t kernel(void) {
  uint64_t sum = 0;
  first.link = &second;
  second.link = &first;
  first.kind = RED;
  first.wanted = RED;
  first.number = global_count = last_letter = 0;
  for (int i = 0; i < 50; i++) {
    table[i] = 0;
    for (int j = 0; j < 50; j++) grid[i][j] = 0;
  }
  copy(first.name, "A NAME THAT IS THIRTY LONG, 1");
  copy(name_one, "A NAME THAT IS THIRTY LONG, 2");
  for (int round = 0; round < ROUNDS; round++) {
    copy(name_two, "A NAME THAT IS THIRTY LONG, 3");
    name_two[round % 29] = (char)('A' + round % 26);
    int order = names_in_order(name_one, name_two);
    fill(table, grid, round % 20, order + round);
    follow(&first, round);
    sum = fold(sum, (uint64_t)(unsigned)(first.link->number + global_count + table[7] + grid[8][7]));
    sum += (uint64_t)last_letter + first.kind;
  }
  return sum;
}
