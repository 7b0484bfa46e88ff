/** Zicsr (unprivileged manual §6) and the consequences of CSR writes. */
import { csrAllowed } from "../hart/csr-access";
import { aiaModify, isAiaWindow } from "../hart/csr-aia";
import {
  CSR_EFFECT_FLUSH,
  CSR_EFFECT_PMP,
  CSR_EFFECT_SPACE,
  CSR_EFFECT_TIMER,
} from "../hart/csr-effects";
import { csrMissing } from "../hart/csr-missing";
import { csrRead } from "../hart/csr-read";
import { csrWrite } from "../hart/csr-write";
import { IP_SSIP, pollTimers, virtualBits } from "../hart/interrupts";
import { auxOf, rs1Of, setRd } from "../hart/operands";
import { raiseIllegal, reenter } from "../hart/pending";
import { CSR_MIP, CSR_SIP, HART_MIP, HART_MVIP, HART_PC } from "../generated/layout";
import { pmpUpdate } from "../mmu/pmp";
import { tlbFlushAll, tlbFlushLocal, tlbFlushTranslated } from "../mmu/tlb";

/** As MODIFY_* of the interrupt files. */
const OP_WRITE: u32 = 0;
const OP_SET: u32 = 1;
const OP_CLEAR: u32 = 2;

function applyEffects(hs: usize, effects: u32): void {
  if (effects & CSR_EFFECT_PMP) {
    pmpUpdate(hs);
    tlbFlushAll(hs);
  } else if (effects & CSR_EFFECT_FLUSH) {
    tlbFlushTranslated(hs);
  } else if (effects & CSR_EFFECT_SPACE) {
    tlbFlushLocal(hs);
  }
  if (effects & CSR_EFFECT_TIMER) pollTimers(hs);
  if (effects) reenter(hs, load<u64>(hs + HART_PC) + 4);
}

/**
 * Set and clear work on what software wrote: in mip, SEIP read as the or of the software bit and
 * the interrupt controller's line must not be written back (privileged manual §3.1.9).
 */
function modifyBase(hs: usize, csr: u32, value: u64): u64 {
  if (csr != CSR_MIP && csr != CSR_SIP) return value;
  const software = load<u64>(hs + HART_MIP);
  if (csr == CSR_MIP || !(virtualBits(hs) & IP_SSIP)) return software;
  return (software & ~IP_SSIP) | load<u64>(hs + HART_MVIP);
}

/** The write of a CSR instruction that read `old`. @returns CSR_EFFECT_* bits */
function modify(hs: usize, csr: u32, op: u32, operand: u64, old: u64): u32 {
  if (isAiaWindow(csr)) return aiaModify(hs, csr, op, operand, old);
  let value = operand;
  if (op == OP_SET) value = modifyBase(hs, csr, old) | operand;
  if (op == OP_CLEAR) value = modifyBase(hs, csr, old) & ~operand;
  return csrWrite(hs, csr, value);
}

/** @param writes false for csrrs and csrrc with x0 or a zero immediate: no write happens at all */
function access(hs: usize, w: u32, imm: u32, op: u32, operand: u64, writes: bool): void {
  const csr = auxOf(imm);
  if (!csrAllowed(hs, csr, writes)) {
    raiseIllegal(hs);
    return;
  }
  const old = csrRead(hs, csr);
  if (csrMissing) {
    raiseIllegal(hs);
    return;
  }
  if (writes) applyEffects(hs, modify(hs, csr, op, operand, old));
  setRd(hs, w, old);
}

function rs1Field(w: u32): u32 {
  return (w >> 19) & 31;
}

export function execCsrrw(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_WRITE, rs1Of(hs, w), true);
}

export function execCsrrs(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_SET, rs1Of(hs, w), rs1Field(w) != 0);
}

export function execCsrrc(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_CLEAR, rs1Of(hs, w), rs1Field(w) != 0);
}

export function execCsrrwi(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_WRITE, <u64>rs1Field(w), true);
}

export function execCsrrsi(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_SET, <u64>rs1Field(w), rs1Field(w) != 0);
}

export function execCsrrci(hs: usize, w: u32, imm: u32): void {
  access(hs, w, imm, OP_CLEAR, <u64>rs1Field(w), rs1Field(w) != 0);
}
