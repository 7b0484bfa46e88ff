/* Planets under gravity, double precision: dependent additions, a square root and a division. */
#include "kernel.h"

enum { BODIES = 5, STEPS = 180000 };

struct body {
  double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[BODIES];

static double square_root(double value) { return __builtin_sqrt(value); }

static void reset(void) {
  uint64_t seed = 11;
  for (int i = 0; i < BODIES; i++) {
    struct body *b = &bodies[i];
    double *field = &b->x;
    for (int j = 0; j < 6; j++) {
      field[j] = (double)(int32_t)(next_random(&seed) >> 32) / 2147483648.0 * (j < 3 ? 10 : 0.2);
    }
    b->mass = i ? 0.01 * i : 39.0;
  }
}

static void advance(double dt) {
  for (int i = 0; i < BODIES; i++) {
    struct body *a = &bodies[i];
    for (int j = i + 1; j < BODIES; j++) {
      struct body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double distance2 = dx * dx + dy * dy + dz * dz;
      double pull = dt / (distance2 * square_root(distance2));
      a->vx -= dx * b->mass * pull;
      a->vy -= dy * b->mass * pull;
      a->vz -= dz * b->mass * pull;
      b->vx += dx * a->mass * pull;
      b->vy += dy * a->mass * pull;
      b->vz += dz * a->mass * pull;
    }
  }
  for (int i = 0; i < BODIES; i++) {
    bodies[i].x += dt * bodies[i].vx;
    bodies[i].y += dt * bodies[i].vy;
    bodies[i].z += dt * bodies[i].vz;
  }
}

uint64_t kernel(void) {
  uint64_t sum = 0;
  reset();
  for (int i = 0; i < STEPS; i++) advance(0.001);
  for (int i = 0; i < BODIES; i++) {
    union {
      double number;
      uint64_t bits;
    } x = {.number = bodies[i].x + bodies[i].vz};
    sum = fold(sum, x.bits);
  }
  return sum;
}
