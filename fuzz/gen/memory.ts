/** Loads, stores and cache-block operations through the program's pointers. */
import { SHORT_FORMATS } from "../../src/isa/formats.ts";
import type { ShortFormat } from "../../src/isa/formats.ts";
import { isShort } from "../../src/isa/insn.ts";
import type { Insn } from "../../src/isa/insn.ts";
import { OPERANDS, operandRange, operandStep } from "../../src/isa/operands.ts";
import type { OperandName } from "../../src/isa/operands.ts";
import { INSNS } from "../../src/isa/table.ts";
import type { Gen, Pointer } from "./gen.ts";
import { longForm } from "./integer.ts";
import { emitRandom } from "./registers.ts";

interface Access {
  readonly insn: Insn;
  readonly bytes: number;
  readonly fp: boolean;
  readonly offset: OperandName;
  /** The operand that names the base; undefined when it is sp. */
  readonly base: OperandName | undefined;
}

function accessOf(insn: Insn): Access[] {
  const sem = longForm(insn)?.sem;
  if (sem === undefined) return [];
  if ("load" in sem) return [place(insn, sem.load, false)];
  if ("store" in sem) return [place(insn, sem.store, false)];
  if ("fload" in sem) return [place(insn, sem.fload, true)];
  if ("fstore" in sem) return [place(insn, sem.fstore, true)];
  return [];
}

function place(insn: Insn, bytes: number, fp: boolean): Access {
  if (!isShort(insn)) {
    const store = insn.format === "S" || insn.format === "fS";
    return { insn, bytes, fp, offset: store ? "s12" : "i12", base: "rs1" };
  }
  const { imm, rs1 } = SHORT_FORMATS[insn.format] as ShortFormat;
  const base = typeof rs1 === "string" ? rs1 : undefined;
  return { insn, bytes, fp, offset: typeof imm === "string" ? imm : "i12", base };
}

const ACCESSES: readonly Access[] = INSNS.flatMap(accessOf);

/** An offset that the encoding holds; mostly one that aligns the access. */
function offsetFor(gen: Gen, candidate: Access, pointer: Pointer): number {
  const operand = OPERANDS[candidate.offset];
  const [low, high] = operandRange(operand);
  const step = operandStep(operand);
  const steps = gen.random.chance(50) ? 8 : (high - low) / step;
  const first = low < 0 && gen.random.chance(50) ? -steps : 0;
  const offset = Math.max(low, Math.min(high, (first + gen.random.below(steps + 1)) * step));
  if (step >= candidate.bytes || (gen.random.chance(25) && !gen.aligned)) return offset;
  const wrong = Number((pointer.at + BigInt(offset)) & BigInt(candidate.bytes - 1));
  return offset - wrong < low ? offset : offset - wrong;
}

function pointerFor(gen: Gen, { base }: Access): Pointer | undefined {
  if (base === undefined) return gen.pointers.find(({ register }) => register === 2);
  if (base === "rs1") return gen.pointer();
  return gen.pointers.find(({ register }) => register >= 8 && register < 16);
}

/** A load or store of any kind. */
export function access(gen: Gen): void {
  const candidate = gen.random.pick(ACCESSES);
  if (!gen.has(candidate.insn.ext)) return;
  if (candidate.fp && !gen.setting.fp && gen.random.chance(80)) return;
  const pointer = pointerFor(gen, candidate);
  if (pointer === undefined) return;
  const offset = offsetFor(gen, candidate, pointer);
  // A branch may have skipped what aimed the pointer: then its address is another aligned one.
  if (gen.aligned && offset % candidate.bytes !== 0) return;
  const base = candidate.base === undefined ? {} : { [candidate.base]: pointer.register };
  emitRandom(gen, candidate.insn, { ...base, [candidate.offset]: offset });
}

/** Aims a pointer somewhere else. */
export function retarget(gen: Gen): void {
  const pointer = gen.pointer();
  pointer.at = gen.target();
  gen.code.li(pointer.register, pointer.at);
}

/** Addresses with nothing behind them, and for translated modes ones that are not canonical. */
const WILD: readonly bigint[] = [
  0n,
  8n,
  0x8400_0000n,
  0x90_0000_0004n,
  0x1_0000_0000_0000n,
  0x00ff_ffff_ffff_fff8n,
  0x0100_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_f000n,
  0xffff_ffff_ffff_fff8n,
];

/** A constant that no load, store or jump can use. */
export function wildAddress(gen: Gen): bigint {
  const address = gen.random.pick(WILD) + BigInt(gen.random.pick([0, 0, 0, 1, 2, 4]));
  // QEMU 7 reports the aligned address of a misaligned access to nowhere.
  return gen.has("exact") ? address : address & ~7n;
}

export function wildAccess(gen: Gen): void {
  const candidate = gen.random.pick(ACCESSES.filter(({ base }) => base === "rs1"));
  if (!gen.has(candidate.insn.ext)) return;
  const register = gen.rd();
  gen.code.li(register, wildAddress(gen));
  emitRandom(gen, candidate.insn, { rs1: register, [candidate.offset]: 0 });
}

const BLOCK_BYTES = 64;
const CACHE_OPS = ["cbo.inval", "cbo.clean", "cbo.flush", "cbo.zero", "cbo.zero"];
const CACHE_ROWS = INSNS.filter(({ name }) => CACHE_OPS.includes(name));

/** A cache-block operation; CBO.INVAL discards nothing here, as memory is all there is. */
export function cacheBlock(gen: Gen): void {
  // QEMU lets management operations succeed on addresses where there is no memory.
  const rows = gen.vacant ? CACHE_ROWS.filter(({ name }) => name === "cbo.zero") : CACHE_ROWS;
  const insn = gen.random.pick(rows);
  if (!gen.has(insn.ext)) return;
  // QEMU reports the block's address in xtval, where the manual wants that of rs1: they are equal
  // when the first instruction can be executed if the second can.
  if (!gen.inPage(8)) return;
  const rs1 = gen.rd();
  gen.code.op("andi", { rd: rs1, rs1: gen.pointer().register, i12: -BLOCK_BYTES });
  emitRandom(gen, insn, { rs1 });
}
