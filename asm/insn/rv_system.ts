/** ecall, ebreak, xRET, WFI, fences and Zawrs (privileged manual §3.3, §12.2; Svinval; Zawrs). */
import { fullFence } from "../hart/fence";
import { interruptPending, nextDeadline, pollTimers } from "../hart/interrupts";
import { rs1Of, rs2Of } from "../hart/operands";
import { raise, raiseIllegal, reenter } from "../hart/pending";
import { stallOnReservation } from "../hart/stall";
import { PRIV_M, PRIV_S, PRIV_U, privOf, STATUS_TSR, STATUS_TVM, STATUS_TW } from "../hart/status";
import { returnMachine, returnSupervisor } from "../hart/trap";
import {
  CAUSE_BREAKPOINT,
  EXIT_REASON_WFI,
  HART_EXIT_REASON,
  HART_MSTATUS,
  HART_PC,
  HART_SATP,
  HART_TRAP_PENDING,
  HART_WFI_DEADLINE,
  PENDING_WFI,
} from "../generated/layout";
import { fetchFence } from "../mmu/fetch-fence";
import { tlbFlushLocal, tlbFlushPage, tlbFlushTranslated } from "../mmu/tlb";

const CAUSE_ECALL_FROM_U: u64 = 8;

export function execEcall(hs: usize, _w: u32, _imm: u32): void {
  raise(hs, CAUSE_ECALL_FROM_U + <u64>privOf(hs), 0);
}

/** §3.3.1: mtval is the address of the instruction. */
export function execEbreak(hs: usize, _w: u32, _imm: u32): void {
  raise(hs, CAUSE_BREAKPOINT, load<u64>(hs + HART_PC));
}

export function execMret(hs: usize, _w: u32, _imm: u32): void {
  if (privOf(hs) != PRIV_M) {
    raiseIllegal(hs);
    return;
  }
  returnMachine(hs);
  reenter(hs, load<u64>(hs + HART_PC));
}

/** True when mstatus has one of `bits` and the hart is in S-mode, or when it is in U-mode. */
function supervisorBarred(hs: usize, bits: u64): bool {
  const priv = privOf(hs);
  return priv == PRIV_U || (priv == PRIV_S && (load<u64>(hs + HART_MSTATUS) & bits) != 0);
}

export function execSret(hs: usize, _w: u32, _imm: u32): void {
  if (supervisorBarred(hs, STATUS_TSR)) {
    raiseIllegal(hs);
    return;
  }
  returnSupervisor(hs);
  reenter(hs, load<u64>(hs + HART_PC));
}

/** Leaves with ExitReason.wfi when nothing is pending; the instruction is complete either way. */
export function execWfi(hs: usize, _w: u32, _imm: u32): void {
  if (supervisorBarred(hs, STATUS_TW)) {
    raiseIllegal(hs);
    return;
  }
  pollTimers(hs);
  const next = load<u64>(hs + HART_PC) + 4;
  if (interruptPending(hs)) {
    reenter(hs, next);
    return;
  }
  store<u64>(hs + HART_PC, next);
  store<u64>(hs + HART_WFI_DEADLINE, nextDeadline(hs));
  store<u32>(hs + HART_EXIT_REASON, EXIT_REASON_WFI);
  store<u32>(hs + HART_TRAP_PENDING, PENDING_WFI);
}

export function execWrsSto(hs: usize, _w: u32, _imm: u32): void {
  stallOnReservation(hs);
}

export function execWrsNto(hs: usize, _w: u32, _imm: u32): void {
  const priv = privOf(hs);
  if (priv != PRIV_M && (load<u64>(hs + HART_MSTATUS) & STATUS_TW) != 0) {
    raiseIllegal(hs);
    return;
  }
  stallOnReservation(hs);
}

/** Whatever its sets, FENCE.TSO included: nothing weaker is to be had. */
export function execFence(hs: usize, _w: u32, _imm: u32): void {
  fullFence(hs);
}

/** What this hart has seen of others' stores, it fetches afterwards: loads before are in order, too. */
export function execFenceI(hs: usize, _w: u32, _imm: u32): void {
  fullFence(hs);
  fetchFence(hs);
  reenter(hs, load<u64>(hs + HART_PC) + 4);
}

/** Whether the TLB may hold translations of the address space that rs2 names (§12.2.1). */
function concernsSpace(hs: usize, w: u32): bool {
  const asid = <u32>(load<u64>(hs + HART_SATP) >> 44) & 0xffff;
  return (<u32>rs2Of(hs, w) & 0xffff) == asid;
}

/**
 * §12.2.1. The TLB holds what is global and one address space, that of satp: a fence for another one
 * finds nothing to forget. Walks behind it see what stores before it, seen by this hart, made of tables.
 */
export function execSfenceVma(hs: usize, w: u32, _imm: u32): void {
  if (supervisorBarred(hs, STATUS_TVM)) {
    raiseIllegal(hs);
    return;
  }
  fullFence(hs);
  const spaces = (w >> 24) & 0xf8 ? concernsSpace(hs, w) : true;
  if ((w >> 16) & 0xf8) {
    if (spaces) tlbFlushPage(hs, rs1Of(hs, w));
  } else if ((w >> 24) & 0xf8) {
    if (spaces) tlbFlushLocal(hs);
  } else {
    tlbFlushTranslated(hs);
  }
  reenter(hs, load<u64>(hs + HART_PC) + 4);
}

/** Svinval: an implementation may treat SINVAL.VMA as SFENCE.VMA and the fences as no-ops. */
export function execSinvalVma(hs: usize, w: u32, imm: u32): void {
  execSfenceVma(hs, w, imm);
}

export function execSfenceWInval(hs: usize, _w: u32, _imm: u32): void {
  if (privOf(hs) == PRIV_U) raiseIllegal(hs);
}

export function execSfenceInvalIr(hs: usize, _w: u32, _imm: u32): void {
  if (privOf(hs) == PRIV_U) raiseIllegal(hs);
}
