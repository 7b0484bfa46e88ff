/** Zicbom and Zicboz with their xenvcfg rights (unprivileged manual, CMO chapter). */
import { HART_MENVCFG, HART_SENVCFG, HART_TRAP_CAUSE, HART_TRAP_VALUE } from "../generated/layout";
import { rs1Of } from "../hart/operands";
import { raiseIllegal } from "../hart/pending";
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
 * Host address of the block around rs1, 0 with a pending trap. The access is the whole block's, so
 * that PMP must allow every byte of it, but xtval holds rs1 itself (CMO chapter, "Traps").
 */
function blockHost(hs: usize, w: u32, access: u32): usize {
  const va = rs1Of(hs, w);
  const host = atomicHost(hs, va & ~(BLOCK_BYTES - 1), BLOCK_BYTES, access);
  if (host == 0) store<u64>(hs + HART_TRAP_VALUE, va);
  return host;
}

/** Every load fault's cause is two below the store fault of the same kind. */
const LOAD_TO_STORE: u64 = 2;

/**
 * There is no cache to manage, but the access must fault where neither a load nor a store is
 * allowed, as a store would. Whatever may be written may be read; a store would set D.
 */
function manage(hs: usize, w: u32, bits: u64): void {
  if (!enabled(hs, bits)) {
    raiseIllegal(hs);
    return;
  }
  if (blockHost(hs, w, ACCESS_READ)) return;
  const cause = hs + HART_TRAP_CAUSE;
  store<u64>(cause, load<u64>(cause) + LOAD_TO_STORE);
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
  const host = blockHost(hs, w, ACCESS_WRITE);
  if (host) memory.fill(host, 0, <usize>BLOCK_BYTES);
}
