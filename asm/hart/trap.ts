/** Trap entry and return (privileged manual §3.1.6.1, §3.1.7–8, §3.3.2, §12.1). */
import {
  HART_MCAUSE,
  HART_MEDELEG,
  HART_MEPC,
  HART_MSTATUS,
  HART_MTVAL,
  HART_MTVEC,
  HART_PC,
  HART_PRIV,
  HART_RESERVATION,
  HART_SCAUSE,
  HART_SEPC,
  HART_STAT_INTERRUPTS,
  HART_STAT_TRAPS,
  HART_STVAL,
  HART_STVEC,
} from "../generated/layout";
import { TO_SUPERVISOR } from "./interrupts";
import { count } from "./stats";
import {
  PRIV_M,
  PRIV_S,
  PRIV_U,
  privOf,
  STATUS_MIE,
  STATUS_MPIE,
  STATUS_MPP,
  STATUS_MPP_SHIFT,
  STATUS_MPRV,
  STATUS_SIE,
  STATUS_SPIE,
  STATUS_SPP,
} from "./status";

const CAUSE_INTERRUPT: u64 = 1 << 63;

function vector(tvec: u64, cause: u64): u64 {
  const base = tvec & ~3;
  return tvec & 1 && cause & CAUSE_INTERRUPT ? base + ((cause & 63) << 2) : base;
}

function enterSupervisor(hs: usize, cause: u64, value: u64, epc: u64): void {
  let status = load<u64>(hs + HART_MSTATUS);
  const enabled = (status & STATUS_SIE) != 0;
  status &= ~(STATUS_SIE | STATUS_SPIE | STATUS_SPP);
  if (enabled) status |= STATUS_SPIE;
  if (privOf(hs) == PRIV_S) status |= STATUS_SPP;
  store<u64>(hs + HART_MSTATUS, status);
  store<u64>(hs + HART_SCAUSE, cause);
  store<u64>(hs + HART_SEPC, epc);
  store<u64>(hs + HART_STVAL, value);
  store<u32>(hs + HART_PRIV, PRIV_S);
  store<u64>(hs + HART_PC, vector(load<u64>(hs + HART_STVEC), cause));
}

function enterMachine(hs: usize, cause: u64, value: u64, epc: u64): void {
  let status = load<u64>(hs + HART_MSTATUS);
  const enabled = (status & STATUS_MIE) != 0;
  status &= ~(STATUS_MIE | STATUS_MPIE | STATUS_MPP);
  if (enabled) status |= STATUS_MPIE;
  status |= (<u64>privOf(hs)) << STATUS_MPP_SHIFT;
  store<u64>(hs + HART_MSTATUS, status);
  store<u64>(hs + HART_MCAUSE, cause);
  store<u64>(hs + HART_MEPC, epc);
  store<u64>(hs + HART_MTVAL, value);
  store<u32>(hs + HART_PRIV, PRIV_M);
  store<u64>(hs + HART_PC, vector(load<u64>(hs + HART_MTVEC), cause));
}

/** Counts a trap and ends what no trap leaves standing. */
function beginTrap(hs: usize, counter: usize): void {
  count(hs, counter);
  // An SC after any trap may fail; failing always keeps a context switch from pairing with it.
  store<u32>(hs + HART_RESERVATION, 0);
}

/** Takes an exception at HART.pc; afterwards HART.pc is the handler. */
export function takeTrap(hs: usize, cause: u64, value: u64): void {
  const epc = load<u64>(hs + HART_PC);
  beginTrap(hs, HART_STAT_TRAPS);
  const delegated = (load<u64>(hs + HART_MEDELEG) >> (cause & 63)) & 1;
  if (privOf(hs) != PRIV_M && delegated) enterSupervisor(hs, cause, value, epc);
  else enterMachine(hs, cause, value, epc);
}

/** Takes an interrupt that `interruptToTake` returned. */
export function takeInterrupt(hs: usize, interrupt: u64): void {
  const epc = load<u64>(hs + HART_PC);
  beginTrap(hs, HART_STAT_INTERRUPTS);
  const cause = CAUSE_INTERRUPT | (interrupt & ~TO_SUPERVISOR);
  if (interrupt & TO_SUPERVISOR) enterSupervisor(hs, cause, 0, epc);
  else enterMachine(hs, cause, 0, epc);
}

/** MRET's effect; the caller has checked the privilege. */
export function returnMachine(hs: usize): void {
  let status = load<u64>(hs + HART_MSTATUS);
  const priv = <u32>((status & STATUS_MPP) >> STATUS_MPP_SHIFT);
  const enabled = (status & STATUS_MPIE) != 0;
  status &= ~(STATUS_MIE | STATUS_MPP);
  status |= STATUS_MPIE;
  if (enabled) status |= STATUS_MIE;
  if (priv != PRIV_M) status &= ~STATUS_MPRV;
  store<u64>(hs + HART_MSTATUS, status);
  store<u32>(hs + HART_PRIV, priv);
  store<u64>(hs + HART_PC, load<u64>(hs + HART_MEPC));
}

/** SRET's effect; the caller has checked the privilege. */
export function returnSupervisor(hs: usize): void {
  let status = load<u64>(hs + HART_MSTATUS);
  const priv = status & STATUS_SPP ? PRIV_S : PRIV_U;
  const enabled = (status & STATUS_SPIE) != 0;
  status &= ~(STATUS_SIE | STATUS_SPP | STATUS_MPRV);
  status |= STATUS_SPIE;
  if (enabled) status |= STATUS_SIE;
  store<u64>(hs + HART_MSTATUS, status);
  store<u32>(hs + HART_PRIV, priv);
  store<u64>(hs + HART_PC, load<u64>(hs + HART_SEPC));
}
