/** Fields of mstatus and what follows from them (privileged manual §3.1.6). */
import { HART_MSTATUS, HART_PRIV } from "../generated/layout";

export const PRIV_U: u32 = 0;
export const PRIV_S: u32 = 1;
export const PRIV_M: u32 = 3;

export const STATUS_SIE: u64 = 1 << 1;
export const STATUS_MIE: u64 = 1 << 3;
export const STATUS_SPIE: u64 = 1 << 5;
export const STATUS_MPIE: u64 = 1 << 7;
export const STATUS_SPP: u64 = 1 << 8;
export const STATUS_MPP: u64 = 3 << 11;
export const STATUS_MPP_SHIFT: u64 = 11;
export const STATUS_FS: u64 = 3 << 13;
export const STATUS_MPRV: u64 = 1 << 17;
export const STATUS_SUM: u64 = 1 << 18;
export const STATUS_MXR: u64 = 1 << 19;
export const STATUS_TVM: u64 = 1 << 20;
export const STATUS_TW: u64 = 1 << 21;
export const STATUS_TSR: u64 = 1 << 22;
/** UXL and SXL are read-only 2: XLEN is 64 in every mode. */
export const STATUS_UXL: u64 = 2 << 32;
export const STATUS_SXL: u64 = 2 << 34;
export const STATUS_SD: u64 = 1 << 63;

/** Bits of mstatus that software may write; MPP is WARL besides. */
export const STATUS_WRITABLE: u64 =
  STATUS_SIE |
  STATUS_MIE |
  STATUS_SPIE |
  STATUS_MPIE |
  STATUS_SPP |
  STATUS_MPP |
  STATUS_FS |
  STATUS_MPRV |
  STATUS_SUM |
  STATUS_MXR |
  STATUS_TVM |
  STATUS_TW |
  STATUS_TSR;

/** Bits that sstatus shows and may write. */
export const SSTATUS_WRITABLE: u64 =
  STATUS_SIE | STATUS_SPIE | STATUS_SPP | STATUS_FS | STATUS_SUM | STATUS_MXR;

/** mstatus as software reads it: SD summarises FS. */
export function readStatus(hs: usize): u64 {
  const status = load<u64>(hs + HART_MSTATUS);
  const dirty = (status & STATUS_FS) == STATUS_FS;
  return status | STATUS_UXL | STATUS_SXL | (dirty ? STATUS_SD : 0);
}

export function fpEnabled(hs: usize): bool {
  return (load<u64>(hs + HART_MSTATUS) & STATUS_FS) != 0;
}

export function markFpDirty(hs: usize): void {
  store<u64>(hs + HART_MSTATUS, load<u64>(hs + HART_MSTATUS) | STATUS_FS);
}

export function privOf(hs: usize): u32 {
  return load<u32>(hs + HART_PRIV);
}

/** The privilege that loads and stores use: MPP under MPRV in M-mode, else the current one. */
export function dataPriv(hs: usize): u32 {
  const priv = load<u32>(hs + HART_PRIV);
  const status = load<u64>(hs + HART_MSTATUS);
  if (priv == PRIV_M && status & STATUS_MPRV) {
    return <u32>((status & STATUS_MPP) >> STATUS_MPP_SHIFT);
  }
  return priv;
}
