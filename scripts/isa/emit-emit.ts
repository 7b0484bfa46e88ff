/**
 * Text of asm/generated/emit.ts: what the JIT has to know of each decoded operation: the registers
 * it reads and writes, whether it may leave the region, and the Wasm that it becomes.
 */
import type { LongInsn } from "../../src/isa/insn.ts";
import { HOT_INSNS, OPS, SLOW_INSNS } from "../../src/isa/opcodes.ts";
import { upperSnake } from "../names.ts";
import { wasmOpcode } from "./wasm-opcode.ts";

const LOADS: Readonly<Record<string, string>> = {
  "1s": "I64_LOAD8_S",
  "1": "I64_LOAD8_U",
  "2s": "I64_LOAD16_S",
  "2": "I64_LOAD16_U",
  "4s": "I64_LOAD32_S",
  "4": "I64_LOAD32_U",
  "8": "I64_LOAD",
};
const STORES: Readonly<Record<number, string>> = {
  1: "I64_STORE8",
  2: "I64_STORE16",
  4: "I64_STORE32",
  8: "I64_STORE",
};
const WIDTH: Readonly<Record<number, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

/** Slow operations that change what the run loop keeps, or trap by design: the interpreter's. */
const INTERPRETED = /^(ecall|ebreak|mret|sret|wfi|fence\.i|sfence|sinval|wrs|amocas\.q)/;

/** Pure functions with a lowering of their own. */
const INTEGER: Readonly<Record<string, string>> = {
  Mulhu: "lowerHighProduct(w, 0);",
  Mulhsu: "lowerHighProduct(w, 1);",
  Mulh: "lowerHighProduct(w, 2);",
  Div: "lowerDivision(w, OP, 0x7f, false);",
  Divu: "lowerDivision(w, OP, 0x80, false);",
  Rem: "lowerDivision(w, OP, 0x81, false);",
  Remu: "lowerDivision(w, OP, 0x82, false);",
  Divw: "lowerDivision(w, OP, 0x6d, true);",
  Divuw: "lowerDivision(w, OP, 0x6e, true);",
  Remw: "lowerDivision(w, OP, 0x6f, true);",
  Remuw: "lowerDivision(w, OP, 0x70, true);",
};

function opName(insn: LongInsn): string {
  return `OP_${upperSnake(insn.name)}`;
}

/** Registers read: x1 and x2 are rs1 and rs2, f2 is fs2. */
function usesOf(insn: LongInsn): string {
  const { sem, format } = insn;
  if ("branch" in sem || "store" in sem) return "x1 | x2";
  if ("fstore" in sem) return "x1 | f2";
  if ("load" in sem || "fload" in sem) return "x1";
  if ("special" in sem) return sem.special === "jalr" ? "x1" : "0";
  return format === "R" ? "x1 | x2" : "x1";
}

function defsOf(insn: LongInsn): string {
  const { sem } = insn;
  if ("branch" in sem || "store" in sem || "fstore" in sem) return "0";
  return "fload" in sem ? "fd" : "xd";
}

function mayExit(insn: LongInsn): boolean {
  const { sem } = insn;
  return "load" in sem || "store" in sem || "fload" in sem || "fstore" in sem;
}

/** rd of a slow operation: its format names it `rd` or `fd`, or there is none. */
function slowDefs(insn: LongInsn): string {
  if (["fence", "none", "sfence", "cbo"].includes(insn.format)) return "0";
  return insn.format.startsWith("f") ? "fd" : "xd";
}

/**
 * What a floating-point slow operation reads and writes, by its format's letters: FLOAT, with S1, S2
 * and S3 for its f sources, X1 for rs1 instead, XD for a result in rd.
 */
function floatShapeOf({ format }: LongInsn): number {
  if (format === "fli") return 32;
  const [to, ...from] = format.replace(/[mz]$/, "");
  if (from[0] === "x") return 32 + 8;
  return 32 + (1 << from.length) - 1 + (to === "x" ? 16 : 0);
}

const FLOATS = SLOW_INSNS.filter(({ sem }) => "slow" in sem && sem.fp === true);

function cases(
  insns: readonly LongInsn[],
  prefix: string,
  value: (insn: LongInsn) => string,
): string {
  const groups = new Map<string, string[]>();
  for (const insn of insns) {
    const text = value(insn);
    const label = `case ${prefix}_${upperSnake(insn.name)}:`;
    groups.set(text, [...(groups.get(text) ?? []), label]);
  }
  return [...groups].map(([text, labels]) => `${labels.join(" ")} ${text}`).join("\n    ");
}

function operandB(insn: LongInsn, word: boolean): string {
  if (insn.format === "R") return `get${word ? "W" : "X"}((w >> 24) & 0xf8);`;
  if (insn.format === "R1") return "";
  return word ? "i32Const(imm);" : "i64Const(<i64>imm);";
}

/** Operations of which words make words (asm/jit/words.ts). */
function logicBody(insn: LongInsn, op: string): string | undefined {
  const immediate = insn.format !== "R";
  const call = (name: string): string =>
    `${name}(w, imm, ${immediate}, ${wasmOpcode(op)}); return true;`;
  if (/^i64\.(and|or|xor)$/.test(op)) return call("lowerLogic");
  if (/^i64\.lt_[su]$/.test(op)) return call("lowerComparison");
  return insn.name === "addi" ? "lowerAddi(w, imm); return true;" : undefined;
}

/** Operations whose result is a sign-extended word whatever their operands are. */
const EXTENDED = /^(clz|ctz|cpop|sext\.[bh])$/;

function pureBody(insn: LongInsn): string {
  const { sem } = insn;
  const store = "setX((w >> 8) & 0xf8); return true;";
  if ("fn" in sem) {
    const special = INTEGER[sem.fn];
    if (special !== undefined) return `${special.replace("OP", opName(insn))} return true;`;
    const b = insn.format === "R1" ? "i64Const(0);" : operandB(insn, false);
    return `i32Const(${opName(insn)}); getX((w >> 16) & 0xf8); ${b} call(F_PURE); ${store}`;
  }
  if (!("wasm" in sem)) throw new RangeError(`${insn.name} is not pure`);
  const b = operandB(insn, sem.word === true);
  const op = wasmOpcode(sem.wasm);
  if (insn.name === "addiw") {
    return `getW((w >> 16) & 0xf8); if (imm) { ${b} byte(${op}); } setW((w >> 8) & 0xf8); return true;`;
  }
  if (sem.word === true) {
    return `getW((w >> 16) & 0xf8); ${b} byte(${op}); setW((w >> 8) & 0xf8); return true;`;
  }
  const mark = EXTENDED.test(insn.name) ? "markExtended((w >> 8) & 0xf8);" : "";
  return (
    logicBody(insn, sem.wasm) ??
    `getX((w >> 16) & 0xf8); ${b} byte(${op}); setX((w >> 8) & 0xf8); ${mark} return true;`
  );
}

function lowerBody(insn: LongInsn): string {
  const { sem } = insn;
  if ("load" in sem) {
    const kind = (WIDTH[sem.load] ?? 0) + (sem.signed ? 4 : 0);
    const opcode = LOADS[`${sem.load}${sem.signed ? "s" : ""}`] ?? "";
    return `lowerLoad(w, imm, ${kind}, ${opcode}, site); return true;`;
  }
  if ("store" in sem) {
    return `lowerStore(w, imm, ${WIDTH[sem.store]}, ${STORES[sem.store]}, false, site); return true;`;
  }
  if ("fload" in sem) return `lowerFloatLoad(w, imm, ${WIDTH[sem.fload]}, site); return true;`;
  if ("fstore" in sem) {
    return `lowerStore(w, imm, ${WIDTH[sem.fstore]}, ${STORES[sem.fstore]}, true, site); return true;`;
  }
  return pureBody(insn);
}

function isStraight(insn: LongInsn): boolean {
  return !("branch" in insn.sem) && !("special" in insn.sem);
}

/** What `recordAccess` says: log2 of the width, WRITES. */
function accessOf({ sem }: LongInsn): number | undefined {
  if ("load" in sem) return WIDTH[sem.load];
  if ("fload" in sem) return WIDTH[sem.fload];
  if ("store" in sem) return (WIDTH[sem.store] ?? 0) | 8;
  return "fstore" in sem ? (WIDTH[sem.fstore] ?? 0) | 8 : undefined;
}

function branchOpcodes(): string {
  return HOT_INSNS.flatMap((insn) => {
    if (!("branch" in insn.sem)) return [];
    const name = opName(insn);
    return [`case ${name}: case ${name}_NEAR: return ${wasmOpcode(insn.sem.branch)};`];
  }).join("\n    ");
}

const HOT = HOT_INSNS.filter(({ name }) => name !== "lui");

function pureCases(): string {
  const pure = HOT.filter(({ sem }) => "fn" in sem);
  return pure
    .map((insn) => `case ${opName(insn)}: return exec${"fn" in insn.sem ? insn.sem.fn : ""}(a, b);`)
    .join("\n    ");
}

function pureImports(): string {
  const names = (ext: RegExp): string =>
    [
      ...new Set(
        HOT.flatMap(({ sem, ext: e }) => ("fn" in sem && ext.test(e) ? [`exec${sem.fn}`] : [])),
      ),
    ].join(", ");
  return `import { ${names(/^m$/)} } from "../insn/rv_m";\nimport { ${names(/^z/)} } from "../insn/rv_b";`;
}

export function emitEmit(): string {
  const inline = SLOW_INSNS.filter(({ name }) => !INTERPRETED.test(name));
  const ops = [...OPS.keys()]
    .map((name) => `OP_${upperSnake(name)}`)
    .filter((op) => op !== "OP_LUI");
  const slowNames = SLOW_INSNS.map(({ name }) => `SLOW_${upperSnake(name)}`);
  return `// Written by scripts/gen-isa.ts; do not edit.
import { ${[...ops, ...slowNames].join(", ")} } from "./opcodes";
import { CSR_FCSR, CSR_FFLAGS } from "./layout";
${pureImports()}
import { call, F_PURE, i32Const, i64Const, pushPc } from "../jit/code";
import { getW, getX, setW, setX } from "../jit/locals";
import { lowerAddi, lowerComparison, lowerDivision, lowerHighProduct, lowerLogic } from "../jit/lower-integer";
import { lowerFloatLoad, lowerLoad, lowerStore } from "../jit/lower-memory";
import { Site } from "../jit/site";
import { markExtended } from "../jit/words";
import { byte } from "../wasm/sink";
import { I64_LOAD, I64_LOAD16_S, I64_LOAD16_U, I64_LOAD32_S, I64_LOAD32_U, I64_LOAD8_S, I64_LOAD8_U, I64_STORE, I64_STORE16, I64_STORE32, I64_STORE8 } from "../wasm/opcodes";

/** Whether a slow operation is an access to a CSR. */
export function slowIsCsr(slow: u32): bool {
  switch (slow) {
    ${SLOW_INSNS.filter(({ format }) => /^csri?$/.test(format))
      .map(({ name }) => `case SLOW_${upperSnake(name)}:`)
      .join(" ")} return true;
    default: return false;
  }
}

/** Whether an access to a CSR has its operand in rs1, and not in the instruction. */
export function csrOfRegister(slow: u32): bool {
  switch (slow) {
    ${SLOW_INSNS.filter(({ format }) => format === "csr")
      .map(({ name }) => `case SLOW_${upperSnake(name)}:`)
      .join(" ")} return true;
    default: return false;
  }
}

/** Whether a slow operation may be called from translated code. */
export function slowInline(slow: u32): bool {
  switch (slow) {
    ${inline.map(({ name }) => `case SLOW_${upperSnake(name)}:`).join(" ")} return true;
    default: return false;
  }
}

function x(at: u32): u64 {
  const r = (at >> 3) & 31;
  return r ? <u64>1 << r : 0;
}

function f(at: u32): u64 {
  return <u64>1 << (32 + ((at >> 3) & 31));
}

/**
 * How a floating-point slow operation looks, 0 for others: 1, 2 and 4 for sources fs1, fs2 and fs3,
 * 8 for the source rs1, 16 for a result in rd and not in fd, 32 always.
 */
export function floatShape(slow: u32): u32 {
  switch (slow) {
    ${cases(FLOATS, "SLOW", (insn) => `return ${floatShapeOf(insn)};`)}
    default: return 0;
  }
}

/** Whether a slow operation (a record's high word) is an access to fflags, frm or fcsr. */
export function slowIsFloatCsr(imm: u32): bool {
  const csr = imm >> 20;
  return csr >= CSR_FFLAGS && csr <= CSR_FCSR && slowIsCsr(imm & 0xfff);
}

function floatUses(w: u32, imm: u32): u64 {
  if (slowIsFloatCsr(imm)) return csrOfRegister(imm & 0xfff) ? x(w >> 16) : 0;
  const shape = floatShape(imm & 0xfff);
  let uses: u64 = 0;
  if (shape & 1) uses |= f(w >> 16);
  if (shape & 2) uses |= f(w >> 24);
  if (shape & 4) uses |= f(imm >> 12);
  if (shape & 8) uses |= x(w >> 16);
  return uses;
}

/** Whether mstatus.FS must not be off for the record. */
export function recordIsFloat(w: u32, imm: u32): bool {
  switch (w & 0xff) {
    ${HOT.filter(({ sem }) => "fload" in sem || "fstore" in sem)
      .map((insn) => `case ${opName(insn)}:`)
      .join(" ")} return true;
    case OP_SLOW: return floatShape(imm & 0xfff) != 0 || slowIsFloatCsr(imm);
    default: return false;
  }
}

/** Registers that the record reads; slow operations without a lowering read the hart's block. */
export function recordUses(w: u32, imm: u32): u64 {
  const x1 = x(w >> 16), x2 = x(w >> 24), f2 = f(w >> 24);
  switch (w & 0xff) {
    ${cases(HOT, "OP", (insn) => `return ${usesOf(insn)};`)}
    ${HOT_INSNS.filter(({ sem }) => "branch" in sem)
      .map((insn) => `case ${opName(insn)}_NEAR:`)
      .join(" ")} return x1 | x2;
    case OP_JR: return x1;
    case OP_SLOW: return floatUses(w, imm);
    default: return 0;
  }
}

/** Registers that the record writes. */
export function recordDefs(w: u32, imm: u32): u64 {
  const xd = x(w >> 8), fd = f(w >> 8);
  switch (w & 0xff) {
    ${cases(HOT, "OP", (insn) => `return ${defsOf(insn)};`)}
    case OP_LI: return xd;
    case OP_SLOW: switch (imm & 0xfff) {
      ${cases(inline, "SLOW", (insn) => `return ${slowDefs(insn)};`)}
      default: return 0;
    }
    default: return 0;
  }
}

/** Whether the record may leave the region before it is complete. */
export function recordMayExit(w: u32, imm: u32): bool {
  switch (w & 0xff) {
    ${HOT.filter(mayExit)
      .map((insn) => `case ${opName(insn)}:`)
      .join(" ")} return true;
    case OP_SLOW: return !floatShape(imm & 0xfff);
    default: return false;
  }
}

/** How the record accesses memory at rs1 + imm: log2 of the width, 8 for a store; -1: it does not. */
export function recordAccess(op: u32): i32 {
  switch (op) {
    ${cases(
      HOT.filter((insn) => accessOf(insn) !== undefined),
      "OP",
      (insn) => `return ${accessOf(insn)};`,
    )}
    default: return -1;
  }
}

/** The Wasm comparison of a branch. */
export function branchOpcode(op: u32): u32 {
  switch (op) {
    ${branchOpcodes()}
    default: unreachable();
  }
  return 0;
}

/** Pure functions that have no Wasm operation of their own, by opcode. */
export function execPure(op: u32, a: u64, b: u64): u64 {
  switch (op) {
    ${pureCases()}
    default: unreachable();
  }
  return 0;
}

/** Emits a straight record. @returns false for those that have no lowering here */
export function emitRecord(w: u32, imm: i32, site: Site): bool {
  switch (w & 0xff) {
    case OP_NOP: return true;
    case OP_LI: i64Const(<i64>imm); setX((w >> 8) & 0xf8); markExtended((w >> 8) & 0xf8); return true;
    case OP_AUIPC: if ((w >> 8) & 0xf8) { pushPc(site.offset); i64Const(<i64>imm); byte(0x7c); setX((w >> 8) & 0xf8); } return true;
    ${HOT.filter(isStraight)
      .map((insn) => `case ${opName(insn)}: ${lowerBody(insn)}`)
      .join("\n    ")}
    default: return false;
  }
}
`;
}
