/**
 * RISC-V ACLINT in the places of a SiFive CLINT: MSWI at 0x0000, MTIMER's mtimecmp at 0x4000 and
 * mtime at 0xbff8. Every register may be read and written in 32-bit halves.
 */
import {
  ACLINT_BASE,
  ACLINT_MSIP,
  ACLINT_MTIMECMP,
  CONTROL_BASE,
  CONTROL_HARTS,
  CONTROL_TIME_OFFSET,
} from "../generated/layout";
import { guestTime } from "../hart/time";
import { MIP_MSIP, driveHartLine, wakeHart } from "./hart-lines";

const MTIMECMP_AT: u32 = 0x4000;
const MTIME_AT: u32 = 0xbff8;

function harts(): u32 {
  return load<u32>(CONTROL_BASE + CONTROL_HARTS);
}

function msipAt(hart: u32): usize {
  return ACLINT_BASE + ACLINT_MSIP + ((<usize>hart) << 2);
}

function mtimecmpAt(hart: u32): usize {
  return ACLINT_BASE + ACLINT_MTIMECMP + ((<usize>hart) << 3);
}

/** When the machine timer interrupt of a hart becomes pending, in ticks of guest time. */
export function aclintMtimecmp(hart: u32): u64 {
  return atomic.load<u64>(mtimecmpAt(hart));
}

/** mip.MTIP of a hart (privileged manual §3.2.1). */
export function aclintTimerPending(hart: u32): bool {
  return guestTime() >= aclintMtimecmp(hart);
}

/** The part of a 64-bit register that an access of `bytes` at `offset` sees. */
function narrow(value: u64, offset: u32, bytes: u32): u64 {
  if (bytes == 8) return value;
  return (value >> ((offset & 7) << 3)) & (((<u64>1) << (bytes << 3)) - 1);
}

/** The 64-bit register's new contents after a write of 4 or 8 bytes at `offset`. */
function widen(old: u64, offset: u32, bytes: u32, value: u64): u64 {
  if (bytes == 8) return value;
  return offset & 4
    ? (old & 0xffff_ffff) | (value << 32)
    : ((old >> 32) << 32) | (value & 0xffff_ffff);
}

/** Reads `bytes` at `offset` into the 64 KiB window, naturally aligned; the rest reads zero. */
export function aclintRead(offset: u32, bytes: u32): u64 {
  if (offset < MTIMECMP_AT) {
    const hart = offset >> 2;
    return hart < harts() ? narrow(atomic.load<u32>(msipAt(hart)), offset & 3, bytes) : 0;
  }
  if (offset >= MTIME_AT) return offset < MTIME_AT + 8 ? narrow(guestTime(), offset, bytes) : 0;
  const hart = (offset - MTIMECMP_AT) >> 3;
  return hart < harts() ? narrow(aclintMtimecmp(hart), offset, bytes) : 0;
}

function writeMsip(hart: u32, value: u32): void {
  if (hart >= harts()) return;
  atomic.store<u32>(msipAt(hart), value & 1);
  driveHartLine(hart, MIP_MSIP, (value & 1) != 0);
}

function writeMtime(offset: u32, bytes: u32, value: u64): void {
  const now = guestTime();
  atomic.add<u64>(CONTROL_BASE + CONTROL_TIME_OFFSET, widen(now, offset, bytes, value) - now);
  const count = harts();
  for (let hart: u32 = 0; hart < count; hart++) wakeHart(hart);
}

/** Writes 4 or 8 bytes, naturally aligned; the caller holds the irqchip's lock. */
export function aclintWrite(offset: u32, bytes: u32, value: u64): void {
  if (bytes < 4) return;
  if (offset < MTIMECMP_AT) {
    writeMsip(offset >> 2, <u32>value);
    if (bytes == 8) writeMsip((offset >> 2) + 1, <u32>(value >> 32));
    return;
  }
  if (offset >= MTIME_AT) {
    if (offset < MTIME_AT + 8) writeMtime(offset, bytes, value);
    return;
  }
  const hart = (offset - MTIMECMP_AT) >> 3;
  if (hart >= harts()) return;
  atomic.store<u64>(mtimecmpAt(hart), widen(aclintMtimecmp(hart), offset, bytes, value));
  // The hart compares time with mtimecmp itself; a later deadline lowers MTIP, an earlier raises.
  wakeHart(hart);
}
