/**
 * Registers of Smaia and Ssaia (AIA 1.0 chapters 2, 3.8–3.9 and 5), which exist on machines whose harts
 * have IMSICs. The windows mireg and sireg show the iprio arrays and the level's interrupt file.
 */
import {
  CSR_MIREG,
  CSR_MISELECT,
  CSR_MTOPEI,
  CSR_MTOPI,
  CSR_MVIEN,
  CSR_MVIP,
  CSR_SIREG,
  CSR_SISELECT,
  CSR_STOPEI,
  CSR_STOPI,
  CSR_WRITE_MISELECT,
  CSR_WRITE_MVIEN,
  CSR_WRITE_SISELECT,
  HART_HARTID,
  HART_MENVCFG,
  HART_MIP,
  HART_MIPRIO,
  HART_MISELECT,
  HART_MVIEN,
  HART_MVIP,
  HART_SIPRIO,
  HART_SISELECT,
} from "../generated/layout";
import { hasImsic } from "../irqchip/aia";
import {
  FILE_M,
  FILE_S,
  MODIFY_SET,
  MODIFY_WRITE,
  imsicClaim,
  imsicHas,
  imsicModify,
  imsicRead,
  imsicSettle,
  imsicTop,
} from "../irqchip/imsic";
import { CSR_EFFECT_NONE, CSR_EFFECT_REENTER } from "./csr-effects";
import { missing } from "./csr-missing";
import {
  ENVCFG_STCE,
  interruptToTake,
  IP_SEIP,
  IP_SSIP,
  IP_STIP,
  machinePending,
  NO_INTERRUPT,
  supervisorPending,
} from "./interrupts";
import { topInterruptOf } from "./major-priority";
import { PRIV_S, privOf } from "./status";

const SELECT_IPRIO: u32 = 0x30;
const SELECT_IPRIO_END: u32 = 0x3f;
const SELECT_FILE: u32 = 0x70;
const SELECT_FILE_END: u32 = 0xff;

/** Bytes of iprio0 and iprio2 that software may write: 1 3 5 7 and 9 of M-mode, 1 and 5 of S-mode. */
const MIPRIO_LOW: u64 = 0xff00_ff00_ff00_ff00;
const MIPRIO_HIGH: u64 = 0xff00;
const SIPRIO_LOW: u64 = 0xff00_0000_ff00;

function hartOf(hs: usize): u32 {
  return load<u32>(hs + HART_HARTID);
}

function selected(hs: usize, level: u32): u32 {
  return load<u32>(hs + (level == FILE_M ? HART_MISELECT : HART_SISELECT));
}

/** With mvien.SEIP the supervisor's interrupt file is M-mode's to emulate (§5.3). */
function fileBarred(hs: usize, level: u32): bool {
  return level == FILE_S && privOf(hs) == PRIV_S && (load<u64>(hs + HART_MVIEN) & IP_SEIP) != 0;
}

function isIprio(select: u32): bool {
  return select >= SELECT_IPRIO && select <= SELECT_IPRIO_END;
}

/** Whether the register that a level has selected can be accessed: else the access is illegal. */
function windowOpen(hs: usize, level: u32): bool {
  const select = selected(hs, level);
  if (isIprio(select)) return !(select & 1);
  if (select < SELECT_FILE || select > SELECT_FILE_END) return false;
  return imsicHas(select) && !fileBarred(hs, level);
}

/** Address of the iprio register's eight bytes; 0 for interrupts from 16 up, which there are not. */
function iprioAt(hs: usize, level: u32, select: u32): usize {
  const at = (<usize>(select - SELECT_IPRIO)) << 2;
  if (at >= 16) return 0;
  return hs + (level == FILE_M ? HART_MIPRIO : HART_SIPRIO) + at;
}

function iprioMask(level: u32, select: u32): u64 {
  if (level == FILE_S) return select == SELECT_IPRIO ? SIPRIO_LOW : 0;
  return select == SELECT_IPRIO ? MIPRIO_LOW : MIPRIO_HIGH;
}

function readWindow(hs: usize, level: u32): u64 {
  if (!windowOpen(hs, level)) {
    missing();
    return 0;
  }
  const select = selected(hs, level);
  if (!isIprio(select)) return imsicRead(hartOf(hs), level, select);
  const at = iprioAt(hs, level, select);
  return at ? load<u64>(at) : 0;
}

/** mtopei or stopei. A line without a reason is lowered, so that nobody waits for it in vain. */
function readTop(hs: usize, level: u32): u64 {
  if (fileBarred(hs, level)) {
    missing();
    return 0;
  }
  const identity = imsicTop(hartOf(hs), level);
  if (!identity) imsicSettle(hartOf(hs));
  return ((<u64>identity) << 16) | <u64>identity;
}

/** §5.3: bits 1, 5 and 9 are those of mip where they are not mvip's own. */
function readMvip(hs: usize): u64 {
  const mip = load<u64>(hs + HART_MIP);
  const ssip = load<u64>(hs + HART_MVIEN) & IP_SSIP ? load<u64>(hs + HART_MVIP) : mip & IP_SSIP;
  const stip = load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE ? 0 : mip & IP_STIP;
  return ssip | stip | (mip & IP_SEIP);
}

function writeMvip(hs: usize, value: u64): void {
  let mask = IP_SEIP;
  if (!(load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE)) mask |= IP_STIP;
  if (load<u64>(hs + HART_MVIEN) & IP_SSIP) store<u64>(hs + HART_MVIP, value & IP_SSIP);
  else mask |= IP_SSIP;
  store<u64>(hs + HART_MIP, (load<u64>(hs + HART_MIP) & ~mask) | (value & mask));
}

/** Reads a register of AIA's; one that there is not is reported as missing. */
export function aiaRead(hs: usize, csr: u32): u64 {
  if (!hasImsic()) {
    missing();
    return 0;
  }
  switch (csr) {
    case CSR_SIREG:
      return readWindow(hs, FILE_S);
    case CSR_STOPEI:
      return readTop(hs, FILE_S);
    case CSR_STOPI:
      imsicSettle(hartOf(hs));
      return topInterruptOf(hs, FILE_S, supervisorPending(hs));
    case CSR_SISELECT:
      return <u64>load<u32>(hs + HART_SISELECT);
    case CSR_MIREG:
      return readWindow(hs, FILE_M);
    case CSR_MTOPEI:
      return readTop(hs, FILE_M);
    case CSR_MTOPI:
      imsicSettle(hartOf(hs));
      return topInterruptOf(hs, FILE_M, machinePending(hs));
    case CSR_MISELECT:
      return <u64>load<u32>(hs + HART_MISELECT);
    case CSR_MVIEN:
      return load<u64>(hs + HART_MVIEN);
    case CSR_MVIP:
      return readMvip(hs);
    default:
      missing();
      return 0;
  }
}

/** Writes a register of AIA's that `aiaRead` found; windows and tops are `aiaModify`'s. */
export function aiaWrite(hs: usize, csr: u32, value: u64): u32 {
  switch (csr) {
    case CSR_MISELECT:
      store<u32>(hs + HART_MISELECT, <u32>(value & CSR_WRITE_MISELECT));
      return CSR_EFFECT_NONE;
    case CSR_SISELECT:
      store<u32>(hs + HART_SISELECT, <u32>(value & CSR_WRITE_SISELECT));
      return CSR_EFFECT_NONE;
    case CSR_MVIEN:
      store<u64>(hs + HART_MVIEN, value & CSR_WRITE_MVIEN);
      return CSR_EFFECT_REENTER;
    case CSR_MVIP:
      writeMvip(hs, value);
      return CSR_EFFECT_REENTER;
    default:
      missing();
      return CSR_EFFECT_NONE;
  }
}

/** Whether a write of `csr` is `aiaModify`'s: mireg, sireg, mtopei and stopei. */
export function isAiaWindow(csr: u32): bool {
  const level = csr & ~(CSR_MIREG ^ CSR_SIREG);
  return level == CSR_SIREG || level == CSR_STOPEI;
}

function modifyIprio(hs: usize, level: u32, op: u32, operand: u64): void {
  const select = selected(hs, level);
  const at = iprioAt(hs, level, select);
  if (!at) return;
  const old = load<u64>(at);
  const value = op == MODIFY_WRITE ? operand : op == MODIFY_SET ? old | operand : old & ~operand;
  store<u64>(at, value & iprioMask(level, select));
}

/**
 * Writes, sets or clears bits of mireg and sireg; claims what was read from mtopei and stopei.
 *
 * @param op MODIFY_*
 * @param old what the same instruction read
 */
export function aiaModify(hs: usize, csr: u32, op: u32, operand: u64, old: u64): u32 {
  const level = csr & (CSR_MIREG ^ CSR_SIREG) ? FILE_M : FILE_S;
  if ((csr & 15) == (CSR_STOPEI & 15)) imsicClaim(hartOf(hs), level, <u32>(old >> 16));
  else if (isIprio(selected(hs, level))) modifyIprio(hs, level, op, operand);
  else imsicModify(hartOf(hs), level, selected(hs, level), op, operand);
  return interruptToTake(hs) == NO_INTERRUPT ? CSR_EFFECT_NONE : CSR_EFFECT_REENTER;
}
