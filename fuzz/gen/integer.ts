/** Integer arithmetic: every row whose only effect is a register. */
import { isShort } from "../../src/isa/insn.ts";
import type { Insn, LongInsn } from "../../src/isa/insn.ts";
import { INSNS, insnNamed } from "../../src/isa/table.ts";
import type { Gen } from "./gen.ts";
import { emitRandom } from "./registers.ts";

/** What a short row stands for, a long one itself. */
export function longForm(insn: Insn): LongInsn | undefined {
  if (!isShort(insn)) return insn;
  const long = insnNamed(insn.expand);
  return long === undefined || isShort(long) ? undefined : long;
}

function isArithmetic(insn: Insn): boolean {
  const sem = longForm(insn)?.sem;
  if (sem === undefined) return false;
  if ("wasm" in sem || "fn" in sem || "nop" in sem) return true;
  return "special" in sem && (sem.special === "lui" || sem.special === "auipc");
}

const ARITHMETIC = INSNS.filter(isArithmetic).filter(({ name }) => name !== "c.addi16sp");

const LISTS = new Map<Gen["has"], readonly Insn[]>();

function available(gen: Gen): readonly Insn[] {
  let list = LISTS.get(gen.has);
  if (list === undefined) {
    list = ARITHMETIC.filter(({ ext }) => gen.has(ext));
    // QEMU 7 finds the wrong answer for words whose low half is zero.
    if (!gen.has("exact")) list = list.filter(({ name }) => name !== "ctzw");
    LISTS.set(gen.has, list);
  }
  return list;
}

export function arithmetic(gen: Gen): void {
  emitRandom(gen, gen.random.pick(available(gen)));
}

/** Moves sp down and up again by compressed instructions. */
export function moveStack(gen: Gen): void {
  const distance = 16 * gen.random.pick([-31, -8, -1, 1, 2, 17, 31]);
  gen.code.op("c.addi16sp", { caddi16sp: distance });
  gen.code.op("c.addi4spn", { crd3: gen.random.pick(near(gen)), caddi4spn: 16 });
  gen.code.op("c.addi16sp", { caddi16sp: -distance });
}

/** Free registers that three-bit fields name. */
export function near(gen: Gen): readonly number[] {
  return gen.pool.filter((n) => n >= 8 && n < 16);
}

/** Puts an interesting constant into a register. */
export function constant(gen: Gen): void {
  gen.code.li(gen.rd(), gen.random.integer());
}
