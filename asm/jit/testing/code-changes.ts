/** Code that stores change: single instructions, whole pages, and functions that are one or another. */
import { calmStatement } from "./compute.ts";
import type { Statement } from "./compute.ts";
import { CODE_ALIAS, Mode, RAM, TWINS_AT } from "./layout.ts";
import { twinsSeenAt } from "./paging.ts";
import type { Writer } from "./writer.ts";

/** Changes the immediate of an instruction somewhere; its code sees it from the fence on. */
export const patch: Statement = (w) => {
  if (w.slots.length === 0) return 0;
  const bit = 20 + w.below(8);
  w.line(`la t5, ${w.pick(w.slots)}`);
  throughAlias(w);
  w.line("lw t6, 0(t5)", `li t4, ${1 << bit}; xor t6, t6, t4`, "sw t6, 0(t5)");
  if (w.chance(85)) w.line("fence.i");
  return 10;
};

/** Stores through the code's second address. */
function throughAlias(w: Writer): void {
  if (w.mode !== Mode.M && w.chance(40)) w.line(`li t6, ${CODE_ALIAS}; xor t5, t5, t6`);
}

/** An instruction that `patch` and `replace` may change. */
export const slot: Statement = (w) => {
  const label = w.label();
  w.slots.push(label);
  // A slot may be left out when a program is cut down: its label may not.
  w.line(`${label}: addi ${w.work()}, ${w.work()}, 1`);
  return 1;
};

/** Instructions of four bytes to be put into a slot: their register is a0, memory is at s9. */
const OTHERS = [
  "addi a0, a0, 5",
  "mul a0, a0, a1",
  "lw a0, 8(s9)",
  "sd a0, 16(s9)",
  "fadd.d fa0, fa0, fa1",
  "csrr a0, instret",
  "beq a0, a1, . + 4",
  "j . + 4",
  "auipc a0, 0",
  "amoadd.d a0, a1, (s9)",
  "fence",
  "divu a0, a0, a1",
] as const;

/** Puts another instruction into a slot, perhaps by halves. */
export const replace: Statement = (w) => {
  if (w.slots.length === 0) return 0;
  const [over, pool] = [w.label(), w.label()];
  w.line(`j ${over}`, ".align 2", `${pool}: ${w.pick(OTHERS)}`, `${over}: la t5, ${pool}`);
  w.line("lw t6, 0(t5)", "mv t4, t6", `la t5, ${w.pick(w.slots)}`);
  throughAlias(w);
  w.line(
    "mv t6, t4",
    w.chance(50) ? "sw t6, 0(t5)" : "sh t6, 0(t5); srli t6, t6, 16; sh t6, 2(t5)",
  );
  w.line("fence.i");
  return 14;
};

const TWIN_BYTES = 128;
const TWINS = 8;

/** Two pages of small functions, each beginning where its twin in the other page does. */
export function writeTwins(w: Writer): void {
  for (const page of [0, 1]) {
    for (let i = 0; i < TWINS; i++) {
      w.line(`.org ${RAM + TWINS_AT + 0x1000 * page + TWIN_BYTES * i}`);
      const count = 1 + w.below(6);
      if (i % 2) w.line(`li t6, ${1 + w.below(9)}`, "1:");
      for (let k = 0; k < count; k++) w.chunk(() => calmStatement(w));
      if (w.chance(40)) w.line(w.pick(["lw a0, 0(s9)", "sd a1, 8(s9)", "csrr a2, instret"]));
      if (i % 2) w.line("addi t6, t6, -1; bnez t6, 1b");
      w.line("ret");
    }
  }
}

/** Calls one of a pair: which one the page tables say. */
export const callTwin: Statement = (w) => {
  const at = twinsSeenAt(w) + 0x1000 * w.below(2) + TWIN_BYTES * w.below(TWINS);
  w.line(`li t5, ${at}; jalr ra, 0(t5)`);
  return 40;
};
