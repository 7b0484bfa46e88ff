/**
 * Incoming MSI controllers (AIA 1.0, chapter 3; sections as §): the interrupt files of every hart, with
 * 255 identities each. Little-endian only; an interrupt file's page has one register, `seteipnum_le`.
 *
 * MSIs come from any thread at any time and take no lock. Two rules keep them from being lost:
 *
 *     a sender  sets the pending bit, then raises the line when the file delivers
 *     a hart    changes its file, lowers the line, then raises it when the file still delivers
 *
 * so that one of the two sees what the other did. A line may be high a little longer than its reason
 * is (§3.10 allows that): `imsicSettle` puts it right.
 */
import {
  CONTROL_BASE,
  CONTROL_HARTS,
  IMSIC_BASE,
  IMSIC_FILE_BYTES,
  IMSIC_FILE_EIDELIVERY,
  IMSIC_FILE_EIE,
  IMSIC_FILE_EIP,
  IMSIC_FILE_EITHRESHOLD,
  IMSIC_HART_BYTES,
  IMSIC_IDENTITIES,
  IMSIC_WORDS,
  IRQCHIP_IMSIC_M,
  IRQCHIP_IMSIC_S,
  IRQCHIP_IMSIC_STRIDE,
} from "../generated/layout";
import { hasImsic } from "./aia";
import { MIP_MEIP, MIP_SEIP, lowerHartLine, raiseHartLine, wakeHart } from "./hart-lines";

const IDENTITIES: u32 = <u32>IMSIC_IDENTITIES;
const WORDS: usize = IMSIC_WORDS;
const STRIDE_BITS: u32 = <u32>ctz(IRQCHIP_IMSIC_STRIDE);

/** Numbers of a hart's interrupt files; guests' would follow. */
export const FILE_M: u32 = 0;
export const FILE_S: u32 = 1;

/** How `imsicModify` changes a register: as CSRRW, CSRRS and CSRRC do. */
export const MODIFY_WRITE: u32 = 0;
export const MODIFY_SET: u32 = 1;
export const MODIFY_CLEAR: u32 = 2;

function fileAt(hart: u32, file: u32): usize {
  return IMSIC_BASE + <usize>hart * IMSIC_HART_BYTES + <usize>file * IMSIC_FILE_BYTES;
}

/** The wire that a file drives. */
function lineOf(file: u32): u32 {
  return file == FILE_M ? MIP_MEIP : MIP_SEIP;
}

/** §3.9: the pending and enabled identity of highest priority, the lowest below the threshold; or 0. */
function topOf(at: usize): u32 {
  for (let word: usize = 0; word < WORDS; word++) {
    const pending = atomic.load<u32>(at + IMSIC_FILE_EIP + (word << 2));
    const bits = pending & atomic.load<u32>(at + IMSIC_FILE_EIE + (word << 2));
    if (!bits) continue;
    const identity = ((<u32>word) << 5) + <u32>ctz(bits);
    const threshold = atomic.load<u32>(at + IMSIC_FILE_EITHRESHOLD);
    return threshold == 0 || identity < threshold ? identity : 0;
  }
  return 0;
}

function delivers(at: usize): bool {
  return atomic.load<u32>(at + IMSIC_FILE_EIDELIVERY) != 0 && topOf(at) != 0;
}

/** Brings the line of one of the calling hart's own files up to date. */
function settleFile(hart: u32, file: u32): void {
  lowerHartLine(hart, lineOf(file));
  if (delivers(fileAt(hart, file))) raiseHartLine(hart, lineOf(file));
}

/** Brings MEIP and SEIP of the calling hart up to date. */
export function imsicSettle(hart: u32): void {
  settleFile(hart, FILE_M);
  settleFile(hart, FILE_S);
}

/**
 * Receives an MSI, from any thread.
 *
 * @param identity written to the file's `seteipnum_le`; what is not 1 to 255 is ignored (§3.5)
 */
export function imsicSend(hart: u32, file: u32, identity: u32): void {
  if (hart >= load<u32>(CONTROL_BASE + CONTROL_HARTS) || identity - 1 >= IDENTITIES - 1) return;
  const at = fileAt(hart, file);
  atomic.or<u32>(at + IMSIC_FILE_EIP + ((<usize>(identity >> 5)) << 2), 1 << (identity & 31));
  if (delivers(at) && raiseHartLine(hart, lineOf(file))) wakeHart(hart);
}

function pageOf(offset: u64): u32 {
  return <u32>(offset >> STRIDE_BITS);
}

function within(offset: u64): bool {
  return offset >> STRIDE_BITS < <u64>load<u32>(CONTROL_BASE + CONTROL_HARTS);
}

/** Whether `gpa` lies in the page of an interrupt file. */
export function imsicOwns(gpa: u64): bool {
  return hasImsic() && (within(gpa - IRQCHIP_IMSIC_S) || within(gpa - IRQCHIP_IMSIC_M));
}

/** A 32-bit write at `gpa`, for which `imsicOwns` holds. All but `seteipnum_le` ignore writes. */
export function imsicWrite(gpa: u64, value: u32): void {
  if (gpa & (IRQCHIP_IMSIC_STRIDE - 1)) return;
  const offset = gpa - IRQCHIP_IMSIC_S;
  if (within(offset)) imsicSend(pageOf(offset), FILE_S, value);
  else imsicSend(pageOf(gpa - IRQCHIP_IMSIC_M), FILE_M, value);
}

/**
 * Sends an MSI on behalf of a device: a 32-bit write that goes nowhere but to interrupt files.
 *
 * @returns whether there is one at `gpa`
 */
export function msiSend(gpa: u64, data: u32): bool {
  if (!imsicOwns(gpa)) return false;
  imsicWrite(gpa, data);
  return true;
}

/** The identity in mtopei or stopei of the calling hart, 0 when there is none. */
export function imsicTop(hart: u32, file: u32): u32 {
  return topOf(fileAt(hart, file));
}

/** Claims an identity that `imsicTop` gave; 0 claims nothing. */
export function imsicClaim(hart: u32, file: u32, identity: u32): void {
  const at = fileAt(hart, file) + IMSIC_FILE_EIP + ((<usize>(identity >> 5)) << 2);
  if (identity) atomic.and<u32>(at, ~(1 << (identity & 31)));
  settleFile(hart, file);
}

/** Two words as one register of RV64. */
function readPair(at: usize): u64 {
  return <u64>atomic.load<u32>(at) | ((<u64>atomic.load<u32>(at + 4)) << 32);
}

function modifyWord(at: usize, op: u32, value: u32): void {
  if (op == MODIFY_WRITE) atomic.store<u32>(at, value);
  else if (op == MODIFY_SET) atomic.or<u32>(at, value);
  else atomic.and<u32>(at, ~value);
}

const SELECT_EIDELIVERY: u32 = 0x70;
const SELECT_EITHRESHOLD: u32 = 0x72;
const SELECT_EIP: u32 = 0x80;
const SELECT_EIE: u32 = 0xc0;

/** Offset in the file of the word pair that `select` names; 0xff for identities that there are not. */
function pairOf(select: u32): usize {
  const array = select < SELECT_EIE ? IMSIC_FILE_EIP : IMSIC_FILE_EIE;
  const word = <usize>(select & 0x3f);
  return word < WORDS ? array + (word << 2) : 0xff;
}

/** Whether an indirect register exists for RV64: of the arrays, the even ones only (§3.8.3). */
export function imsicHas(select: u32): bool {
  return select < SELECT_EIP || !(select & 1);
}

/** Reads an indirect register, 0x70 to 0xff, that `imsicHas` (§3.8). */
export function imsicRead(hart: u32, file: u32, select: u32): u64 {
  const at = fileAt(hart, file);
  if (select == SELECT_EIDELIVERY) return <u64>atomic.load<u32>(at + IMSIC_FILE_EIDELIVERY);
  if (select == SELECT_EITHRESHOLD) return <u64>atomic.load<u32>(at + IMSIC_FILE_EITHRESHOLD);
  if (select < SELECT_EIP) return 0;
  const pair = pairOf(select);
  return pair == 0xff ? 0 : readPair(at + pair);
}

/**
 * Changes an indirect register of the calling hart. Setting and clearing bits leaves alone what
 * arrives in the others meanwhile.
 *
 * @param op MODIFY_*
 */
export function imsicModify(hart: u32, file: u32, select: u32, op: u32, value: u64): void {
  const at = fileAt(hart, file);
  if (select == SELECT_EIDELIVERY) {
    // 0x40000000 is not supported: the APLIC has no wires to harts that have an IMSIC.
    modifyWord(at + IMSIC_FILE_EIDELIVERY, op, <u32>value & 1);
  } else if (select == SELECT_EITHRESHOLD) {
    modifyWord(at + IMSIC_FILE_EITHRESHOLD, op, <u32>value & (IDENTITIES - 1));
  } else if (select >= SELECT_EIP) {
    const pair = pairOf(select);
    if (pair == 0xff) return;
    // Identity 0 does not exist.
    const low = pair == IMSIC_FILE_EIP || pair == IMSIC_FILE_EIE ? <u32>value & ~1 : <u32>value;
    modifyWord(at + pair, op, low);
    modifyWord(at + pair + 4, op, <u32>(value >> 32));
  }
  settleFile(hart, file);
}

/** Clears every interrupt file; no hart may be running. */
export function imsicReset(): void {
  memory.fill(IMSIC_BASE, 0, IMSIC_HART_BYTES * <usize>load<u32>(CONTROL_BASE + CONTROL_HARTS));
}
