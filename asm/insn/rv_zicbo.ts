/** Zicbom and Zicboz with their xenvcfg rights (unprivileged manual, CMO chapter). */
import { HART_MENVCFG, HART_SENVCFG, HART_TRAP_PENDING, PENDING_NONE } from "../generated/layout";
import { rs1Of } from "../hart/operands";
import { isPending, raiseIllegal } from "../hart/pending";
import { PRIV_M, PRIV_U, privOf } from "../hart/status";
import { atomicHost } from "../mmu/access";
import { ACCESS_READ, ACCESS_WRITE } from "../mmu/walk";

/** Bytes of a cache block, announced as riscv,cbom-block-size and riscv,cboz-block-size. */
const BLOCK_BYTES: u64 = 64;

const ENVCFG_CBIE: u64 = 3 << 4;
const ENVCFG_CBCFE: u64 = 1 << 6;
const ENVCFG_CBZE: u64 = 1 << 7;

/** Whether every xenvcfg above the current privilege has one of `bits` set. */
function enabled(hs: usize, bits: u64): bool {
  const priv = privOf(hs);
  if (priv == PRIV_M) return true;
  if (!(load<u64>(hs + HART_MENVCFG) & bits)) return false;
  return priv != PRIV_U || (load<u64>(hs + HART_SENVCFG) & bits) != 0;
}

/**
 * There is no cache to manage, but the access must fault where a store would (or, for management
 * operations, where neither a load nor a store is allowed).
 */
function manage(hs: usize, w: u32, bits: u64): void {
  if (!enabled(hs, bits)) {
    raiseIllegal(hs);
    return;
  }
  const block = rs1Of(hs, w);
  atomicHost(hs, block, 1, ACCESS_READ);
  if (!isPending(hs)) return;
  store<u32>(hs + HART_TRAP_PENDING, PENDING_NONE);
  atomicHost(hs, block, 1, ACCESS_WRITE);
}

export function execCboInval(hs: usize, w: u32, _imm: u32): void {
  manage(hs, w, ENVCFG_CBIE);
}

export function execCboClean(hs: usize, w: u32, _imm: u32): void {
  manage(hs, w, ENVCFG_CBCFE);
}

export function execCboFlush(hs: usize, w: u32, _imm: u32): void {
  manage(hs, w, ENVCFG_CBCFE);
}

export function execCboZero(hs: usize, w: u32, _imm: u32): void {
  if (!enabled(hs, ENVCFG_CBZE)) {
    raiseIllegal(hs);
    return;
  }
  const va = rs1Of(hs, w);
  const host = atomicHost(hs, va, 1, ACCESS_WRITE);
  if (host) memory.fill(host & ~(<usize>BLOCK_BYTES - 1), 0, <usize>BLOCK_BYTES);
}
