/** One random program from a seed. */
import { mix } from "./mix.ts";
import { body } from "./control.ts";
import { Mode } from "./program.ts";
import type { Program } from "./program.ts";
import type { Chunk } from "./chunk.ts";
import { END_CALL, startUp } from "./start-up.ts";
import { COUNTERS, Writer } from "./writer.ts";

/** Instructions that a program takes, about; traps that a rare path takes are not counted. */
const BUDGET = 40_000;

const FRAME = 64;

/** A function with a frame: s2–s5 are its callers' loop counters. */
function framed(w: Writer, label: string, budget: number): number {
  const saved = COUNTERS.slice(0, 4);
  w.line(`${label}: addi sp, sp, -${FRAME}`, "sd ra, 0(sp)");
  saved.forEach((register, i) => w.line(`sd ${register}, ${8 + 8 * i}(sp)`));
  const cost = body(w, { depth: 0, budget }, 4 + w.below(10));
  saved.forEach((register, i) => w.line(`ld ${register}, ${8 + 8 * i}(sp)`));
  w.line("ld ra, 0(sp)", `addi sp, sp, ${FRAME}`);
  return cost + 14;
}

/** How a function ends. @returns what that costs */
function ending(w: Writer): number {
  const last = w.callees.at(-1);
  switch (w.below(6)) {
    case 0:
      w.line(`andi t5, ${w.work()}, 1; slli t5, t5, 2; add ra, ra, t5; ret`);
      return 4;
    case 1:
      if (last === undefined || last.cost > 500) break;
      w.line(w.chance(50) ? `j ${last.label}` : `tail ${last.label}`);
      return last.cost + 2;
    default:
  }
  w.line("ret");
  return 1;
}

/** Calls itself, sometimes deeper than regions nest. */
function recursive(w: Writer, label: string): number {
  const rounds = w.pick([3, 20, 60, 250]);
  const end = w.label();
  w.line(`${label}: li t6, ${rounds}`, `${label}_in: addi sp, sp, -16`, "sd ra, 0(sp)");
  w.line(`sd ${w.work()}, 8(sp)`, `beqz t6, ${end}`, "addi t6, t6, -1", `jal ra, ${label}_in`);
  w.line(`${w.pick(["add", "xor", "sub"])} ${w.work()}, ${w.work()}, ${w.work()}`);
  w.line(`${end}: ld ${w.work()}, 8(sp)`, "ld ra, 0(sp)", "addi sp, sp, 16", "ret");
  return rounds * 11;
}

function functions(w: Writer): Chunk[] {
  return Array.from({ length: 2 + w.below(6) }, (_, i) => {
    const label = `f${i}`;
    let cost = 0;
    const chunk = w.collect(() => {
      // Functions lie in a page with others, across two, or in one of their own.
      if (w.chance(30)) w.line(`.zero ${w.below(700) * 2}`);
      if (w.chance(30)) w.line(".align 12");
      cost = w.chance(20) ? recursive(w, label) : framed(w, label, BUDGET / 8) + ending(w);
    });
    w.callees.push({ label, cost });
    return chunk;
  });
}

export function generate(seed: number): Program {
  const random = mix(seed);
  const mode = [Mode.M, Mode.S, Mode.U, Mode.S][random % 4] ?? Mode.M;
  const w = new Writer(random, mode);
  const source = w.collect(() => {
    w.line(startUp(mode, w.random));
    const callees = functions(w);
    w.line("main:");
    body(w, { depth: 0, budget: BUDGET }, 12 + w.below(24));
    w.line(`li a7, ${END_CALL}; ecall`, ".align 2");
    w.add(...callees);
  });
  return { seed, mode, dataSeed: mix(random), timer: w.waited, source };
}
