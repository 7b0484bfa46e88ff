/**
 * Sleeping instead of spinning. With more vCPUs than processors, the hart that others wait for is
 * often not running: whoever spins takes the processor that it needs. A stall leaves guest code as
 * WFI does, with a deadline that is near.
 */
import {
  CONTROL_BASE,
  CONTROL_HARTS,
  EXIT_REASON_WFI,
  HART_BASE,
  HART_EVENTS,
  HART_EXIT_REASON,
  HART_MSTATUS,
  HART_PRIV,
  HART_RESERVATION,
  HART_RESERVATION_BYTES,
  HART_RESERVATION_VALUE,
  HART_STATE,
  HART_STRIDE,
  HART_TRAP_PENDING,
  HART_WFI_DEADLINE,
  HART_PC,
  PENDING_WFI,
  HART_STATE_RUNNING,
  TIMEBASE_HZ,
} from "../generated/layout";
import { nextDeadline } from "./interrupts";
import { PRIV_M, PRIV_S, STATUS_MPP, STATUS_MPP_SHIFT } from "./status";
import { guestTime } from "./time";

/** 50 µs: what a host's sleep takes at least. */
const STALL_TICKS: u64 = <u64>(TIMEBASE_HZ / 20_000);
/** Looks at a reservation before the hart sleeps, about 20 µs: locks are held for less. */
const LOOKS: u32 = 8192;

/** Asks the hart's worker to sleep until an event, a timer's deadline or the stall's end. */
export function stall(hs: usize): void {
  const now = guestTime();
  const deadline = nextDeadline(hs);
  // A timer that has expired already does not count: its interrupt may be off.
  const end = now + STALL_TICKS;
  store<u64>(hs + HART_WFI_DEADLINE, deadline > now && deadline < end ? deadline : end);
  store<u32>(hs + HART_EXIT_REASON, EXIT_REASON_WFI);
}

/** Whether nobody has stored to the reserved word; false as well without a reservation. */
function reservationStands(hs: usize): bool {
  const host = <usize>load<u32>(hs + HART_RESERVATION);
  if (host == 0) return false;
  const value = load<u64>(hs + HART_RESERVATION_VALUE);
  if (load<u32>(hs + HART_RESERVATION_BYTES) == 4) return atomic.load<u32>(host) == <u32>value;
  return atomic.load<u64>(host) == value;
}

/** WRS: waits for a store to the reserved word, and lets the wait end after a while (Zawrs). */
export function stallOnReservation(hs: usize): void {
  // A single hart would wait for itself.
  if (load<u32>(CONTROL_BASE + CONTROL_HARTS) == 1) return;
  for (let i: u32 = 0; i < LOOKS; i++) {
    if (!reservationStands(hs) || atomic.load<u32>(hs + HART_EVENTS) != 0) return;
  }
  store<u64>(hs + HART_PC, load<u64>(hs + HART_PC) + 4);
  stall(hs);
  store<u32>(hs + HART_TRAP_PENDING, PENDING_WFI);
}

/** Whether the hart is in M-mode on behalf of S-mode: in its SBI's code. */
export function servesSupervisor(hs: usize): bool {
  if (load<u32>(hs + HART_PRIV) != PRIV_M) return false;
  return (load<u64>(hs + HART_MSTATUS) & STATUS_MPP) >> STATUS_MPP_SHIFT == <u64>PRIV_S;
}

/** Whether another hart is in guest code, and could be what this one waits for. */
export function othersRun(hs: usize): bool {
  const harts = load<u32>(CONTROL_BASE + CONTROL_HARTS);
  for (let i: u32 = 0; i < harts; i++) {
    const other = HART_BASE + i * HART_STRIDE;
    if (other != hs && atomic.load<u32>(other + HART_STATE) == HART_STATE_RUNNING) return true;
  }
  return false;
}
