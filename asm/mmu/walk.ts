/** Sv39, Sv48 and Sv57 page-table walks (privileged manual §12.3–12.6). */
import { HART_MENVCFG, HART_SATP } from "../generated/layout";
import { raise } from "../hart/pending";
import { PRIV_S, PRIV_U } from "../hart/status";
import { PMP_DENIED, PMP_R, PMP_W, pmpCheck } from "./pmp";
import { ramHost, ramWritable } from "./frames";
import { TLB_GLOBAL, TLB_LOCAL } from "./tlb";

export const ACCESS_READ: u32 = 0;
export const ACCESS_WRITE: u32 = 1;
export const ACCESS_FETCH: u32 = 2;

const PTE_V: u64 = 1;
const PTE_R: u64 = 2;
const PTE_W: u64 = 4;
const PTE_X: u64 = 8;
const PTE_U: u64 = 16;
const PTE_G: u64 = 32;
const PTE_A: u64 = 64;
const PTE_D: u64 = 128;
const PTE_PPN: u64 = 0x003f_ffff_ffff_fc00;
const PTE_RESERVED: u64 = 0x1fc0_0000_0000_0000;
const PTE_PBMT: u64 = 3 << 61;
const PTE_N: u64 = 1 << 63;

const ENVCFG_ADUE: u64 = 1 << 61;
const ENVCFG_PBMTE: u64 = 1 << 62;

/** The walk failed and raised; no physical address is this high. */
export const NO_ADDRESS: u64 = ~0;

/** Of the last successful walk: what `tlbFill` notes of a translation. */
export let walkKind: u32 = 0;

const PAGE_BITS: i32 = 12;

function kindOf(bits: i32, global: bool): u32 {
  return ((<u32>bits) << 8) | (global ? TLB_GLOBAL : TLB_LOCAL);
}

export function raisePageFault(hs: usize, access: u32, va: u64): void {
  raise(hs, access == ACCESS_FETCH ? 12 : access == ACCESS_WRITE ? 15 : 13, va);
}

export function raiseAccessFault(hs: usize, access: u32, va: u64): void {
  raise(hs, access == ACCESS_FETCH ? 1 : access == ACCESS_WRITE ? 7 : 5, va);
}

/** Levels of the mode in satp: 0 for Bare. */
function levelsOf(satp: u64): i32 {
  switch (<u32>(satp >> 60)) {
    case 8:
      return 3;
    case 9:
      return 4;
    case 10:
      return 5;
    default:
      return 0;
  }
}

/** §12.3.1: whether a leaf with these bits lets `priv` do `access`. */
function permitted(pte: u64, access: u32, priv: u32, sum: bool, mxr: bool): bool {
  if (pte & PTE_U) {
    if (priv == PRIV_S && (access == ACCESS_FETCH || !sum)) return false;
  } else if (priv == PRIV_U) {
    return false;
  }
  if (access == ACCESS_FETCH) return (pte & PTE_X) != 0;
  if (access == ACCESS_WRITE) return (pte & PTE_W) != 0;
  return (pte & PTE_R) != 0 || (mxr && (pte & PTE_X) != 0);
}

/** Reserved encodings that must fault (§12.4.1; Svnapot; Svpbmt). */
function malformed(pte: u64, pbmte: bool): bool {
  if (!(pte & PTE_V) || (!(pte & PTE_R) && (pte & PTE_W) != 0)) return true;
  if (pte & PTE_RESERVED) return true;
  if (pte & PTE_PBMT) return !pbmte || (pte & PTE_PBMT) == PTE_PBMT;
  return false;
}

/**
 * Sets A (and D for a write) in the leaf at host offset `at`.
 *
 * @returns false when the entry changed meanwhile: the walk starts again (§12.3.2 step 7)
 */
function updateAccessed(at: usize, pte: u64, access: u32): bool {
  const wanted = pte | PTE_A | (access == ACCESS_WRITE ? PTE_D : 0);
  return atomic.cmpxchg<u64>(at, pte, wanted) == pte;
}

/**
 * Translates `va` as S- or U-mode `priv` would.
 *
 * @returns the physical address, or NO_ADDRESS after raising the fault
 */
export function walk(hs: usize, va: u64, access: u32, priv: u32, sum: bool, mxr: bool): u64 {
  const satp = load<u64>(hs + HART_SATP);
  const levels = levelsOf(satp);
  if (levels == 0) {
    walkKind = kindOf(PAGE_BITS, false);
    return va;
  }
  const unused = 64 - (12 + 9 * levels);
  if (((<i64>va) << unused) >> unused != <i64>va) {
    raisePageFault(hs, access, va);
    return NO_ADDRESS;
  }
  const menvcfg = load<u64>(hs + HART_MENVCFG);
  let table = (satp & 0xfff_ffff_ffff) << 12;
  for (let level = levels - 1; level >= 0; level--) {
    const gpa = table + (((va >> (12 + 9 * level)) & 0x1ff) << 3);
    const at = pmpCheck(hs, gpa, 8, PMP_R, PRIV_S) == PMP_DENIED ? <usize>0 : ramHost(gpa);
    if (at == 0) {
      raiseAccessFault(hs, access, va);
      return NO_ADDRESS;
    }
    const pte = atomic.load<u64>(at);
    if (malformed(pte, (menvcfg & ENVCFG_PBMTE) != 0)) break;
    if (!(pte & (PTE_R | PTE_W | PTE_X))) {
      // §12.4.1: D, A, U, N and PBMT are reserved in a pointer and must be zero.
      if (pte & (PTE_D | PTE_A | PTE_U | PTE_N | PTE_PBMT)) break;
      table = (pte & PTE_PPN) << 2;
      continue;
    }
    if (!permitted(pte, access, priv, sum, mxr)) break;
    let ppn = (pte & PTE_PPN) >> 10;
    let offsetBits = 9 * level;
    if (pte & PTE_N) {
      // Svnapot: 64 KiB, the only size defined; PPN[3:0] is 1000.
      if (level != 0 || (ppn & 15) != 8) break;
      offsetBits = 4;
    } else if (ppn & ((1 << offsetBits) - 1)) {
      break;
    }
    const stale = !(pte & PTE_A) || (access == ACCESS_WRITE && !(pte & PTE_D));
    if (stale) {
      if (!(menvcfg & ENVCFG_ADUE)) break;
      if (pmpCheck(hs, gpa, 8, PMP_R | PMP_W, PRIV_S) == PMP_DENIED || !ramWritable(gpa)) {
        raiseAccessFault(hs, access, va);
        return NO_ADDRESS;
      }
      if (!updateAccessed(at, pte, access)) {
        table = (satp & 0xfff_ffff_ffff) << 12;
        level = levels;
        continue;
      }
    }
    const mask = ((<u64>1) << offsetBits) - 1;
    ppn = (ppn & ~mask) | ((va >> 12) & mask);
    walkKind = kindOf(PAGE_BITS + offsetBits, (pte & PTE_G) != 0);
    return (ppn << 12) | (va & 0xfff);
  }
  raisePageFault(hs, access, va);
  return NO_ADDRESS;
}
