/** Small loops over memory, as compilers write them and worse. They count in the register given. */
import { calmStatement } from "./compute.ts";
import { TRAP_COST } from "./layout.ts";
import { access } from "./memory.ts";
import type { Writer } from "./writer.ts";

/** Writes a loop that takes about `budget` instructions at most. @returns what it takes */
export type MemoryLoop = (w: Writer, counter: string, budget: number) => number;

const STRIDES = [1, 2, 4, 8, 12, 16, 24, 56, 64, 100, 256, 511, 512, 1024, 1800, 2040] as const;
/** Bytes that a pointer moves at most: further on there is nothing. */
const MAX_WALK = 0x5000;

function rounds(w: Writer, budget: number, cost: number, stride: number): number {
  const most = Math.min(budget / cost, Math.abs(MAX_WALK / stride), 300);
  return Math.max(1, Math.min(Math.floor(most), w.pick([4, 20, 60, 300])));
}

/** A group of accesses at fixed offsets from a pointer that moves on, forwards or backwards. */
const stride: MemoryLoop = (w, counter, budget) => {
  const base = w.pick(["s8", "s9"]);
  const step = w.pick(STRIDES) * w.pick([1, 1, 1, -1]);
  const bytes = base === "s9" ? step & ~7 || 8 : step;
  const count = 1 + w.below(6);
  const reach = w.pick([8, 24, 64, 500, 2040]);
  const times = rounds(w, budget, 2 * count + 3, bytes);
  const [head, skip] = [w.label(), w.label()];
  w.line(`li t5, ${bytes < 0 ? 0x7ff8 : w.below(64) * 8}; add ${base}, gp, t5`);
  if (base === "s8" && w.chance(40)) w.line(`addi s8, s8, ${w.below(16) - 8}`);
  w.line(`li ${counter}, ${times}`, `${head}:`);
  for (let i = 0; i < count; i++) {
    access(w, base, reach);
    if (w.chance(20)) calmStatement(w);
    if (w.chance(5)) w.line(`bgeu ${w.work()}, ${w.work()}, ${skip}`);
  }
  if (w.chance(30)) w.line(`addi ${base}, ${base}, ${bytes}`, `${skip}:`);
  else w.line(`${skip}: addi ${base}, ${base}, ${bytes}`);
  w.line(`addi ${counter}, ${counter}, -1`, `bnez ${counter}, ${head}`);
  w.keepInReach(base);
  return times * (2 * count + 3) + TRAP_COST;
};

const COPIES = [
  ["lb", "sb", 1],
  ["lhu", "sh", 2],
  ["lw", "sw", 4],
  ["ld", "sd", 8],
  ["fld", "fsd", 8],
] as const;

/** A copy, unrolled, of areas that may overlap at any distance. */
const copy: MemoryLoop = (w, counter, budget) => {
  const [take, put, width] = w.pick(COPIES);
  const unrolled = w.pick([1, 2, 4, 8]);
  const times = rounds(w, budget, 2 * unrolled + 4, width * unrolled);
  const head = w.label();
  const value = take === "fld" ? w.float() : w.work();
  w.line(`mv t5, ${w.pick(["s8", "s9"])}; mv t6, s8`);
  w.line(`addi t6, t6, ${w.chance(50) ? w.below(33) - 16 : w.below(2048) - 1024}`);
  w.line(`li ${counter}, ${times}`, `${head}:`);
  for (let i = 0; i < unrolled; i++) {
    w.line(`${take} ${value}, ${width * i}(t5)`, `${put} ${value}, ${width * i}(t6)`);
  }
  const bytes = width * unrolled;
  w.line(`addi t5, t5, ${bytes}; addi t6, t6, ${bytes}`);
  w.line(`addi ${counter}, ${counter}, -1`, `bnez ${counter}, ${head}`);
  return times * (2 * unrolled + 4) + TRAP_COST;
};

/** A ring of nodes anywhere, followed by loading the base from the base. */
const chase: MemoryLoop = (w, counter, budget) => {
  const nodes = 2 + w.below(3);
  const places = Array.from({ length: nodes }, () => {
    const near = w.chance(50) ? -w.below(24) : w.below(0x1000);
    return 0x1000 * (1 + w.below(7)) + near;
  });
  const next = w.below(4) * 8;
  w.line(`li t5, ${places[0]}; add t5, gp, t5`);
  places.forEach((_, i) => {
    const to = places[(i + 1) % nodes] ?? 0;
    w.line(`li t6, ${to}; add t6, gp, t6; sd t6, ${next}(t5); mv t5, t6`);
  });
  const count = 1 + w.below(3);
  const times = rounds(w, budget, 2 * count + 4, 64);
  const head = w.label();
  w.line(`li ${counter}, ${times}`, `${head}:`);
  // Stores would break the ring.
  for (let i = 0; i < count; i++) {
    w.line(`${w.pick(["ld", "lw", "lbu", "lhu"])} ${w.work()}, ${w.below(48)}(t5)`);
  }
  w.line(`ld t5, ${next}(t5)`);
  if (w.chance(50)) w.line(`lw ${w.work()}, ${w.below(16)}(t5)`);
  w.line(`addi ${counter}, ${counter}, -1`, `bnez ${counter}, ${head}`);
  return times * (count + 4) + TRAP_COST;
};

export const MEMORY_LOOPS: readonly MemoryLoop[] = [stride, stride, copy, chase];
