/**
 * fflags, frm and fcsr inside a region. C libraries save the flags around what may raise some, and put
 * them back (floor, atan2, comparisons that are quiet), or look at the rounding mode (sin): reads are loads
 * of the hart's block, and a write that changes nothing is none. Other writes are the core's; one that takes
 * back what regions rely on (asm/jit/float-state.ts) leaves `reenter` pending, and all regions are left.
 */
import { csrOfRegister } from "../generated/emit";
import {
  CSR_FCSR,
  CSR_FFLAGS,
  CSR_FRM,
  HART_FFLAGS,
  HART_FRM,
  HART_JIT_FLOAT,
  HART_JIT_FLOAT_BOUND,
} from "../generated/layout";
import {
  SLOW_CSRRC,
  SLOW_CSRRCI,
  SLOW_CSRRS,
  SLOW_CSRRSI,
  SLOW_CSRRW,
  SLOW_CSRRWI,
} from "../generated/opcodes";
import { byte, uleb } from "../wasm/sink";
import {
  END,
  I32_AND,
  I32_EQZ,
  I32_OR,
  I64_AND,
  I64_LOAD8_U,
  I64_NE,
  I64_OR,
  I64_SHL,
  I64_XOR,
  TYPE_VOID,
} from "../wasm/opcodes";
import { call, F_FLOAT, i32Const, i64Const, leaveIfPending, loadField, storePc } from "./code";
import { STATE_DIRTY } from "./float-state";
import { unlikelyIf } from "./hints";
import { floatBound, get, getX, L_HART, scratch, set, setX } from "./locals";
import { Site } from "./site";

function pushByte(at: usize): void {
  get(L_HART);
  byte(I64_LOAD8_U);
  byte(0);
  uleb(<u32>at);
}

/** Pushes the register's value. */
function pushCsr(csr: u32): void {
  if (csr != CSR_FRM) pushByte(HART_FFLAGS);
  if (csr != CSR_FFLAGS) pushByte(HART_FRM);
  if (csr != CSR_FCSR) return;
  i64Const(5);
  byte(I64_SHL);
  byte(I64_OR);
}

/** The bits that the register has. */
function maskOf(csr: u32): i64 {
  if (csr == CSR_FFLAGS) return 0x1f;
  return csr == CSR_FRM ? 7 : 0xff;
}

function writes(w: u32, slow: u32): bool {
  return slow == SLOW_CSRRW || slow == SLOW_CSRRWI || ((w >> 19) & 31) != 0;
}

function pushOperand(w: u32, slow: u32): void {
  if (csrOfRegister(slow)) getX((w >> 16) & 0xf8);
  else i64Const(<i64>((w >> 19) & 31));
}

/** Pushes whether writing changes `csr`, whose value is in local `old`. */
function pushChanges(w: u32, slow: u32, csr: u32, old: u32): void {
  pushOperand(w, slow);
  if (slow == SLOW_CSRRS || slow == SLOW_CSRRSI) {
    get(old);
    byte(I64_OR);
  } else if (slow == SLOW_CSRRC || slow == SLOW_CSRRCI) {
    i64Const(-1);
    byte(I64_XOR);
    get(old);
    byte(I64_AND);
  }
  i64Const(maskOf(csr));
  byte(I64_AND);
  get(old);
  byte(I64_NE);
}

/** The access by the core's function: its value in local `old`, and in rd where the region is left. */
function byCore(w: u32, imm: u32, rd: u32, old: u32, at: Site): void {
  storePc(at.offset);
  get(L_HART);
  i32Const(<i32>w);
  i32Const(<i32>imm);
  if (csrOfRegister(imm & 0xfff)) getX((w >> 16) & 0xf8);
  else i64Const(0);
  i64Const(0);
  i64Const(0);
  call(F_FLOAT);
  set(old);
  loadField(HART_JIT_FLOAT_BOUND);
  set(floatBound());
  if (rd) {
    get(old);
    setX(rd);
  }
  const register = (rd >> 3) & 31;
  const changed = register ? (<u64>1) << register : 0;
  leaveIfPending(at.offset, at.dirty | changed, at.unretired, at.labels + 1);
}

/** The access of a record in a region that is entered with floating point enabled. */
export function lowerFloatCsr(w: u32, imm: u32, at: Site): void {
  const slow = imm & 0xfff;
  const csr = imm >> 20;
  const rd = (w >> 8) & 0xf8;
  if (!writes(w, slow)) {
    if (!rd) return;
    pushCsr(csr);
    setX(rd);
    return;
  }
  const old = scratch(0);
  pushCsr(csr);
  set(old);
  pushChanges(w, slow, csr, old);
  if (!at.floatDirty) {
    loadField(HART_JIT_FLOAT);
    i32Const(<i32>STATE_DIRTY);
    byte(I32_AND);
    byte(I32_EQZ);
    byte(I32_OR);
  }
  unlikelyIf(TYPE_VOID);
  byCore(w, imm, rd, old, at);
  byte(END);
  at.floatDirty = true;
  if (!rd) return;
  get(old);
  setX(rd);
}
