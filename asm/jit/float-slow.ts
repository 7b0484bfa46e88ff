/** What translated code calls for a floating-point instruction that the host's cannot stand for. */
import {
  HART_F,
  HART_FFLAGS,
  HART_FRM,
  HART_JIT_FLOAT,
  HART_MSTATUS,
  HART_PC,
  HART_X,
} from "../generated/layout";
import { csrOfRegister, floatShape, slowIsFloatCsr } from "../generated/emit";
import { execSlow } from "../generated/exec";
import { takeFlags } from "../fp/flags";
import { RMM } from "../fp/round";
import { reenter } from "../hart/pending";
import { STATUS_FS } from "../hart/status";
import { direct, NOT_DIRECT } from "./float-direct";
import { refreshFloat } from "./float-state";

/** The rm field that stands for frm. */
const DYNAMIC: u32 = 7;

/**
 * Executes a record as the interpreter would; it must not be illegal.
 *
 * @param a its operands' bits: fs1 or rs1, then fs2 and fs3 where it has them
 * @returns what it wrote to fd or rd
 */
export function floatSlow(hs: usize, w: u32, imm: u32, a: u64, b: u64, c: u64): u64 {
  const slow = imm & 0xfff;
  const field = (imm >> 12) & 7;
  const rm = field == DYNAMIC ? <u32>load<u8>(hs + HART_FRM) : field;
  if (rm <= RMM) {
    const result = direct(slow, a, b, c, rm);
    if (result != NOT_DIRECT) {
      accrue(hs, slow);
      return result;
    }
  }
  return byCore(hs, w, imm, a, b, c);
}

/** Ors the flags raised since into fflags; those and a result in fd make the state dirty. */
function accrue(hs: usize, slow: u32): void {
  const flags = takeFlags();
  const before = <u32>load<u8>(hs + HART_FFLAGS);
  const status = load<u64>(hs + HART_MSTATUS);
  const news = (flags & ~before) != 0;
  const dirty = (status & STATUS_FS) == STATUS_FS || !(news || toFloat(slow));
  if (dirty && !news) return;
  store<u8>(hs + HART_FFLAGS, <u8>(before | flags));
  store<u64>(hs + HART_MSTATUS, status | STATUS_FS);
  refreshFloat(hs);
}

function toFloat(slow: u32): bool {
  return (floatShape(slow) & 16) == 0;
}

/** The same by the interpreter's function. */
function byCore(hs: usize, w: u32, imm: u32, a: u64, b: u64, c: u64): u64 {
  if (slowIsFloatCsr(imm)) return accessFloatCsr(hs, w, imm, a);
  const shape = floatShape(imm & 0xfff);
  // The hart's block may be behind the locals of the region.
  if (shape & 1) store<u64>(hs + HART_F + <usize>((w >> 16) & 0xf8), a);
  if (shape & 2) store<u64>(hs + HART_F + <usize>((w >> 24) & 0xf8), b);
  if (shape & 4) store<u64>(hs + HART_F + <usize>((imm >> 12) & 0xf8), c);
  if (shape & 8) store<u64>(hs + HART_X + <usize>((w >> 16) & 0xf8), a);
  execSlow(hs, w, imm);
  refreshFloat(hs);
  return load<u64>(hs + (shape & 16 ? HART_X : HART_F) + <usize>((w >> 8) & 0xf8));
}

/**
 * An access to fflags, frm or fcsr at HART.pc, `a` being rs1. Regions hold what they found of the state
 * in locals, and so do those that called them: all must be left when any of it is taken back.
 *
 * @returns what it wrote to rd
 */
function accessFloatCsr(hs: usize, w: u32, imm: u32, a: u64): u64 {
  const before = load<u32>(hs + HART_JIT_FLOAT);
  if (csrOfRegister(imm & 0xfff)) store<u64>(hs + HART_X + <usize>((w >> 16) & 0xf8), a);
  execSlow(hs, w, imm);
  refreshFloat(hs);
  if (before & ~load<u32>(hs + HART_JIT_FLOAT)) reenter(hs, load<u64>(hs + HART_PC) + 4);
  return load<u64>(hs + HART_X + <usize>((w >> 8) & 0xf8));
}
