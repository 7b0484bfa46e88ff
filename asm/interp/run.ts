/**
 * The hart's outer loop: between stretches of guest code it looks at requests, timers and
 * interrupts, delivers traps, and leaves with an exit (KVM_RUN's analogue).
 */
import { exec } from "../generated/exec";
import {
  CAUSE_ILLEGAL_INSTRUCTION,
  EVENT_FENCE_I,
  EVENT_FLUSH_TLB,
  EVENT_IRQ,
  EVENT_REQUEST,
  EXIT_REASON_BUDGET,
  EXIT_REASON_FATAL,
  EXIT_REASON_REQUEST,
  EXIT_REASON_WFI,
  FATAL_TRIPLE_FAULT,
  HART_EVENTS,
  HART_EXIT_FAULT,
  HART_EXIT_REASON,
  HART_EXIT_VALUE,
  HART_F,
  HART_FATAL,
  HART_INSTRET,
  HART_JIT_OPEN,
  HART_MMIO_KIND,
  HART_MMIO_PENDING,
  HART_MMIO_RECORD,
  HART_MMIO_VADDR,
  HART_NEXT_POLL,
  HART_PC,
  HART_PRIV,
  HART_RUN_END,
  HART_STAT_EXITS,
  HART_TRAP_CAUSE,
  HART_TRAP_PENDING,
  HART_TRAP_VALUE,
  PENDING_MMIO_READ,
  PENDING_NONE,
  PENDING_REENTER,
  PENDING_TRAP,
} from "../generated/layout";
import { interruptToTake, NO_INTERRUPT, pollTimers } from "../hart/interrupts";
import { setRd } from "../hart/operands";
import { othersRun, servesSupervisor, stall } from "../hart/stall";
import { count } from "../hart/stats";
import { markFpDirty, PRIV_M } from "../hart/status";
import { takeInterrupt, takeTrap } from "../hart/trap";
import { openCodeCache } from "../jit/code-cache";
import { translateWhenDue } from "../jit/translate";
import { extend, KIND_FLOAT } from "../mmu/access";
import { fetchFence } from "../mmu/fetch-fence";
import { tlbFlushAll } from "../mmu/tlb";
import { ACCESS_READ, ACCESS_WRITE, raiseAccessFault } from "../mmu/walk";
import { fetchBits } from "./fetch";

/** Instructions between two looks at the clock and at HART.events: about 30 µs. */
const POLL_INTERVAL: u64 = 8192;
/** Rounds of the outer loop between two looks at the latest: traps retire no instructions. */
const POLL_ROUNDS: u64 = 256;

/** Finishes the load or store that left with an MMIO exit. */
function completeMmio(hs: usize): void {
  const pending = load<u32>(hs + HART_MMIO_PENDING);
  store<u32>(hs + HART_MMIO_PENDING, PENDING_NONE);
  const isRead = pending == PENDING_MMIO_READ;
  if (load<u32>(hs + HART_EXIT_FAULT)) {
    raiseAccessFault(hs, isRead ? ACCESS_READ : ACCESS_WRITE, load<u64>(hs + HART_MMIO_VADDR));
    return;
  }
  const w = load<u32>(hs + HART_MMIO_RECORD);
  if (isRead) {
    const kind = load<u32>(hs + HART_MMIO_KIND);
    const value = extend(load<u64>(hs + HART_EXIT_VALUE), kind);
    if (kind & KIND_FLOAT) {
      store<u64>(hs + HART_F + <usize>((w >> 8) & 0xf8), value);
      markFpDirty(hs);
    } else {
      setRd(hs, w, value);
    }
  }
  const length: u64 = w & 0x100_0000 ? 4 : 2;
  store<u64>(hs + HART_PC, load<u64>(hs + HART_PC) + length);
  store<u64>(hs + HART_INSTRET, load<u64>(hs + HART_INSTRET) + 1);
}

/** Acts on HART.events. @returns true when `run` must leave */
function takeEvents(hs: usize): bool {
  if (atomic.load<u32>(hs + HART_EVENTS) == 0) return false;
  const events = atomic.xchg<u32>(hs + HART_EVENTS, 0);
  // Somebody may have moved this hart's mtimecmp; to stay pending then would be one trap too many.
  if (events & EVENT_IRQ) pollTimers(hs);
  if (events & EVENT_FENCE_I) fetchFence(hs);
  if (events & EVENT_FLUSH_TLB) tlbFlushAll(hs);
  return (events & EVENT_REQUEST) != 0;
}

/**
 * Delivers the pending exception.
 *
 * @returns false when M-mode's handler itself cannot run: it faults at its first instruction, and
 *   with interrupts off nothing else can ever happen
 */
function deliver(hs: usize): bool {
  const cause = load<u64>(hs + HART_TRAP_CAUSE);
  let value = load<u64>(hs + HART_TRAP_VALUE);
  const pc = load<u64>(hs + HART_PC);
  const fromMachine = load<u32>(hs + HART_PRIV) == PRIV_M;
  store<u32>(hs + HART_TRAP_PENDING, PENDING_NONE);
  if (cause == CAUSE_ILLEGAL_INSTRUCTION) {
    value = <u64>fetchBits(hs, pc);
    store<u32>(hs + HART_TRAP_PENDING, PENDING_NONE);
  }
  takeTrap(hs, cause, value);
  return !(fromMachine && load<u64>(hs + HART_PC) == pc);
}

function leave(hs: usize, reason: u32): u32 {
  store<u32>(hs + HART_EXIT_REASON, reason);
  count(hs, HART_STAT_EXITS + ((<usize>reason) << 3));
  return reason;
}

/** What follows a stretch of guest code. @returns an exit reason, or -1 to go on */
function afterExec(hs: usize): i32 {
  const pending = load<u32>(hs + HART_TRAP_PENDING);
  if (pending == PENDING_NONE) return -1;
  if (pending == PENDING_TRAP) {
    if (deliver(hs)) return -1;
    store<u32>(hs + HART_FATAL, FATAL_TRIPLE_FAULT);
    return EXIT_REASON_FATAL;
  }
  store<u32>(hs + HART_TRAP_PENDING, PENDING_NONE);
  return pending == PENDING_REENTER ? -1 : <i32>load<u32>(hs + HART_EXIT_REASON);
}

/** Executes until an exit; `budget` instructions at most, about, when it is not 0. */
export function runHart(hs: usize, budget: u32): u32 {
  const end = budget ? load<u64>(hs + HART_INSTRET) + <u64>budget : ~0;
  if (load<u32>(hs + HART_MMIO_PENDING)) {
    completeMmio(hs);
    if (afterExec(hs) >= 0) return leave(hs, EXIT_REASON_FATAL);
  }
  if (!load<u32>(hs + HART_JIT_OPEN)) openCodeCache(hs);
  store<u64>(hs + HART_NEXT_POLL, 0);
  store<u64>(hs + HART_RUN_END, end);
  let rounds: u64 = 0;
  /** In the SBI's code since the poll before: such a service takes a fraction of that time. */
  let serving = false;
  while (true) {
    const now = load<u64>(hs + HART_INSTRET);
    if (takeEvents(hs)) return leave(hs, EXIT_REASON_REQUEST);
    rounds++;
    if (now >= load<u64>(hs + HART_NEXT_POLL) || rounds % POLL_ROUNDS == 0) {
      pollTimers(hs);
      translateWhenDue(hs);
      store<u64>(hs + HART_NEXT_POLL, now + POLL_INTERVAL);
      // It spins, for a lock or for another hart to answer: that one shall have the processor.
      if (serving && servesSupervisor(hs) && othersRun(hs)) {
        stall(hs);
        return leave(hs, EXIT_REASON_WFI);
      }
      serving = servesSupervisor(hs);
    }
    // A guest that only traps from trap to trap uses its budget up, too.
    if (now >= end || (budget && rounds > <u64>budget)) return leave(hs, EXIT_REASON_BUDGET);
    const interrupt = interruptToTake(hs);
    if (interrupt != NO_INTERRUPT) takeInterrupt(hs, interrupt);
    exec(hs, min(load<u64>(hs + HART_NEXT_POLL), end));
    const reason = afterExec(hs);
    if (reason >= 0) return leave(hs, <u32>reason);
  }
}
