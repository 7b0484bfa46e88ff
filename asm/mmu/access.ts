/**
 * Data accesses that the inline TLB check did not serve: misses, page crossings, devices, faults.
 * Every function may leave HART.trapPending set; its result is then meaningless.
 */
import {
  EXIT_REASON_MMIO_READ,
  EXIT_REASON_MMIO_WRITE,
  FRAME_DEVICE,
  FRAME_DIRTY,
  FRAME_LOG_DIRTY,
  FRAME_PRESENT,
  FRAME_WRITABLE,
  HART_EXIT_ADDRESS,
  HART_EXIT_FAULT,
  HART_EXIT_REASON,
  HART_EXIT_SIZE,
  HART_EXIT_VALUE,
  HART_MMIO_KIND,
  HART_MMIO_PENDING,
  HART_MMIO_RECORD,
  HART_MMIO_VADDR,
  HART_MSTATUS,
  HART_STAT_SLOW_ACCESSES,
  HART_STAT_TLB_MISSES,
  HART_TLB_DATA,
  HART_TRAP_PENDING,
  PENDING_MMIO_READ,
  PENDING_MMIO_WRITE,
  PENDING_NONE,
  TLB_ARRAY_BYTES,
} from "../generated/layout";
import { isPending } from "../hart/pending";
import { count } from "../hart/stats";
import { dataPriv, PRIV_M, STATUS_MXR, STATUS_SUM } from "../hart/status";
import { irqchipOwns, irqchipRead, irqchipWrite } from "../irqchip/mmio";
import { frameEntry, frameHost } from "./frames";
import { PMP_DENIED, PMP_PAGE, PMP_R, PMP_W, pmpCheck } from "./pmp";
import { modeOf, TLB_BARE, tlbArray, tlbFill, tlbSlot } from "./tlb";
import { ACCESS_READ, ACCESS_WRITE, NO_ADDRESS, raiseAccessFault, walk, walkKind } from "./walk";

/** Access kinds: log2 of the width, plus how a loaded value becomes a register value. */
export const KIND_WIDTH: u32 = 3;
export const KIND_SIGNED: u32 = 4;
export const KIND_FLOAT: u32 = 8;

/** Set by `translate` when it returns 0 without raising: the address belongs to a device. */
let deviceAddress: u64 = 0;

/**
 * Translates a data access that stays in one page, and caches the translation.
 *
 * @returns host offset; 0 with a pending trap, or for a device (`deviceAddress`)
 */
export function translate(hs: usize, va: u64, bytes: u64, access: u32): usize {
  count(hs, HART_STAT_SLOW_ACCESSES);
  const priv = dataPriv(hs);
  const status = load<u64>(hs + HART_MSTATUS);
  const sum = (status & STATUS_SUM) != 0;
  const array = tlbArray(hs, modeOf(priv, sum), access);
  const slot = tlbSlot(array, va);
  // Misaligned, or by an instruction that does not look itself.
  if (load<u64>(slot) == (va & ~0xfff)) return <usize>(load<u32>(slot, 8) + <u32>va);
  let pa = va;
  if (priv != PRIV_M) {
    pa = walk(hs, va, access, priv, sum, (status & STATUS_MXR) != 0);
    if (pa == NO_ADDRESS) return 0;
  }
  const need = access == ACCESS_WRITE ? PMP_W : PMP_R;
  const grant = pmpCheck(hs, pa, bytes, need, priv);
  const at = grant == PMP_DENIED ? <usize>0 : frameEntry(pa);
  if (at == 0) {
    if (grant == PMP_DENIED) raiseAccessFault(hs, access, va);
    else deviceAddress = pa;
    return 0;
  }
  const entry = load<u32>(at);
  const wanted = access == ACCESS_WRITE ? FRAME_PRESENT | FRAME_WRITABLE : FRAME_PRESENT;
  if ((entry & wanted) != wanted) {
    if (entry & FRAME_DEVICE) deviceAddress = pa;
    else raiseAccessFault(hs, access, va);
    return 0;
  }
  if (access == ACCESS_WRITE && entry & FRAME_LOG_DIRTY) {
    atomic.or<u32>(at, FRAME_DIRTY);
    atomic.and<u32>(at, ~FRAME_LOG_DIRTY);
  }
  const page = frameHost(entry);
  if (grant == PMP_PAGE) {
    count(hs, HART_STAT_TLB_MISSES);
    tlbFill(hs, array, va, <u32>page - <u32>(va & ~0xfff), priv == PRIV_M ? TLB_BARE : walkKind);
  }
  return page + <usize>(pa & 0xfff);
}

/** Turns raw little-endian bits into the register value that `kind` asks for. */
export function extend(raw: u64, kind: u32): u64 {
  switch (kind) {
    case 4:
      return <u64>(<i64>(<i8>raw));
    case 5:
      return <u64>(<i64>(<i16>raw));
    case 6:
      return <u64>(<i64>(<i32>raw));
    case 9:
      return raw | 0xffff_ffff_ffff_0000;
    case 10:
      return raw | 0xffff_ffff_0000_0000;
    default:
      return raw;
  }
}

function readHost(at: usize, width: u32): u64 {
  switch (width) {
    case 0:
      return <u64>load<u8>(at);
    case 1:
      return <u64>load<u16>(at);
    case 2:
      return <u64>load<u32>(at);
    default:
      return load<u64>(at);
  }
}

function writeHost(at: usize, width: u32, value: u64): void {
  switch (width) {
    case 0:
      store<u8>(at, <u8>value);
      break;
    case 1:
      store<u16>(at, <u16>value);
      break;
    case 2:
      store<u32>(at, <u32>value);
      break;
    default:
      store<u64>(at, value);
  }
}

/** Leaves `run` with an MMIO exit for the machine worker. */
function exitMmio(hs: usize, reason: u32, pending: u32, va: u64, bytes: u64): void {
  store<u32>(hs + HART_TRAP_PENDING, pending);
  store<u32>(hs + HART_MMIO_PENDING, pending);
  store<u64>(hs + HART_MMIO_VADDR, va);
  store<u32>(hs + HART_EXIT_REASON, reason);
  store<u64>(hs + HART_EXIT_ADDRESS, deviceAddress);
  store<u32>(hs + HART_EXIT_SIZE, <u32>bytes);
  store<u32>(hs + HART_EXIT_FAULT, 0);
}

/** A load across a page boundary: both pages are translated before anything is read. */
function loadCross(hs: usize, va: u64, bytes: u64): u64 {
  const first = 0x1000 - (va & 0xfff);
  const low = translate(hs, va, first, ACCESS_READ);
  if (low == 0) {
    if (!isPending(hs)) raiseAccessFault(hs, ACCESS_READ, va);
    return 0;
  }
  const high = translate(hs, va + first, bytes - first, ACCESS_READ);
  if (high == 0) {
    if (!isPending(hs)) raiseAccessFault(hs, ACCESS_READ, va + first);
    return 0;
  }
  let value: u64 = 0;
  for (let i: u64 = 0; i < bytes; i++) {
    const at = i < first ? low + <usize>i : high + <usize>(i - first);
    value |= (<u64>load<u8>(at)) << (i << 3);
  }
  return value;
}

/**
 * Loads for the record with low word `w`.
 *
 * @returns the extended register value
 */
export function loadSlow(hs: usize, va: u64, kind: u32, w: u32): u64 {
  const width = kind & KIND_WIDTH;
  const bytes: u64 = (<u64>1) << width;
  if ((va & 0xfff) + bytes > 0x1000) return extend(loadCross(hs, va, bytes), kind);
  const host = translate(hs, va, bytes, ACCESS_READ);
  if (host) return extend(readHost(host, width), kind);
  if (isPending(hs)) return 0;
  if (va & (bytes - 1)) {
    raiseAccessFault(hs, ACCESS_READ, va);
    return 0;
  }
  if (irqchipOwns(deviceAddress)) return extend(irqchipRead(deviceAddress, <u32>bytes), kind);
  exitMmio(hs, EXIT_REASON_MMIO_READ, PENDING_MMIO_READ, va, bytes);
  store<u32>(hs + HART_MMIO_KIND, kind);
  store<u32>(hs + HART_MMIO_RECORD, w);
  return 0;
}

/** A store across a page boundary: nothing is written unless both pages may be. */
function storeCross(hs: usize, va: u64, bytes: u64, value: u64): void {
  const first = 0x1000 - (va & 0xfff);
  const low = translate(hs, va, first, ACCESS_WRITE);
  if (low == 0) {
    if (!isPending(hs)) raiseAccessFault(hs, ACCESS_WRITE, va);
    return;
  }
  const high = translate(hs, va + first, bytes - first, ACCESS_WRITE);
  if (high == 0) {
    if (!isPending(hs)) raiseAccessFault(hs, ACCESS_WRITE, va + first);
    return;
  }
  for (let i: u64 = 0; i < bytes; i++) {
    const at = i < first ? low + <usize>i : high + <usize>(i - first);
    store<u8>(at, <u8>(value >> (i << 3)));
  }
}

export function storeSlow(hs: usize, va: u64, width: u32, value: u64, w: u32): void {
  const bytes: u64 = (<u64>1) << width;
  if ((va & 0xfff) + bytes > 0x1000) {
    storeCross(hs, va, bytes, value);
    return;
  }
  const host = translate(hs, va, bytes, ACCESS_WRITE);
  if (host) {
    writeHost(host, width, value);
    return;
  }
  if (isPending(hs)) return;
  if (va & (bytes - 1)) {
    raiseAccessFault(hs, ACCESS_WRITE, va);
    return;
  }
  if (irqchipOwns(deviceAddress)) {
    irqchipWrite(deviceAddress, <u32>bytes, value);
    return;
  }
  exitMmio(hs, EXIT_REASON_MMIO_WRITE, PENDING_MMIO_WRITE, va, bytes);
  store<u64>(hs + HART_EXIT_VALUE, bytes == 8 ? value : value & (((<u64>1) << (bytes << 3)) - 1));
  store<u32>(hs + HART_MMIO_RECORD, w);
}

/**
 * Host offset for an atomic access, which must be aligned and in RAM.
 *
 * @param access ACCESS_READ for LR, ACCESS_WRITE for SC, AMO and cbo.zero
 */
export function atomicHost(hs: usize, va: u64, bytes: u64, access: u32): usize {
  const host = translate(hs, va, bytes, access);
  if (host == 0 && !isPending(hs)) raiseAccessFault(hs, access, va);
  return host;
}

/** Bits of `groupAddress`'s `shape` above the span in bytes. */
export const GROUP_WRITES: u32 = 1 << 16;
export const GROUP_WRITES_FIRST: u32 = 1 << 17;

/** Host offset of `va` for a group that runs into the next page; 0 unless memory does so, too. */
function straddling(array: usize, va: u64): u32 {
  const page = va & ~0xfff;
  const next = page + 0x1000;
  const low = tlbSlot(array, page);
  const high = tlbSlot(array, next);
  if (next == 0 || load<u64>(low) != page || load<u64>(high) != next) return 0;
  const addend = load<u32>(low, 8);
  return addend == load<u32>(high, 8) ? addend + <u32>va : 0;
}

/**
 * Host offset of `va` for a group of accesses that translated code is about to make from `va` on, the
 * first of them at once. Has no effect that the first access has not, and raises nothing.
 *
 * @param shape the span in bytes; whether any of them writes; whether the first does
 * @param site offset of the site's entry from the mode's arrays, 0 for none
 * @returns 0 when the group is not in one cached page that allows it, or two that are neighbours
 */
export function groupAddress(hs: usize, va: u64, shape: u32, site: u32): u32 {
  const tlb = <usize>load<u32>(hs + HART_TLB_DATA);
  const span = <u64>(shape & 0xffff);
  const array = tlb + (shape & GROUP_WRITES ? TLB_ARRAY_BYTES : 0);
  const at = tlbSlot(array, va);
  if (va - load<u64>(at) > 4096 - span) {
    if ((va & 0xfff) + span > 4096) return straddling(array, va);
    const writes = (shape & GROUP_WRITES_FIRST) != 0;
    translate(hs, va, span, writes ? ACCESS_WRITE : ACCESS_READ);
    store<u32>(hs + HART_TRAP_PENDING, PENDING_NONE);
    if (va - load<u64>(at) > 4096 - span) return 0;
  }
  const addend = load<u32>(at, 8);
  if (site) {
    store<u64>(tlb + site, load<u64>(at));
    store<u32>(tlb + site, addend, 8);
  }
  return addend + <u32>va;
}
