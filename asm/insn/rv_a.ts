/**
 * A and Zacas as real Wasm atomics on the host address (unprivileged manual §13–14). Wasm atomics
 * are sequentially consistent; with the fence behind them where plain accesses need one, this is at least
 * what aq and rl ask for (docs/memory-model.md).
 *
 * A reservation is the host address and the value loaded; SC is a compare-and-exchange with that
 * value. A store of the same value in between goes unnoticed, as in QEMU.
 */
import { afterAtomic } from "../hart/fence";
import { rs1Of, rs2Of, setRd } from "../hart/operands";
import { isPending, raise, raiseIllegal } from "../hart/pending";
import {
  HART_RESERVATION,
  HART_RESERVATION_BYTES,
  HART_RESERVATION_VALUE,
  HART_X,
} from "../generated/layout";
import { lockIrqchip, unlockIrqchip } from "../irqchip/lock";
import { tlbArray, tlbSlot, dataMode } from "../mmu/tlb";
import { atomicHost } from "../mmu/access";
import { ACCESS_READ, ACCESS_WRITE } from "../mmu/walk";

const CAUSE_LOAD_MISALIGNED: u64 = 4;
const CAUSE_STORE_MISALIGNED: u64 = 6;

/** Host address of an atomic's operand, 0 with a pending trap. */
function hostOf(hs: usize, w: u32, bytes: u64, access: u32): usize {
  const va = rs1Of(hs, w);
  if (va & (bytes - 1)) {
    raise(hs, access == ACCESS_READ ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, va);
    return 0;
  }
  const at = tlbSlot(tlbArray(hs, dataMode(hs), access), va);
  if (load<u64>(at) == (va & ~0xfff)) return <usize>(load<u32>(at, 8) + <u32>va);
  return atomicHost(hs, va, bytes, access);
}

function reserve(hs: usize, host: usize, bytes: u32, value: u64): void {
  store<u32>(hs + HART_RESERVATION, <u32>host);
  store<u32>(hs + HART_RESERVATION_BYTES, bytes);
  store<u64>(hs + HART_RESERVATION_VALUE, value);
}

/** Whether the reservation covers `host`; it is gone afterwards, whatever the answer. */
function takeReservation(hs: usize, host: usize, bytes: u32): bool {
  const held =
    load<u32>(hs + HART_RESERVATION) == <u32>host &&
    load<u32>(hs + HART_RESERVATION_BYTES) == bytes;
  store<u32>(hs + HART_RESERVATION, 0);
  return held;
}

/** The result of an AMO or SC. */
function setOld(hs: usize, w: u32, value: u64): void {
  setRd(hs, w, value);
  afterAtomic();
}

function setWord(hs: usize, w: u32, value: u32): void {
  setOld(hs, w, <u64>(<i64>(<i32>value)));
}

export function execLrW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_READ);
  if (host == 0) return;
  const value = atomic.load<u32>(host);
  reserve(hs, host, 4, <u64>value);
  setRd(hs, w, <u64>(<i64>(<i32>value)));
}

export function execLrD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_READ);
  if (host == 0) return;
  const value = atomic.load<u64>(host);
  reserve(hs, host, 8, value);
  setRd(hs, w, value);
}

export function execScW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host == 0) return;
  let failed: u64 = 1;
  if (takeReservation(hs, host, 4)) {
    const old = <u32>load<u64>(hs + HART_RESERVATION_VALUE);
    if (atomic.cmpxchg<u32>(host, old, <u32>rs2Of(hs, w)) == old) failed = 0;
  }
  setOld(hs, w, failed);
}

export function execScD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host == 0) return;
  let failed: u64 = 1;
  if (takeReservation(hs, host, 8)) {
    const old = load<u64>(hs + HART_RESERVATION_VALUE);
    if (atomic.cmpxchg<u64>(host, old, rs2Of(hs, w)) == old) failed = 0;
  }
  setOld(hs, w, failed);
}

/** Which minimum or maximum: bit 0 maximum, bit 1 unsigned. */
const PICK_MIN: u32 = 0;
const PICK_MAX: u32 = 1;
const PICK_MINU: u32 = 2;
const PICK_MAXU: u32 = 3;

function pickWord(a: u32, b: u32, pick: u32): u32 {
  const less = pick & 2 ? a < b : <i32>a < <i32>b;
  return less != ((pick & 1) != 0) ? a : b;
}

function pickDouble(a: u64, b: u64, pick: u32): u64 {
  const less = pick & 2 ? a < b : <i64>a < <i64>b;
  return less != ((pick & 1) != 0) ? a : b;
}

/** Wasm has no atomic minimum and maximum: compare and exchange until nobody came between. */
function amoPickWord(hs: usize, w: u32, pick: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host == 0) return;
  const operand = <u32>rs2Of(hs, w);
  let old = atomic.load<u32>(host);
  for (;;) {
    const seen = atomic.cmpxchg<u32>(host, old, pickWord(old, operand, pick));
    if (seen == old) break;
    old = seen;
  }
  setWord(hs, w, old);
}

function amoPickDouble(hs: usize, w: u32, pick: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host == 0) return;
  const operand = rs2Of(hs, w);
  let old = atomic.load<u64>(host);
  for (;;) {
    const seen = atomic.cmpxchg<u64>(host, old, pickDouble(old, operand, pick));
    if (seen == old) break;
    old = seen;
  }
  setOld(hs, w, old);
}

export function execAmoswapW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.xchg<u32>(host, <u32>rs2Of(hs, w)));
}

export function execAmoaddW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.add<u32>(host, <u32>rs2Of(hs, w)));
}

export function execAmoxorW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.xor<u32>(host, <u32>rs2Of(hs, w)));
}

export function execAmoandW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.and<u32>(host, <u32>rs2Of(hs, w)));
}

export function execAmoorW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.or<u32>(host, <u32>rs2Of(hs, w)));
}

export function execAmominW(hs: usize, w: u32, _imm: u32): void {
  amoPickWord(hs, w, PICK_MIN);
}

export function execAmomaxW(hs: usize, w: u32, _imm: u32): void {
  amoPickWord(hs, w, PICK_MAX);
}

export function execAmominuW(hs: usize, w: u32, _imm: u32): void {
  amoPickWord(hs, w, PICK_MINU);
}

export function execAmomaxuW(hs: usize, w: u32, _imm: u32): void {
  amoPickWord(hs, w, PICK_MAXU);
}

export function execAmoswapD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.xchg<u64>(host, rs2Of(hs, w)));
}

export function execAmoaddD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.add<u64>(host, rs2Of(hs, w)));
}

export function execAmoxorD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.xor<u64>(host, rs2Of(hs, w)));
}

export function execAmoandD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.and<u64>(host, rs2Of(hs, w)));
}

export function execAmoorD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.or<u64>(host, rs2Of(hs, w)));
}

export function execAmominD(hs: usize, w: u32, _imm: u32): void {
  amoPickDouble(hs, w, PICK_MIN);
}

export function execAmomaxD(hs: usize, w: u32, _imm: u32): void {
  amoPickDouble(hs, w, PICK_MAX);
}

export function execAmominuD(hs: usize, w: u32, _imm: u32): void {
  amoPickDouble(hs, w, PICK_MINU);
}

export function execAmomaxuD(hs: usize, w: u32, _imm: u32): void {
  amoPickDouble(hs, w, PICK_MAXU);
}

function rdOf(hs: usize, w: u32): u64 {
  return load<u64>(hs + HART_X + <usize>((w >> 8) & 0xf8));
}

export function execAmocasW(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 4, ACCESS_WRITE);
  if (host) setWord(hs, w, atomic.cmpxchg<u32>(host, <u32>rdOf(hs, w), <u32>rs2Of(hs, w)));
}

export function execAmocasD(hs: usize, w: u32, _imm: u32): void {
  const host = hostOf(hs, w, 8, ACCESS_WRITE);
  if (host) setOld(hs, w, atomic.cmpxchg<u64>(host, rdOf(hs, w), rs2Of(hs, w)));
}

/**
 * 128 bits: Wasm has no such operation. A lock makes AMOCAS.Q atomic towards itself; an ordinary
 * store of another hart can come between its halves (docs/isa.md names the limit).
 */
export function execAmocasQ(hs: usize, w: u32, _imm: u32): void {
  const rd = <usize>((w >> 8) & 0xf8);
  const rs2 = <usize>((w >> 24) & 0xf8);
  if ((rd | rs2) & 8) {
    raiseIllegal(hs);
    return;
  }
  const host = hostOf(hs, w, 16, ACCESS_WRITE);
  if (host == 0 || isPending(hs)) return;
  const x = hs + HART_X;
  // A pair that starts at x0 reads as zero in both halves (§14.1).
  const expectLow = rd ? load<u64>(x + rd) : 0;
  const expectHigh = rd ? load<u64>(x + rd, 8) : 0;
  lockIrqchip();
  const low = atomic.load<u64>(host);
  const high = atomic.load<u64>(host + 8);
  if (low == expectLow && high == expectHigh) {
    atomic.store<u64>(host, rs2 ? load<u64>(x + rs2) : 0);
    atomic.store<u64>(host + 8, rs2 ? load<u64>(x + rs2, 8) : 0);
  }
  unlockIrqchip();
  afterAtomic();
  if (rd) {
    store<u64>(x + rd, low);
    store<u64>(x + rd, high, 8);
  }
}
