/**
 * CSR instructions inside a region: the core's function does them on the hart's block. One whose effect
 * the region could not go on under (another address space, other modes of access, an interrupt that
 * may be taken now) leaves `reenter` pending, with HART.pc behind it, and the region is left.
 */
import { slowIsCsr } from "../generated/emit";
import { HART_INSTRET, HART_JIT_LIMIT } from "../generated/layout";
import { byte, uleb } from "../wasm/sink";
import { I32_ADD, I64_EXTEND_I32_S, I64_LOAD, I64_STORE, I64_SUB } from "../wasm/opcodes";
import { call, F_SLOW, i32Const, leaveIfPending, storePc } from "./code";
import { forgetGroups } from "./groups";
import { Site } from "./site";
import { get, L_HART, L_LEFT, loadRegisters, writeBack } from "./locals";

/** Whether a slow operation (a record's high word) is a CSR access that regions may contain. */
export function lowersSystem(imm: u32): bool {
  return slowIsCsr(imm & 0xfff);
}

/** HART.instret as of this instruction, which may be what it reads. */
function storeInstret(unretired: i32): void {
  get(L_HART);
  get(L_HART);
  byte(I64_LOAD);
  byte(3);
  uleb(<u32>HART_JIT_LIMIT);
  get(L_LEFT);
  i32Const(unretired);
  byte(I32_ADD);
  byte(I64_EXTEND_I32_S);
  byte(I64_SUB);
  byte(I64_STORE);
  byte(3);
  uleb(<u32>HART_INSTRET);
}

function x(at: u32): u64 {
  const register = (at >> 3) & 31;
  return register ? (<u64>1) << register : 0;
}

/**
 * The CSR access of a record. Registers other than its own stay in their locals; rd is written back as
 * well, since it keeps its value when the instruction is illegal.
 */
export function lowerSystem(w: u32, imm: u32, at: Site): void {
  const target = x(w >> 8);
  const own = x(w >> 16) | target;
  writeBack(at.dirty & own);
  storePc(at.offset);
  storeInstret(at.unretired);
  get(L_HART);
  i32Const(<i32>w);
  i32Const(<i32>imm);
  call(F_SLOW);
  const rest = at.dirty & ~own;
  leaveIfPending(at.offset, rest, at.unretired, at.labels);
  loadRegisters(target);
  forgetGroups(target);
  at.dirty = rest;
}
