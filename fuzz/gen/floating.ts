/** Floating-point computation. */
import { isShort } from "../../src/isa/insn.ts";
import type { LongInsn } from "../../src/isa/insn.ts";
import { INSNS } from "../../src/isa/table.ts";
import type { Gen } from "./gen.ts";
import { emitRandom } from "./registers.ts";

const ROWS = INSNS.filter(
  (insn): insn is LongInsn => !isShort(insn) && "slow" in insn.sem && insn.sem.fp === true,
);

const FP_CSRS = [0x001, 0x002, 0x003];

export function floating(gen: Gen): void {
  const insn = gen.random.pick(ROWS);
  if (!gen.has(insn.ext)) return;
  if (insn.name.startsWith("fround")) {
    rounded(gen, insn);
    return;
  }
  emitRandom(gen, insn);
  // Products of earlier results make better operands than random bits.
  if (gen.random.chance(30)) chain(gen, insn);
}

/** QEMU forgets the flags of FROUND and FROUNDNX when nothing uses their result: store it. */
function rounded(gen: Gen, insn: LongInsn): void {
  const fd = gen.random.below(32);
  emitRandom(gen, insn, { fd });
  gen.code.op("fsd", { fs2: fd, rs1: gen.pointer().register, s12: 8 });
}

/** The same instruction on its own result. */
function chain(gen: Gen, insn: LongInsn): void {
  if (!insn.format.startsWith("ff")) return;
  const fd = gen.random.below(32);
  emitRandom(gen, insn, { fd });
  emitRandom(gen, insn, { fs1: fd });
}

/** Changes the dynamic rounding mode or the flags. */
export function roundingMode(gen: Gen): void {
  const csr = gen.random.pick(FP_CSRS);
  const zimm = gen.random.chance(90) ? gen.random.below(5) : gen.random.below(32);
  const name = gen.random.pick(["csrrwi", "csrrwi", "csrrsi", "csrrci"]);
  gen.code.op(name, { rd: gen.rd(), csr, zimm });
}
