/** Entering translated code and following it from region to region. */
import {
  DECODE_ENTRIES,
  HART_EVENTS,
  HART_INSTRET,
  HART_JIT_ERA,
  HART_JIT_LEFT,
  HART_JIT_LIMIT,
  HART_JIT_STOP,
  HART_PRIV,
  HART_RUN_END,
  HART_STAT_ENTRIES,
  HART_STAT_STOPS,
  HART_STAT_TRANSLATED,
  HART_TRAP_PENDING,
  PENDING_NONE,
  PENDING_REENTER,
  PENDING_TRAP,
  REGION_STOP_COLD,
  REGION_STOP_DEVICE,
  REGION_STOP_INTERPRETER,
  REGION_STOP_POLL,
  REGION_STOP_TRAP,
} from "../generated/layout";
import { interruptToTake, NO_INTERRUPT, pollTimers } from "../hart/interrupts";
import { count, countBy } from "../hart/stats";
import { modeOf, tlbArray, tlbSlot } from "../mmu/tlb";
import { revive } from "./code-cache";
import { refreshFloat } from "./float-state";

/** Nested calls before a region stops instead of calling: bounds the engine's stack. */
const MAX_DEPTH: i32 = 200;

/** Instructions of translated code between two looks at the clock: 10 to 60 µs. */
const POLL_INTERVAL: u64 = 32768;

/** A region is left after 2^ERA_BITS instructions at the latest: some 100 µs. */
const ERA_BITS: u64 = 18;

/** Table slot of an entry word. */
const SLOT_MASK: u32 = 0x7fff_ffff;

/** Publishes retired instructions as of HART.jitLeft. */
function settle(hs: usize): u64 {
  const left = <i64>load<i32>(hs + HART_JIT_LEFT);
  const retired = load<u64>(hs + HART_JIT_LIMIT) - <u64>left;
  store<u64>(hs + HART_INSTRET, retired);
  return retired;
}

function arm(hs: usize, retired: u64, limit: u64): void {
  store<u64>(hs + HART_JIT_LIMIT, limit);
  store<i32>(hs + HART_JIT_LEFT, <i32>(limit - retired));
}

/** No address: what `followRegions` never arrives at. */
const NOWHERE: u64 = 1;

/**
 * Runs the region of entry word `state` of decode page `base`, mapped at `pc`'s page, and the regions
 * that it leads to.
 *
 * @returns where execution goes on; bit 0 set: the interpreter must look before anything else
 */
export function runRegion(hs: usize, base: usize, state: u32, pc: u64, n: u64, limit: u64): u64 {
  arm(hs, n, limit);
  refreshFloat(hs);
  const first = call_indirect<u64>(state & SLOT_MASK, <i32>hs, <i32>base, pc & ~0xfff, MAX_DEPTH);
  const next = followRegions(hs, first, NOWHERE, MAX_DEPTH);
  let retired = settle(hs);
  // Complete, and with HART.pc behind it: the region counted it as one that is not.
  if (load<u32>(hs + HART_TRAP_PENDING) == PENDING_REENTER)
    store<u64>(hs + HART_INSTRET, ++retired);
  countBy(hs, HART_STAT_TRANSLATED, retired - n);
  count(hs, HART_STAT_ENTRIES);
  if (!(next & 1)) return next;
  // What is cold is to be counted there, and translated in time.
  return stopCause(hs) == REGION_STOP_COLD ? next & ~1 : next;
}

/** Counts a stop of translated code by its cause. @returns the cause */
function stopCause(hs: usize): u32 {
  const said = load<u32>(hs + HART_JIT_STOP);
  const pending = load<u32>(hs + HART_TRAP_PENDING);
  let cause = REGION_STOP_INTERPRETER;
  if (pending == PENDING_TRAP) cause = REGION_STOP_TRAP;
  else if (pending != PENDING_NONE) cause = pending == PENDING_REENTER ? cause : REGION_STOP_DEVICE;
  else if (load<i32>(hs + HART_JIT_LEFT) < 0) cause = REGION_STOP_POLL;
  else if (said) cause = said - 1;
  store<u32>(hs + HART_JIT_STOP, 0);
  count(hs, HART_STAT_STOPS + ((<usize>cause) << 3));
  return cause;
}

/** A stop because there is nothing to go on with at `pc`. */
function stopCold(hs: usize, pc: u64): u64 {
  store<u32>(hs + HART_JIT_STOP, REGION_STOP_COLD + 1);
  return pc | 1;
}

/**
 * Called by a region whose call went, or came back, somewhere else than expected, too: follows translated
 * code from `pc` until it arrives at `expected`.
 *
 * @param depth calls left of the region that calls: those followed have one less, since whatever they
 *   call may return elsewhere, too, and be followed from inside them
 * @returns `expected`, or an address with bit 0 set for the interpreter
 */
export function followRegions(hs: usize, pc: u64, expected: u64, depth: i32): u64 {
  const array = tlbArray(hs, modeOf(load<u32>(hs + HART_PRIV), false), 2);
  while (!(pc & 1) && pc != expected) {
    if (load<i32>(hs + HART_JIT_LEFT) < 0 || depth <= 0) return pc | 1;
    const slot = tlbSlot(array, pc);
    if (load<u64>(slot) != (pc & ~0xfff)) return stopCold(hs, pc);
    const base = <usize>load<u32>(slot, 8);
    const entry = base + DECODE_ENTRIES + ((<usize>(pc & 0xfff)) << 1);
    let state = load<u32>(entry);
    if (<i32>state >= 0) {
      if (!revive(hs, state)) return stopCold(hs, pc);
      state = load<u32>(entry);
    }
    pc = call_indirect<u64>(state & SLOT_MASK, <i32>hs, <i32>base, pc & ~0xfff, depth - 1);
  }
  return pc;
}

/**
 * Called at a back edge when HART.jitLeft ran out.
 *
 * @returns 1 when the region must stop, 0 to go on with a fresh HART.jitLeft
 */
export function pollRegion(hs: usize): i32 {
  const retired = settle(hs);
  if (retired >= load<u64>(hs + HART_RUN_END)) return 1;
  if (atomic.load<u32>(hs + HART_EVENTS)) return 1;
  // Engines put optimised code in place at calls only, never under a running loop: leave it often.
  const era = <u32>(retired >> ERA_BITS);
  if (load<u32>(hs + HART_JIT_ERA) != era) {
    store<u32>(hs + HART_JIT_ERA, era);
    return 1;
  }
  pollTimers(hs);
  if (interruptToTake(hs) != NO_INTERRUPT) return 1;
  arm(hs, retired, min(retired + POLL_INTERVAL, load<u64>(hs + HART_RUN_END)));
  return 0;
}
