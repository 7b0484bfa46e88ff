/** One random program from a seed. */
import { mix } from "./mix.ts";
import { body } from "./control.ts";
import type { Chunk } from "./chunk.ts";
import { writeTwins } from "./code-changes.ts";
import { CODE_ALIAS, CODE_AT, END_CALL, Mode, RAM } from "./layout.ts";
import type { Program } from "./program.ts";
import { startUp } from "./start-up.ts";
import { COUNTERS, Writer } from "./writer.ts";

/** Instructions that a program takes, about; traps that a rare path takes are not counted. */
const BUDGET = 20_000;

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
  switch (w.below(7)) {
    case 6:
      // The caller goes on at its other address, where it has one.
      if (w.mode !== Mode.M) w.line(`li t5, ${CODE_ALIAS}; xor ra, ra, t5`);
      break;
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
  const rounds = w.pick([3, 20, 60, 190, 250, 600]);
  const end = w.label();
  w.line(`${label}: li t6, ${rounds}`, `${label}_in: addi sp, sp, -16`, "sd ra, 0(sp)");
  w.line(`sd ${w.work()}, 8(sp)`, `beqz t6, ${end}`, "addi t6, t6, -1", `jal ra, ${label}_in`);
  w.line(`${w.pick(["add", "xor", "sub"])} ${w.work()}, ${w.work()}, ${w.work()}`);
  if (w.chance(30)) w.line(w.pick(["ebreak", "csrr t5, instret", "ld t5, 0(s8)", "sd t6, 0(s9)"]));
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

/** Once, or several times over with the registers and memory that the round before left. */
function mainBody(w: Writer): void {
  const rounds = w.pick([1, 2, 4, 8]);
  const count = 12 + w.below(24);
  if (rounds === 1) {
    body(w, { depth: 0, budget: BUDGET }, count);
    return;
  }
  w.line(`li ${COUNTERS[0]}, ${rounds}`, "again:");
  body(w, { depth: 1, budget: BUDGET / rounds }, count);
  w.line(`addi ${COUNTERS[0]}, ${COUNTERS[0]}, -1`, `beqz ${COUNTERS[0]}, end; j again`, "end:");
}

export function generate(seed: number): Program {
  const random = mix(seed);
  const mode = [Mode.M, Mode.S, Mode.U, Mode.S][random % 4] ?? Mode.M;
  const w = new Writer(random, mode);
  const source = w.collect(() => {
    w.line(startUp(mode, w.random));
    writeTwins(w);
    w.line(`.org ${RAM + CODE_AT}`);
    const callees = functions(w);
    w.line("main:");
    mainBody(w);
    w.line(`li a7, ${END_CALL}; ecall`, ".align 2");
    w.add(...callees);
    w.line("codeEnd:");
  });
  return { seed, mode, dataSeed: mix(random), timer: w.waited, source };
}
