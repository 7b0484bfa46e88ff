/* An interpreter of a small stack machine that computes Collatz lengths: one indirect jump a step. */
#include "kernel.h"

enum op { PUSH, LOAD, STORE, ADD, MUL, SHIFT, ODD, JUMP, JUMP_ZERO, LESS, NOT_ONE, END };
enum { LIMIT = 900, ROUNDS = 15 };

/* Locals: 0 n, 1 value, 2 steps, 3 total. */
static const int16_t PROGRAM[] = {
  /* 0 */ PUSH, 1, STORE, 0,
  /* 4 next n */ LOAD, 0, STORE, 1, PUSH, 0, STORE, 2,
  /* 12 step */ LOAD, 1, NOT_ONE, JUMP_ZERO, 45,
  /* 17 */ LOAD, 2, PUSH, 1, ADD, STORE, 2,
  /* 24 */ LOAD, 1, ODD, JUMP_ZERO, 39,
  /* 29 */ LOAD, 1, PUSH, 3, MUL, PUSH, 1, ADD, JUMP, 42,
  /* 39 even */ LOAD, 1, SHIFT,
  /* 42 */ STORE, 1, END + 1,
  /* 45 done */ LOAD, 3, LOAD, 2, ADD, STORE, 3,
  /* 52 */ LOAD, 0, PUSH, 1, ADD, STORE, 0,
  /* 59 */ LOAD, 0, PUSH, LIMIT, LESS, JUMP_ZERO, 68, JUMP, 4,
  /* 68 */ END,
};
/* END + 1 is "back to the step", so that one instruction without an operand jumps too. */
enum { STEP_AT = 12 };

static uint64_t interpret(const int16_t *program) {
  uint64_t stack[16], local[4] = {0}, *top = stack;
  for (const int16_t *at = program;;) {
    switch (*at++) {
      case PUSH: *++top = (uint64_t)*at++; break;
      case LOAD: *++top = local[*at++]; break;
      case STORE: local[*at++] = *top--; break;
      case ADD: top--; *top += top[1]; break;
      case MUL: top--; *top *= top[1]; break;
      case SHIFT: *top >>= 1; break;
      case ODD: *top &= 1; break;
      case JUMP: at = program + *at; break;
      case JUMP_ZERO: at = *top-- ? at + 1 : program + *at; break;
      case LESS: top--; *top = *top < top[1]; break;
      case NOT_ONE: *top = *top != 1; break;
      case END: return local[3];
      default: at = program + STEP_AT; break;
    }
  }
}

uint64_t kernel(void) {
  uint64_t sum = 0;
  for (int round = 0; round < ROUNDS; round++) sum = fold(sum, interpret(PROGRAM));
  return sum;
}
