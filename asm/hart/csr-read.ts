/** Reads of CSRs whose access is allowed. */
import {
  CSR_CYCLE,
  CSR_FCSR,
  CSR_FFLAGS,
  CSR_FRM,
  CSR_HPMCOUNTER3,
  CSR_HPMCOUNTER31,
  CSR_INSTRET,
  CSR_MARCHID,
  CSR_MCAUSE,
  CSR_MCONFIGPTR,
  CSR_MCOUNTEREN,
  CSR_MCOUNTINHIBIT,
  CSR_MCYCLE,
  CSR_MEDELEG,
  CSR_MENVCFG,
  CSR_MEPC,
  CSR_MHARTID,
  CSR_MHPMCOUNTER3,
  CSR_MHPMCOUNTER31,
  CSR_MHPMEVENT3,
  CSR_MHPMEVENT31,
  CSR_MIDELEG,
  CSR_MIE,
  CSR_MIMPID,
  CSR_MINSTRET,
  CSR_MIP,
  CSR_MISA,
  CSR_MSCRATCH,
  CSR_MSTATUS,
  CSR_MTVAL,
  CSR_MTVEC,
  CSR_MVENDORID,
  CSR_PMPADDR0,
  CSR_PMPADDR63,
  CSR_PMPCFG0,
  CSR_PMPCFG14,
  CSR_RESET_MISA,
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
  CSR_TIME,
  HART_FFLAGS,
  HART_FRM,
  HART_HARTID,
  HART_MCAUSE,
  HART_MCOUNTEREN,
  HART_MCOUNTINHIBIT,
  HART_MCYCLE_BASE,
  HART_MEDELEG,
  HART_MENVCFG,
  HART_MEPC,
  HART_MIDELEG,
  HART_MIE,
  HART_MINSTRET_BASE,
  HART_MSCRATCH,
  HART_MTVAL,
  HART_MTVEC,
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
import { COUNTER_CYCLE, COUNTER_INSTRET, readCounter } from "./counters";
import { aiaRead } from "./csr-aia";
import { settledMip, virtualBits, virtualPending } from "./interrupts";
import { readStatus, SSTATUS_WRITABLE, STATUS_UXL, STATUS_SD } from "./status";
import { guestTime } from "./time";
import { found } from "./csr-missing";

/** What sstatus shows besides its writable bits. */
const SSTATUS_READABLE: u64 = SSTATUS_WRITABLE | STATUS_UXL | STATUS_SD;

function readPmpcfg(hs: usize, csr: u32): u64 {
  const at = csr - CSR_PMPCFG0;
  return at <= 2 ? load<u64>(hs + HART_PMPCFG + <usize>(at << 2)) : 0;
}

function readPmpaddr(hs: usize, csr: u32): u64 {
  const i = csr - CSR_PMPADDR0;
  return i < 16 ? load<u64>(hs + HART_PMPADDR + <usize>(i << 3)) : 0;
}

function readOther(hs: usize, csr: u32): u64 {
  if (csr >= CSR_PMPADDR0 && csr <= CSR_PMPADDR63) return readPmpaddr(hs, csr);
  if (csr >= CSR_PMPCFG0 && csr <= CSR_PMPCFG14 && !(csr & 1)) return readPmpcfg(hs, csr);
  // Zihpm: the counters exist and count nothing.
  if (csr >= CSR_MHPMCOUNTER3 && csr <= CSR_MHPMCOUNTER31) return 0;
  if (csr >= CSR_MHPMEVENT3 && csr <= CSR_MHPMEVENT31) return 0;
  if (csr >= CSR_HPMCOUNTER3 && csr <= CSR_HPMCOUNTER31) return 0;
  return aiaRead(hs, csr);
}

/** Reads a CSR whose access is allowed. */
export function csrRead(hs: usize, csr: u32): u64 {
  found();
  switch (csr) {
    case CSR_FFLAGS:
      return <u64>load<u8>(hs + HART_FFLAGS);
    case CSR_FRM:
      return <u64>load<u8>(hs + HART_FRM);
    case CSR_FCSR:
      return <u64>load<u8>(hs + HART_FFLAGS) | ((<u64>load<u8>(hs + HART_FRM)) << 5);
    case CSR_CYCLE:
    case CSR_MCYCLE:
      return readCounter(hs, hs + HART_MCYCLE_BASE, COUNTER_CYCLE);
    case CSR_INSTRET:
    case CSR_MINSTRET:
      return readCounter(hs, hs + HART_MINSTRET_BASE, COUNTER_INSTRET);
    case CSR_TIME:
      return guestTime();
    case CSR_SSTATUS:
      return readStatus(hs) & SSTATUS_READABLE;
    case CSR_SIE: {
      const own = load<u64>(hs + HART_SIE_VIRTUAL) & virtualBits(hs);
      return (load<u64>(hs + HART_MIE) & load<u64>(hs + HART_MIDELEG)) | own;
    }
    case CSR_STVEC:
      return load<u64>(hs + HART_STVEC);
    case CSR_SCOUNTEREN:
      return load<u64>(hs + HART_SCOUNTEREN);
    case CSR_SENVCFG:
      return load<u64>(hs + HART_SENVCFG);
    case CSR_SSCRATCH:
      return load<u64>(hs + HART_SSCRATCH);
    case CSR_SEPC:
      return load<u64>(hs + HART_SEPC);
    case CSR_SCAUSE:
      return load<u64>(hs + HART_SCAUSE);
    case CSR_STVAL:
      return load<u64>(hs + HART_STVAL);
    case CSR_SIP:
      return (settledMip(hs) & load<u64>(hs + HART_MIDELEG)) | virtualPending(hs);
    case CSR_STIMECMP:
      return load<u64>(hs + HART_STIMECMP);
    case CSR_SATP:
      return load<u64>(hs + HART_SATP);
    case CSR_MVENDORID:
    case CSR_MARCHID:
    case CSR_MIMPID:
    case CSR_MCONFIGPTR:
      return 0;
    case CSR_MHARTID:
      return <u64>load<u32>(hs + HART_HARTID);
    case CSR_MSTATUS:
      return readStatus(hs);
    case CSR_MISA:
      return CSR_RESET_MISA;
    case CSR_MEDELEG:
      return load<u64>(hs + HART_MEDELEG);
    case CSR_MIDELEG:
      return load<u64>(hs + HART_MIDELEG);
    case CSR_MIE:
      return load<u64>(hs + HART_MIE);
    case CSR_MTVEC:
      return load<u64>(hs + HART_MTVEC);
    case CSR_MCOUNTEREN:
      return load<u64>(hs + HART_MCOUNTEREN);
    case CSR_MENVCFG:
      return load<u64>(hs + HART_MENVCFG);
    case CSR_MCOUNTINHIBIT:
      return load<u64>(hs + HART_MCOUNTINHIBIT);
    case CSR_MSCRATCH:
      return load<u64>(hs + HART_MSCRATCH);
    case CSR_MEPC:
      return load<u64>(hs + HART_MEPC);
    case CSR_MCAUSE:
      return load<u64>(hs + HART_MCAUSE);
    case CSR_MTVAL:
      return load<u64>(hs + HART_MTVAL);
    case CSR_MIP:
      return settledMip(hs);
    default:
      return readOther(hs, csr);
  }
}
