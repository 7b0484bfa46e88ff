/**
 * Text of asm/generated/exec.ts: the interpreter's inner loop, one case for each opcode, and the
 * switch of slow operations.
 *
 * Registers of the loop: `hs` the hart's block, `ip` the current record, `n` retired instructions
 * with the current one, `pcOff` such that pc = pcOff + (ip >> 2), and the three TLB arrays of the
 * current modes. They are written back before anything that may look at the hart.
 */
import type { LongInsn } from "../../src/isa/insn.ts";
import { HOT_INSNS, OPS, SLOW_INSNS } from "../../src/isa/opcodes.ts";
import { pascal, upperSnake } from "../names.ts";
import { wasmExpression } from "./wasm-expression.ts";

/** Which file of asm/insn has the functions of an extension. */
const ROOM: Readonly<Record<string, string>> = {
  i: "rv_system",
  zicsr: "rv_zicsr",
  zifencei: "rv_system",
  m: "rv_m",
  a: "rv_a",
  zacas: "rv_a",
  zawrs: "rv_system",
  f: "rv_f",
  d: "rv_d",
  zfhmin: "rv_zfhmin",
  zfa: "rv_zfa",
  zba: "rv_b",
  zbb: "rv_b",
  zbs: "rv_b",
  zbc: "rv_b",
  zicond: "rv_b",
  "zicbom zicboz zicbop": "rv_zicbo",
  machine: "rv_system",
  s: "rv_system",
  svinval: "rv_system",
};

function roomOf(insn: LongInsn): string {
  const room = ROOM[insn.ext];
  if (room === undefined) throw new RangeError(`no file of asm/insn for extension ${insn.ext}`);
  return room;
}

const RD = "<usize>load<u8>(ip, 1)";
const RS1 = "load<u64>(hs + <usize>load<u8>(ip, 2))";
const RS2 = "load<u64>(hs + <usize>((w >> 24) & 0xf8))";
const IMM = "<u64>(load<i64>(ip) >> 32)";
const NEXT = "ip += 8 + <usize>((w >> 21) & 8); continue;";
const PC = "pcOff + <u64>(ip >> 2)";
/** Gives up the instruction: it did not retire. */
const ABANDON = "store<u64>(hs, n - 1, HART_INSTRET); return;";

function setRd(value: string): string {
  return `store<u64>(hs + ${RD}, ${value});`;
}

/** The second operand: a register, an immediate, or nothing for unary operations. */
function operandB(insn: LongInsn): string {
  if (insn.format === "R") return RS2;
  return insn.format === "R1" ? "0" : IMM;
}

function wasmCase(insn: LongInsn, wasm: string, word: boolean): string {
  const result = wasmExpression(wasm, RS1, operandB(insn));
  return `${setRd(word ? `<u64><i64><i32>${result}` : `<u64>${result}`)} ${NEXT}`;
}

function fnCase(insn: LongInsn, fn: string): string {
  return `${setRd(`exec${fn}(${RS1}, ${operandB(insn)})`)} ${NEXT}`;
}

const LOG2: Readonly<Record<number, number>> = { 1: 0, 2: 1, 4: 2, 8: 3 };

function log2(bytes: number): number {
  return LOG2[bytes] ?? 0;
}

/** A TLB hit needs an aligned address: the low bits of the size take part in the comparison. */
function hit(bytes: number): string {
  return `load<u64>(e) == (va & ${(0xffff_ffff_ffff_f000n | BigInt(bytes - 1)).toString()})`;
}

function rawLoad(bytes: number, signed: boolean): string {
  const type = `${signed ? "i" : "u"}${bytes * 8}`;
  const at = "<usize>(load<u32>(e, 8) + <u32>va)";
  return signed ? `<u64><i64>load<${type}>(${at})` : `<u64>load<${type}>(${at})`;
}

function loadCase(bytes: number, signed: boolean): string {
  const kind = log2(bytes) + (signed ? 4 : 0);
  return `{
        const va = ${RS1} + ${IMM};
        const e = tr + (<usize>(va >> 8) & TLB_MASK);
        if (${hit(bytes)}) { ${setRd(rawLoad(bytes, signed))} ${NEXT} }
        store<u64>(hs, ${PC}, HART_PC);
        const value = loadSlow(hs, va, ${kind}, w);
        if (load<u32>(hs, HART_TRAP_PENDING)) { ${ABANDON} }
        ${setRd("value")} ${NEXT}
      }`;
}

function storeCase(bytes: number, value: string): string {
  const at = "<usize>(load<u32>(e, 8) + <u32>va)";
  const type = `u${bytes * 8}`;
  return `{
        const va = ${RS1} + ${IMM};
        const e = tw + (<usize>(va >> 8) & TLB_MASK);
        if (${hit(bytes)}) { store<${type}>(${at}, <${type}>${value}); ${NEXT} }
        store<u64>(hs, ${PC}, HART_PC);
        storeSlow(hs, va, ${log2(bytes)}, ${value}, w);
        if (load<u32>(hs, HART_TRAP_PENDING)) { ${ABANDON} }
        ${NEXT}
      }`;
}

/** mstatus.FS: off makes the instruction illegal. */
const FP_GUARD = `if (!(load<u64>(hs, HART_MSTATUS) & STATUS_FS)) {
          store<u64>(hs, ${PC}, HART_PC); raiseIllegal(hs); ${ABANDON}
        }`;

const BOX: Readonly<Record<number, string>> = {
  2: "0xffffffffffff0000 | ",
  4: "0xffffffff00000000 | ",
  8: "",
};

function fpLoadCase(bytes: number): string {
  const fd = (value: string): string =>
    `store<u64>(hs + ${RD}, ${value}, HART_F); store<u64>(hs, load<u64>(hs, HART_MSTATUS) | STATUS_FS, HART_MSTATUS);`;
  return `{
        ${FP_GUARD}
        const va = ${RS1} + ${IMM};
        const e = tr + (<usize>(va >> 8) & TLB_MASK);
        if (${hit(bytes)}) { ${fd(`${BOX[bytes] ?? ""}${rawLoad(bytes, false)}`)} ${NEXT} }
        store<u64>(hs, ${PC}, HART_PC);
        const value = loadSlow(hs, va, ${8 + log2(bytes)}, w);
        if (load<u32>(hs, HART_TRAP_PENDING)) { ${ABANDON} }
        ${fd("value")} ${NEXT}
      }`;
}

function fpStoreCase(bytes: number): string {
  const value = "load<u64>(hs + <usize>((w >> 24) & 0xf8), HART_F)";
  return storeCase(bytes, value).replace("{\n", `{\n        ${FP_GUARD}\n`);
}

/** Code at the switch's end goes to `target`; `continue` stays in the page. */
function branchCase(comparison: string): string {
  return `if (${wasmExpression(comparison, RS1, RS2)}) { target = ${PC} + ${IMM}; break; } ${NEXT}`;
}

/** Near jumps go forwards, so no loop consists of them: the limit can wait. */
const NEAR_JUMP = "ip += <usize>load<i32>(ip, 4); continue;";

function nearCase(comparison: string): string {
  return `if (${wasmExpression(comparison, RS1, RS2)}) { ${NEAR_JUMP} } ${NEXT}`;
}

const LINK = `${PC} + 2 + <u64>((w >> 23) & 2)`;

function specialCase(name: string): string {
  switch (name) {
    case "auipc":
      return `if (load<u8>(ip, 1)) ${setRd(`${PC} + ${IMM}`)} ${NEXT}`;
    case "jal":
      return `${setRd(LINK)} target = ${PC} + ${IMM}; break;`;
    case "jalr":
      return `target = (${RS1} + ${IMM}) & ~1; ${setRd(LINK)} break;`;
    default:
      throw new RangeError(`${name} has no case of its own`);
  }
}

function hotCase(insn: LongInsn): string {
  const { sem } = insn;
  if ("wasm" in sem) return wasmCase(insn, sem.wasm, sem.word === true);
  if ("fn" in sem) return fnCase(insn, sem.fn);
  if ("branch" in sem) return branchCase(sem.branch);
  if ("load" in sem) return loadCase(sem.load, sem.signed === true);
  if ("store" in sem) return storeCase(sem.store, RS2);
  if ("fload" in sem) return fpLoadCase(sem.fload);
  if ("fstore" in sem) return fpStoreCase(sem.fstore);
  if ("special" in sem) return specialCase(sem.special);
  throw new RangeError(`${insn.name} is hot but has no case`);
}

const SYNTHETIC_CASES: Readonly<Record<string, string>> = {
  OP_UNDECODED: `{
        n--;
        const pc = ${PC};
        const offset = <usize>(pc & 0xfff);
        decodeAt(hs, ip - (offset << 2), offset);
        continue;
      }`,
  OP_ILLEGAL: `store<u64>(hs, ${PC}, HART_PC); raiseIllegal(hs); ${ABANDON}`,
  OP_SLOW: `{
        store<u64>(hs, ${PC}, HART_PC);
        store<u64>(hs, n - 1, HART_INSTRET);
        execSlow(hs, w, load<u32>(ip, 4));
        const pending = load<u32>(hs, HART_TRAP_PENDING);
        if (pending) {
          if (pending == PENDING_REENTER || pending == PENDING_WFI) store<u64>(hs, n, HART_INSTRET);
          return;
        }
        ${NEXT}
      }`,
  OP_PAGE_END: `n--; target = ${PC}; break;`,
  OP_CROSS: `{
        n--;
        const pc = ${PC};
        const single = singleRecord(hs, pc);
        if (single == 0) { store<u64>(hs, pc, HART_PC); store<u64>(hs, n, HART_INSTRET); return; }
        ip = single;
        pcOff = pc - <u64>(ip >> 2);
        continue;
      }`,
  OP_NOP: NEXT,
  OP_LI: `${setRd(IMM)} ${NEXT}`,
  OP_J: `target = ${PC} + ${IMM}; break;`,
  // Returns go through ra or t0 (unprivileged manual §2.5.1); other jumps are worth a profile.
  OP_JR: `{
        target = (${RS1} + ${IMM}) & ~1;
        if (threshold && (w & 0xd80000) != 0x80000 && (target ^ (${PC})) < 0x1000) {
          noteTarget(hs, ip, <u32>target & 0xfff);
        }
        break;
      }`,
  OP_J_NEAR: NEAR_JUMP,
};

function nearCases(): string[] {
  return HOT_INSNS.flatMap(({ name, sem }) =>
    "branch" in sem ? [`case OP_${upperSnake(name)}_NEAR: ${nearCase(sem.branch)}`] : [],
  );
}

function slowBody(insn: LongInsn): string {
  const { sem } = insn;
  if ("load" in sem) {
    const kind = log2(sem.load) + (sem.signed ? 4 : 0);
    return `loadSlow(hs, rs1Of(hs, w) + <u64><i64>(<i32>imm >> 20), ${kind}, w); break;`;
  }
  const name = `exec${pascal(insn.name)}`;
  if (!("slow" in sem) || !sem.fp) return `${name}(hs, w, imm); break;`;
  const guard = "if (!fpEnabled(hs)) { raiseIllegal(hs); break; }";
  if (!sem.rm) return `${guard} ${name}(hs, w, imm); break;`;
  return `${guard} rm = roundingMode(hs, imm); if (rm > 4) { raiseIllegal(hs); break; } ${name}(hs, w, imm, rm); break;`;
}

function imports(): string {
  const byRoom = new Map<string, Set<string>>();
  const add = (insn: LongInsn, name: string): void => {
    const room = roomOf(insn);
    byRoom.set(room, (byRoom.get(room) ?? new Set()).add(name));
  };
  for (const insn of HOT_INSNS) if ("fn" in insn.sem) add(insn, `exec${insn.sem.fn}`);
  for (const insn of SLOW_INSNS) if ("slow" in insn.sem) add(insn, `exec${pascal(insn.name)}`);
  return [...byRoom]
    .map(([room, names]) => `import { ${[...names].join(", ")} } from "../insn/${room}";`)
    .join("\n");
}

/**
 * Going to `target`, at first and behind the switch: enter translated code where there is some, else
 * go on with its record; or leave with a pending trap.
 */
const ENTER = `
    while (true) {
      const slot = tx + (<usize>(target >> 8) & TLB_MASK);
      if (load<u64>(slot) == (target & ~0xfff)) {
        const base = <usize>load<u32>(slot, 8);
        const offset = <usize>(target & 0xfff);
        ip = base + (offset << 2);
        let state: u32 = 0;
        if (load<u32>(ip) & RECORD_TRANSLATED) {
          state = load<u32>(base + DECODE_ENTRIES + (offset << 1));
        }
        if (<i32>state < 0) {
          target = runRegion(hs, base, state, target, n, limit);
          n = load<u64>(hs, HART_INSTRET);
          limit = load<u64>(hs, HART_JIT_LIMIT);
          if (!(target & 1)) {
            if (n < limit) continue;
            store<u64>(hs, target, HART_PC);
            return;
          }
          target &= ~1;
          if (n >= limit || load<u32>(hs, HART_TRAP_PENDING)) { store<u64>(hs, target, HART_PC); return; }
          ip = fetchRecord0(hs, tx, target);
        } else if (state && revive(hs, state)) {
          continue;
        } else {
          const left = load<u32>(hs, HART_JIT_SAMPLE) - 1;
          store<u32>(hs, left, HART_JIT_SAMPLE);
          if (left == 0 && countArrival(hs, base, offset)) continue;
        }
      } else {
        ip = fetchRecord(hs, target);
        if (ip && load<u64>(slot) == (target & ~0xfff)) continue;
      }
      if (ip == 0) { store<u64>(hs, target, HART_PC); store<u64>(hs, n, HART_INSTRET); return; }
      pcOff = target - <u64>(ip >> 2);
      break;
    }`;

export function emitExec(): string {
  const hot = HOT_INSNS.filter(({ name }) => name !== "lui").map(
    (insn) => `case OP_${upperSnake(insn.name)}: ${hotCase(insn)}`,
  );
  const synthetic = Object.entries(SYNTHETIC_CASES).map(([op, body]) => `case ${op}: ${body}`);
  const slow = SLOW_INSNS.map((insn) => `case SLOW_${upperSnake(insn.name)}: ${slowBody(insn)}`);
  const cases = [...synthetic, ...hot, ...nearCases()].join("\n      ");
  return `// Written by scripts/gen-isa.ts; do not edit.
${imports()}
${PRELUDE}
/** Executes from HART.pc until HART.instret reaches \`limit\`, or something is pending. */
export function exec(hs: usize, limit: u64): void {
  let n = load<u64>(hs, HART_INSTRET);
  let target = load<u64>(hs, HART_PC);
  const threshold = load<u32>(hs, HART_JIT_THRESHOLD);
  const tr = tlbArray(hs, dataMode(hs), 0);
  store<u32>(hs, <u32>tr, HART_TLB_DATA);
  const tw = tr + TLB_ARRAY_BYTES;
  const tx = tlbArray(hs, modeOf(load<u32>(hs, HART_PRIV), false), 2);
  store<u32>(hs, <u32>tx, HART_TLB_FETCH);
  let ip: usize = 0;
  let pcOff: u64 = 0;${ENTER}
  while (n < limit) {
    const w = load<u32>(ip);
    n++;
    switch (w & 0xff) {
      ${cases}
      default: unreachable();
    }${ENTER}
  }
  store<u64>(hs, ${PC}, HART_PC);
  store<u64>(hs, n, HART_INSTRET);
}

function roundingMode(hs: usize, imm: u32): u32 {
  const rm = (imm >> 12) & 7;
  return rm == 7 ? <u32>load<u8>(hs, HART_FRM) : rm;
}

function fetchRecord0(hs: usize, tx: usize, pc: u64): usize {
  const slot = tx + (<usize>(pc >> 8) & TLB_MASK);
  if (load<u64>(slot) == (pc & ~0xfff)) return <usize>load<u32>(slot, 8) + (<usize>(pc & 0xfff) << 2);
  return fetchRecord(hs, pc);
}

export function execSlow(hs: usize, w: u32, imm: u32): void {
  let rm: u32 = 0;
  switch (imm & 0xfff) {
    ${slow.join("\n    ")}
    default: unreachable();
  }
}
`;
}

const LAYOUT_NAMES =
  "DECODE_ENTRIES, HART_F, HART_FRM, HART_INSTRET, HART_JIT_LIMIT, HART_JIT_SAMPLE, HART_JIT_THRESHOLD, HART_MSTATUS, HART_PC, HART_PRIV, HART_TLB_DATA, HART_TLB_FETCH, HART_TRAP_PENDING, PENDING_REENTER, PENDING_WFI, TLB_ARRAY_BYTES, TLB_ENTRIES, TLB_ENTRY_BYTES";

const PRELUDE = `import { ${LAYOUT_NAMES} } from "./layout";
import { ${[...OPS.keys()]
  .map((name) => `OP_${upperSnake(name)}`)
  .filter((op) => op !== "OP_LUI")
  .join(
    ", ",
  )}, ${SLOW_INSNS.map(({ name }) => `SLOW_${upperSnake(name)}`).join(", ")} } from "./opcodes";
import { rs1Of } from "../hart/operands";
import { raiseIllegal } from "../hart/pending";
import { fpEnabled, STATUS_FS } from "../hart/status";
import { decodeAt, RECORD_TRANSLATED } from "../interp/decode-cache";
import { fetchRecord, singleRecord } from "../interp/fetch";
import { revive } from "../jit/code-cache";
import { runRegion } from "../jit/dispatch";
import { noteTarget } from "../jit/profile";
import { countArrival } from "../jit/translate";
import { loadSlow, storeSlow } from "../mmu/access";
import { dataMode, modeOf, tlbArray } from "../mmu/tlb";

const TLB_MASK: usize = (TLB_ENTRIES - 1) * TLB_ENTRY_BYTES;
`;
