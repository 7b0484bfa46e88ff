/**
 * Writes of CSRs whose access is allowed, with their WARL rules (privileged manual §2–3, §12.1). Effects
 * beyond the registers are returned as `CSR_EFFECT_*` bits.
 */
import {
  CSR_FCSR,
  CSR_FFLAGS,
  CSR_FRM,
  CSR_MCAUSE,
  CSR_MCOUNTEREN,
  CSR_MCOUNTINHIBIT,
  CSR_MCYCLE,
  CSR_MEDELEG,
  CSR_MENVCFG,
  CSR_MEPC,
  CSR_MHPMCOUNTER3,
  CSR_MHPMCOUNTER31,
  CSR_MHPMEVENT3,
  CSR_MHPMEVENT31,
  CSR_MIDELEG,
  CSR_MIE,
  CSR_MINSTRET,
  CSR_MIP,
  CSR_MISA,
  CSR_MSCRATCH,
  CSR_MSTATUS,
  CSR_MTVAL,
  CSR_MTVEC,
  CSR_PMPADDR0,
  CSR_PMPADDR63,
  CSR_PMPCFG0,
  CSR_PMPCFG14,
  CSR_SATP,
  CSR_SCAUSE,
  CSR_SCOUNTEREN,
  CSR_SENVCFG,
  CSR_SEPC,
  CSR_SIE,
  CSR_SIP,
  CSR_SSCRATCH,
  CSR_SSTATUS,
  CSR_STIMECMP,
  CSR_STVAL,
  CSR_STVEC,
  CSR_WRITE_MCOUNTINHIBIT,
  CSR_WRITE_MEDELEG,
  CSR_WRITE_MENVCFG,
  CSR_WRITE_MIDELEG,
  CSR_WRITE_MIE,
  CSR_WRITE_SCOUNTEREN,
  CSR_WRITE_SENVCFG,
  HART_FFLAGS,
  HART_FRM,
  HART_MCAUSE,
  HART_MCOUNTEREN,
  HART_MCYCLE_BASE,
  HART_MEDELEG,
  HART_MENVCFG,
  HART_MEPC,
  HART_MIDELEG,
  HART_MIE,
  HART_MINSTRET_BASE,
  HART_MIP,
  HART_MSCRATCH,
  HART_MSTATUS,
  HART_MTVAL,
  HART_MTVEC,
  HART_MVIEN,
  HART_MVIP,
  HART_PMPADDR,
  HART_PMPCFG,
  HART_SATP,
  HART_SCAUSE,
  HART_SCOUNTEREN,
  HART_SENVCFG,
  HART_SEPC,
  HART_SIE_VIRTUAL,
  HART_SSCRATCH,
  HART_STIMECMP,
  HART_STVAL,
  HART_STVEC,
} from "../generated/layout";
import { COUNTER_CYCLE, COUNTER_INSTRET, writeCounter, writeInhibit } from "./counters";
import { aiaWrite } from "./csr-aia";
import {
  CSR_EFFECT_FLUSH,
  CSR_EFFECT_NONE,
  CSR_EFFECT_PMP,
  CSR_EFFECT_REENTER,
  CSR_EFFECT_SPACE,
  CSR_EFFECT_TIMER,
} from "./csr-effects";
import {
  ENVCFG_STCE,
  interruptToTake,
  IP_S,
  IP_SEIP,
  IP_SSIP,
  IP_STIP,
  NO_INTERRUPT,
  virtualBits,
} from "./interrupts";
import {
  markFpDirty,
  SSTATUS_WRITABLE,
  STATUS_FS,
  STATUS_MIE,
  STATUS_MPP,
  STATUS_MPP_SHIFT,
  STATUS_MPRV,
  STATUS_MXR,
  STATUS_SIE,
  STATUS_SUM,
  STATUS_WRITABLE,
} from "./status";
import { found } from "./csr-missing";

/** mstatus.MPP is WARL: 2 is no privilege, and the field then keeps its value (§3.1.6.1). */
function writeStatus(hs: usize, value: u64, mask: u64): u32 {
  const old = load<u64>(hs + HART_MSTATUS);
  if ((value & STATUS_MPP) >> STATUS_MPP_SHIFT == 2) mask &= ~STATUS_MPP;
  const next = (old & ~mask) | (value & mask);
  store<u64>(hs + HART_MSTATUS, next);
  return statusEffects(hs, old, next);
}

/**
 * Only what the run loop and translated code keep in locals matters to them: modes of access, whether
 * floating point is on, and an interrupt that may be taken from now on.
 */
function statusEffects(hs: usize, old: u64, next: u64): u32 {
  const changed = old ^ next;
  if (changed & STATUS_MXR) return CSR_EFFECT_REENTER | CSR_EFFECT_FLUSH;
  if (changed & (STATUS_SUM | STATUS_MPRV | STATUS_MPP | STATUS_FS)) return CSR_EFFECT_REENTER;
  const enabled = changed & next & (STATUS_SIE | STATUS_MIE);
  return enabled && interruptToTake(hs) != NO_INTERRUPT ? CSR_EFFECT_REENTER : CSR_EFFECT_NONE;
}

/** satp: a write with a mode that is not supported changes nothing (§12.1.11). */
function writeSatp(hs: usize, value: u64): u32 {
  const mode = value >> 60;
  if (mode != 0 && (mode < 8 || mode > 10)) return CSR_EFFECT_NONE;
  const old = load<u64>(hs + HART_SATP);
  if (old == value) return CSR_EFFECT_NONE;
  store<u64>(hs + HART_SATP, value);
  const sameMode = old >> 60 == mode;
  return CSR_EFFECT_REENTER | (sameMode ? CSR_EFFECT_SPACE : CSR_EFFECT_FLUSH);
}

function writeMenvcfg(hs: usize, value: u64): u32 {
  // CBIE is WARL: 2 is reserved.
  let mask = CSR_WRITE_MENVCFG;
  if (((value >> 4) & 3) == 2) mask &= ~((<u64>3) << 4);
  const old = load<u64>(hs + HART_MENVCFG);
  const next = (old & ~mask) | (value & mask);
  store<u64>(hs + HART_MENVCFG, next);
  // With Sstc, STIP is the comparator alone.
  if (next & ENVCFG_STCE) store<u64>(hs + HART_MIP, load<u64>(hs + HART_MIP) & ~IP_STIP);
  return CSR_EFFECT_REENTER | CSR_EFFECT_FLUSH | CSR_EFFECT_TIMER;
}

function writeSenvcfg(hs: usize, value: u64): u32 {
  let mask = CSR_WRITE_SENVCFG;
  if (((value >> 4) & 3) == 2) mask &= ~((<u64>3) << 4);
  const old = load<u64>(hs + HART_SENVCFG);
  store<u64>(hs + HART_SENVCFG, (old & ~mask) | (value & mask));
  return CSR_EFFECT_NONE;
}

/**
 * Software may write SSIP, STIP without Sstc, and SEIP (§3.1.9), unless mvien makes that mvip's alone
 * (AIA 1.0 §5.3).
 */
function writeMip(hs: usize, value: u64, mask: u64): u32 {
  if (load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE) mask &= ~IP_STIP;
  mask &= ~(load<u64>(hs + HART_MVIEN) & IP_SEIP);
  const old = load<u64>(hs + HART_MIP);
  store<u64>(hs + HART_MIP, (old & ~mask) | (value & mask));
  return CSR_EFFECT_REENTER;
}

function writePmpcfg(hs: usize, csr: u32, value: u64): u32 {
  const first = <usize>((csr - CSR_PMPCFG0) << 2);
  if (first >= 16) return CSR_EFFECT_NONE;
  for (let i: usize = 0; i < 8; i++) {
    const at = hs + HART_PMPCFG + first + i;
    const old = load<u8>(at);
    if (old & 0x80) continue;
    let cfg = <u32>(value >> ((<u64>i) << 3)) & 0x9f;
    // R=0 W=1 is reserved without Smepmp: the write keeps neither.
    if ((cfg & 3) == 2) cfg &= ~3;
    store<u8>(at, <u8>cfg);
  }
  return CSR_EFFECT_PMP | CSR_EFFECT_REENTER;
}

function writePmpaddr(hs: usize, csr: u32, value: u64): u32 {
  const i = <usize>(csr - CSR_PMPADDR0);
  if (i >= 16 || pmpLocked(hs, i)) return CSR_EFFECT_NONE;
  store<u64>(hs + HART_PMPADDR + (i << 3), value & 0x3f_ffff_ffff_ffff);
  return CSR_EFFECT_PMP | CSR_EFFECT_REENTER;
}

/** §3.7.1.2: pmpaddr i is locked by its own L, or by a locked TOR entry above it. */
function pmpLocked(hs: usize, i: usize): bool {
  if (load<u8>(hs + HART_PMPCFG + i) & 0x80) return true;
  return i < 15 && (load<u8>(hs + HART_PMPCFG + i + 1) & 0x98) == 0x88;
}

function writeFp(hs: usize, csr: u32, value: u64): u32 {
  if (csr != CSR_FRM) store<u8>(hs + HART_FFLAGS, <u8>(value & 31));
  if (csr == CSR_FRM) store<u8>(hs + HART_FRM, <u8>(value & 7));
  if (csr == CSR_FCSR) store<u8>(hs + HART_FRM, <u8>((value >> 5) & 7));
  markFpDirty(hs);
  return CSR_EFFECT_NONE;
}

function put(at: usize, value: u64): u32 {
  store<u64>(at, value);
  return CSR_EFFECT_NONE;
}

function writeOther(hs: usize, csr: u32, value: u64): u32 {
  if (csr >= CSR_PMPADDR0 && csr <= CSR_PMPADDR63) return writePmpaddr(hs, csr, value);
  if (csr >= CSR_PMPCFG0 && csr <= CSR_PMPCFG14 && !(csr & 1)) return writePmpcfg(hs, csr, value);
  if (csr >= CSR_MHPMCOUNTER3 && csr <= CSR_MHPMCOUNTER31) return CSR_EFFECT_NONE;
  if (csr >= CSR_MHPMEVENT3 && csr <= CSR_MHPMEVENT31) return CSR_EFFECT_NONE;
  return aiaWrite(hs, csr, value);
}

/**
 * Writes a CSR whose access is allowed.
 *
 * @returns CSR_EFFECT_* bits
 */
export function csrWrite(hs: usize, csr: u32, value: u64): u32 {
  found();
  switch (csr) {
    case CSR_FFLAGS:
    case CSR_FRM:
    case CSR_FCSR:
      return writeFp(hs, csr, value);
    case CSR_SSTATUS:
      return writeStatus(hs, value, SSTATUS_WRITABLE);
    case CSR_SIE: {
      const mask = load<u64>(hs + HART_MIDELEG);
      put(hs + HART_MIE, (load<u64>(hs + HART_MIE) & ~mask) | (value & mask));
      put(hs + HART_SIE_VIRTUAL, value & virtualBits(hs));
      return CSR_EFFECT_REENTER;
    }
    case CSR_STVEC:
      return put(hs + HART_STVEC, value & ~2);
    case CSR_SCOUNTEREN:
      return put(hs + HART_SCOUNTEREN, value & CSR_WRITE_SCOUNTEREN);
    case CSR_SENVCFG:
      return writeSenvcfg(hs, value);
    case CSR_SSCRATCH:
      return put(hs + HART_SSCRATCH, value);
    case CSR_SEPC:
      return put(hs + HART_SEPC, value & ~1);
    case CSR_SCAUSE:
      return put(hs + HART_SCAUSE, value);
    case CSR_STVAL:
      return put(hs + HART_STVAL, value);
    case CSR_SIP:
      // §12.1.3: of the delegated bits, only SSIP is writable here.
      if (virtualBits(hs) & IP_SSIP) put(hs + HART_MVIP, value & IP_SSIP);
      return writeMip(hs, value, load<u64>(hs + HART_MIDELEG) & IP_SSIP);
    case CSR_STIMECMP:
      put(hs + HART_STIMECMP, value);
      return CSR_EFFECT_REENTER | CSR_EFFECT_TIMER;
    case CSR_SATP:
      return writeSatp(hs, value);
    case CSR_MSTATUS:
      return writeStatus(hs, value, STATUS_WRITABLE);
    case CSR_MISA:
      return CSR_EFFECT_NONE;
    case CSR_MEDELEG:
      return put(hs + HART_MEDELEG, value & CSR_WRITE_MEDELEG);
    case CSR_MIDELEG:
      put(hs + HART_MIDELEG, value & CSR_WRITE_MIDELEG);
      return CSR_EFFECT_REENTER;
    case CSR_MIE:
      put(hs + HART_MIE, value & CSR_WRITE_MIE);
      return CSR_EFFECT_REENTER;
    case CSR_MTVEC:
      return put(hs + HART_MTVEC, value & ~2);
    case CSR_MCOUNTEREN:
      return put(hs + HART_MCOUNTEREN, value & 0xffff_ffff);
    case CSR_MENVCFG:
      return writeMenvcfg(hs, value);
    case CSR_MCOUNTINHIBIT:
      writeInhibit(
        hs,
        hs + HART_MCYCLE_BASE,
        hs + HART_MINSTRET_BASE,
        value & CSR_WRITE_MCOUNTINHIBIT,
      );
      return CSR_EFFECT_NONE;
    case CSR_MSCRATCH:
      return put(hs + HART_MSCRATCH, value);
    case CSR_MEPC:
      return put(hs + HART_MEPC, value & ~1);
    case CSR_MCAUSE:
      return put(hs + HART_MCAUSE, value);
    case CSR_MTVAL:
      return put(hs + HART_MTVAL, value);
    case CSR_MIP:
      return writeMip(hs, value, IP_S);
    case CSR_MCYCLE:
      writeCounter(hs, hs + HART_MCYCLE_BASE, COUNTER_CYCLE, value);
      return CSR_EFFECT_NONE;
    case CSR_MINSTRET:
      writeCounter(hs, hs + HART_MINSTRET_BASE, COUNTER_INSTRET, value);
      return CSR_EFFECT_NONE;
    default:
      return writeOther(hs, csr, value);
  }
}
