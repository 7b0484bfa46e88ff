/** What translated code calls for a floating-point instruction that the host's cannot stand for. */
import { HART_F, HART_X } from "../generated/layout";
import { floatShape } from "../generated/emit";
import { execSlow } from "../generated/exec";
import { refreshFloat } from "./float-state";

/**
 * Executes a record as the interpreter would; it must not be illegal.
 *
 * @param a its operands' bits: fs1 or rs1, then fs2 and fs3 where it has them
 * @returns what it wrote to fd or rd
 */
export function floatSlow(hs: usize, w: u32, imm: u32, a: u64, b: u64, c: u64): u64 {
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
