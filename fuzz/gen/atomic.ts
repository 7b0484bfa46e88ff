/** Atomic memory operations and load-reserved/store-conditional. */
import { isShort } from "../../src/isa/insn.ts";
import { INSNS } from "../../src/isa/table.ts";
import type { Gen } from "./gen.ts";
import { emitRandom } from "./registers.ts";

const AMOS = INSNS.filter(
  (insn) => !isShort(insn) && insn.format === "amo" && !insn.name.startsWith("sc."),
);

/** An AMO through a pointer, which is mostly aligned. */
export function amo(gen: Gen): void {
  const insn = gen.random.pick(AMOS);
  if (!gen.has(insn.ext)) return;
  const rs1 = gen.pointer().register;
  if (insn.name !== "amocas.q") {
    // QEMU's compare-and-swap into x0 makes later reads of x0 see the old value.
    emitRandom(gen, insn, insn.name.startsWith("amocas") ? { rs1, rd: gen.rd() } : { rs1 });
    return;
  }
  // Like a misaligned access it may hold an entry of four bytes that QEMU overlooks.
  if (gen.aligned) return;
  const pairs = gen.pool.filter((n) => n % 2 === 0 && gen.pool.includes(n + 1));
  const rs2 = gen.random.below(16) * 2;
  if (pairs.length > 0) emitRandom(gen, insn, { rs1, rd: gen.random.pick(pairs), rs2 });
}

/** Compare-and-swap that compares with what is there, so that it swaps. */
export function swapIfSame(gen: Gen): void {
  if (!gen.has("zacas")) return;
  const [rd = 1] = gen.distinct(1);
  const width = gen.random.pick(["w", "d"]);
  const pointer = gen.pointer();
  gen.code.op(`l${width}`, { rd, rs1: pointer.register });
  gen.code.op(`amocas.${width}`, { rd, rs1: pointer.register, rs2: gen.rs() });
}

/** LR, something short, SC: mostly to the same place. */
export function reservation(gen: Gen): void {
  // Whether a store-conditional that fails anyway also faults is the implementation's choice.
  // QEMU 7 checks nothing then, not even alignment.
  if (gen.vacant || (gen.protected && !gen.has("exact"))) return;
  const { random, code } = gen;
  const [address = 1, loaded = 1, result = 1] = gen.distinct(3);
  const width = random.pick(["w", "d"]);
  code.op("addi", { rd: address, rs1: gen.pointer().register });
  if (random.chance(85) || !gen.has("exact"))
    code.op("andi", { rd: address, rs1: address, i12: -8 });
  if (random.chance(90))
    code.op(`lr.${width}`, { rd: loaded, rs1: address, aqrl: random.below(4) });
  if (random.chance(40)) code.op("addi", { rd: loaded, rs1: loaded, i12: random.between(-3, 3) });
  if (random.chance(10)) code.op("addi", { rd: address, rs1: address, i12: 8 });
  // The same width: whether another one succeeds is the implementation's choice.
  const operands = { rd: result, rs1: address, rs2: loaded, aqrl: random.below(4) };
  code.op(`sc.${width}`, operands);
  if (random.chance(25)) code.op(`sc.${width}`, operands);
}
