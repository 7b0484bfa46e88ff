/**
 * How a slow path tells the run loop that the current instruction did not complete. The loop
 * checks HART.trapPending after every call that may set it, so no exception mechanism is needed.
 */
import {
  CAUSE_ILLEGAL_INSTRUCTION,
  HART_PC,
  HART_TRAP_CAUSE,
  HART_TRAP_PENDING,
  HART_TRAP_VALUE,
  PENDING_REENTER,
  PENDING_TRAP,
} from "../generated/layout";

/** Raises an exception: `cause` as in mcause, `value` for mtval. The first one wins. */
export function raise(hs: usize, cause: u64, value: u64): void {
  store<u32>(hs + HART_TRAP_PENDING, PENDING_TRAP);
  store<u64>(hs + HART_TRAP_CAUSE, cause);
  store<u64>(hs + HART_TRAP_VALUE, value);
}

export function isPending(hs: usize): bool {
  return load<u32>(hs + HART_TRAP_PENDING) != 0;
}

/** Continues at `pc` after the run loop reloaded what it keeps in locals. */
export function reenter(hs: usize, pc: u64): void {
  store<u64>(hs + HART_PC, pc);
  store<u32>(hs + HART_TRAP_PENDING, PENDING_REENTER);
}

/** Raises an illegal-instruction exception; the run loop fetches the bits for mtval. */
export function raiseIllegal(hs: usize): void {
  raise(hs, CAUSE_ILLEGAL_INSTRUCTION, 0);
}
