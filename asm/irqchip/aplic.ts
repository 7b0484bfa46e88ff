/**
 * Advanced platform-level interrupt controller (AIA 1.0, chapter 4; sections as §): a machine-level
 * root domain and its child at supervisor level, dimensioned as on QEMU's virt: 96 sources, 3 bits of
 * priority, hart index = hart id. A machine whose harts have IMSICs has MSI delivery mode, any other
 * direct mode: domaincfg.DM is read-only. Little-endian only.
 *
 * The caller holds the irqchip's lock. Registers are decoded in aplic-registers.ts.
 */
import {
  APLIC_BASE,
  APLIC_DOMAINS,
  APLIC_DOMAIN_BYTES,
  APLIC_DOMAIN_DOMAINCFG,
  APLIC_DOMAIN_ENABLED,
  APLIC_DOMAIN_IDELIVERY,
  APLIC_DOMAIN_IFORCE,
  APLIC_DOMAIN_ITHRESHOLD,
  APLIC_DOMAIN_MSIADDRCFG,
  APLIC_DOMAIN_MSIADDRCFGH,
  APLIC_DOMAIN_PENDING,
  APLIC_DOMAIN_SOURCECFG,
  APLIC_DOMAIN_TARGET,
  APLIC_LEVEL,
  APLIC_SOURCES,
  APLIC_WORDS,
  CONTROL_BASE,
  CONTROL_HARTS,
} from "../generated/layout";
import { hasImsic } from "./aia";
import { MIP_MEIP, MIP_SEIP, driveHartLine } from "./hart-lines";
import { msiSend } from "./imsic";

const SOURCES: u32 = <u32>APLIC_SOURCES;
const WORDS: u32 = <u32>APLIC_WORDS;

/** domaincfg.IE. */
export const DOMAIN_IE: u32 = 1 << 8;
/** sourcecfg.D. */
export const SOURCE_DELEGATE: u32 = 1 << 10;
/** Priorities have three bits, as on QEMU's virt. */
export const PRIORITY_MASK: u32 = 7;
/** Fields of target in MSI mode; there are no guests to index. */
const TARGET_MSI: u32 = 0xfffc_07ff;

/** Source modes (§4.5.2). */
const MODE_DETACHED: u32 = 1;
const MODE_EDGE1: u32 = 4;
const MODE_EDGE0: u32 = 5;
const MODE_LEVEL1: u32 = 6;
const MODE_LEVEL0: u32 = 7;

/** The two domains. */
export const MACHINE: u32 = 0;
export const SUPERVISOR: u32 = 1;

/** Address of a domain's field, of its element `index`. */
export function fieldAt(domain: u32, field: usize, index: u32 = 0): usize {
  const base = APLIC_BASE + APLIC_DOMAINS + <usize>domain * APLIC_DOMAIN_BYTES;
  return base + field + ((<usize>index) << 2);
}

function bitOf(array: usize, source: u32): bool {
  return ((load<u32>(array + ((<usize>(source >> 5)) << 2)) >> (source & 31)) & 1) != 0;
}

function putBit(array: usize, source: u32, set: bool): void {
  const at = array + ((<usize>(source >> 5)) << 2);
  const bit: u32 = 1 << (source & 31);
  store<u32>(at, set ? load<u32>(at) | bit : load<u32>(at) & ~bit);
}

function isPending(domain: u32, source: u32): bool {
  return bitOf(fieldAt(domain, APLIC_DOMAIN_PENDING), source);
}

function isEnabled(domain: u32, source: u32): bool {
  return bitOf(fieldAt(domain, APLIC_DOMAIN_ENABLED), source);
}

function setPending(domain: u32, source: u32, pending: bool): void {
  putBit(fieldAt(domain, APLIC_DOMAIN_PENDING), source, pending);
}

function sourceConfig(domain: u32, source: u32): u32 {
  return load<u32>(fieldAt(domain, APLIC_DOMAIN_SOURCECFG, source));
}

/** The domain in which a source may be active. */
function ownerOf(source: u32): u32 {
  return sourceConfig(MACHINE, source) & SOURCE_DELEGATE ? SUPERVISOR : MACHINE;
}

/** The source's mode in the domain; 0 when it is inactive there. */
function modeOf(domain: u32, source: u32): u32 {
  if (source - 1 >= SOURCES - 1) return 0;
  const config = sourceConfig(domain, source);
  return config & SOURCE_DELEGATE ? 0 : config;
}

/** §4.5.2: the wire as the source's mode sees it. */
function rectified(domain: u32, source: u32): bool {
  const level = bitOf(APLIC_BASE + APLIC_LEVEL, source);
  switch (modeOf(domain, source)) {
    case MODE_EDGE1:
    case MODE_LEVEL1:
      return level;
    case MODE_EDGE0:
    case MODE_LEVEL0:
      return !level;
    default:
      return false;
  }
}

function ieSet(domain: u32): bool {
  return (load<u32>(fieldAt(domain, APLIC_DOMAIN_DOMAINCFG)) & DOMAIN_IE) != 0;
}

/** §4.9.1: the page of a hart's interrupt file, from the root domain's registers. */
function msiAddress(domain: u32, hart: u32): u64 {
  const shape = load<u32>(fieldAt(MACHINE, APLIC_DOMAIN_MSIADDRCFGH));
  const own = load<u32>(fieldAt(domain, APLIC_DOMAIN_MSIADDRCFGH));
  const base = <u64>load<u32>(fieldAt(domain, APLIC_DOMAIN_MSIADDRCFG));
  const lhxw = (shape >> 12) & 15;
  const group = <u64>((hart >> lhxw) & ((1 << ((shape >> 16) & 7)) - 1));
  const member = <u64>(hart & ((1 << lhxw) - 1));
  const shift = <u64>(((shape >> 24) & 31) + 12);
  const page = base | ((<u64>(own & 0xfff)) << 32) | (group << shift);
  return (page | (member << (<u64>((own >> 20) & 7)))) << 12;
}

/** Sends an MSI to the hart and with the identity of a `target` or `genmsi` value. */
export function sendMsi(domain: u32, target: u32): void {
  msiSend(msiAddress(domain, target >> 18), target & 0x7ff);
}

/** §4.9: sends the source's MSI when it is due, which clears the pending bit. */
function forward(domain: u32, source: u32): void {
  if (!ieSet(domain) || !isPending(domain, source) || !isEnabled(domain, source)) return;
  setPending(domain, source, false);
  sendMsi(domain, load<u32>(fieldAt(domain, APLIC_DOMAIN_TARGET, source)));
}

/** §4.8.1.4: identity and priority of the best interrupt for a hart, 0 when there is none. */
export function topInterrupt(domain: u32, hart: u32): u32 {
  const threshold = load<u32>(fieldAt(domain, APLIC_DOMAIN_ITHRESHOLD, hart));
  let best: u32 = 0;
  let bestPriority: u32 = threshold ? threshold : PRIORITY_MASK + 1;
  for (let word: u32 = 0; word < WORDS; word++) {
    const pending = load<u32>(fieldAt(domain, APLIC_DOMAIN_PENDING, word));
    let bits = pending & load<u32>(fieldAt(domain, APLIC_DOMAIN_ENABLED, word));
    for (; bits; bits &= bits - 1) {
      const source = (word << 5) + <u32>ctz(bits);
      const target = load<u32>(fieldAt(domain, APLIC_DOMAIN_TARGET, source));
      if (target >> 18 != hart || (target & PRIORITY_MASK) >= bestPriority) continue;
      bestPriority = target & PRIORITY_MASK;
      best = (source << 16) | bestPriority;
    }
  }
  return best;
}

/** §4.8.2: drives the external interrupt of a hart in direct mode. */
export function updateHart(domain: u32, hart: u32): void {
  const delivers = ieSet(domain) && load<u32>(fieldAt(domain, APLIC_DOMAIN_IDELIVERY, hart)) != 0;
  const forced = load<u32>(fieldAt(domain, APLIC_DOMAIN_IFORCE, hart)) != 0;
  const high = delivers && (forced || topInterrupt(domain, hart) != 0);
  driveHartLine(hart, domain == MACHINE ? MIP_MEIP : MIP_SEIP, high);
}

/** After a change that may concern every source of the domain. */
export function updateDomain(domain: u32): void {
  if (hasImsic()) {
    for (let source: u32 = 1; source < SOURCES; source++) forward(domain, source);
    return;
  }
  const harts = load<u32>(CONTROL_BASE + CONTROL_HARTS);
  for (let hart: u32 = 0; hart < harts; hart++) updateHart(domain, hart);
}

/** After a change that concerns one source. */
function updateSource(domain: u32, source: u32): void {
  if (hasImsic()) forward(domain, source);
  else updateDomain(domain);
}

/** §4.7: what a level-sensitive source's pending bit becomes when its wire or mode changes. */
function followLevel(domain: u32, source: u32): void {
  const mode = modeOf(domain, source);
  if (mode == MODE_LEVEL1 || mode == MODE_LEVEL0) {
    setPending(domain, source, rectified(domain, source));
  }
}

/** Drives an input wire. */
export function aplicDrive(source: u32, high: bool): void {
  if (bitOf(APLIC_BASE + APLIC_LEVEL, source) == high) return;
  putBit(APLIC_BASE + APLIC_LEVEL, source, high);
  const domain = ownerOf(source);
  const mode = modeOf(domain, source);
  if (mode == MODE_EDGE1 || mode == MODE_EDGE0) {
    if (!rectified(domain, source)) return;
    setPending(domain, source, true);
  } else if (mode != MODE_LEVEL1 && mode != MODE_LEVEL0) {
    return;
  }
  followLevel(domain, source);
  updateSource(domain, source);
}

/** Takes a source out of a domain: all that it has there reads as zero. */
function deactivate(domain: u32, source: u32): void {
  setPending(domain, source, false);
  putBit(fieldAt(domain, APLIC_DOMAIN_ENABLED), source, false);
  store<u32>(fieldAt(domain, APLIC_DOMAIN_TARGET, source), 0);
}

/** The only child of the root has index 0; reserved modes become inactive (§4.5.2). */
function legalConfig(domain: u32, value: u32): u32 {
  if (value & SOURCE_DELEGATE) return domain == MACHINE ? SOURCE_DELEGATE : 0;
  const mode = value & 7;
  return mode == 2 || mode == 3 ? 0 : mode;
}

/** §4.5.2 */
export function configureSource(domain: u32, source: u32, value: u32): void {
  if (domain == SUPERVISOR && ownerOf(source) != SUPERVISOR) return;
  const before = modeOf(domain, source);
  const config = legalConfig(domain, value);
  store<u32>(fieldAt(domain, APLIC_DOMAIN_SOURCECFG, source), config);
  if (domain == MACHINE && !(config & SOURCE_DELEGATE)) {
    store<u32>(fieldAt(SUPERVISOR, APLIC_DOMAIN_SOURCECFG, source), 0);
    deactivate(SUPERVISOR, source);
  }
  const mode = modeOf(domain, source);
  if (!mode) deactivate(domain, source);
  else if (!before) setTarget(domain, source, 0);
  followLevel(domain, source);
  updateSource(domain, source);
  if (domain == MACHINE) updateSource(SUPERVISOR, source);
}

/** §4.5.16: in direct mode a priority is never 0. */
export function setTarget(domain: u32, source: u32, value: u32): void {
  if (!modeOf(domain, source)) return;
  const priority = value & PRIORITY_MASK ? value & PRIORITY_MASK : 1;
  const target = hasImsic() ? value & TARGET_MSI : (value & 0xfffc_0000) | priority;
  store<u32>(fieldAt(domain, APLIC_DOMAIN_TARGET, source), target);
  updateSource(domain, source);
}

/** A relevant write to setip or setipnum (§4.7). */
export function requestPending(domain: u32, source: u32): void {
  const mode = modeOf(domain, source);
  const byLevel = mode == MODE_LEVEL1 || mode == MODE_LEVEL0;
  if (!mode || (byLevel && (!hasImsic() || !rectified(domain, source)))) return;
  setPending(domain, source, true);
  updateSource(domain, source);
}

/** A relevant write to in_clrip or clripnum, or a claim (§4.7). */
export function requestClear(domain: u32, source: u32): void {
  const mode = modeOf(domain, source);
  const byLevel = mode == MODE_LEVEL1 || mode == MODE_LEVEL0;
  if (!mode || (byLevel && !hasImsic())) return;
  setPending(domain, source, false);
  updateSource(domain, source);
}

export function setEnabled(domain: u32, source: u32, enabled: bool): void {
  if (enabled && !modeOf(domain, source)) return;
  if (source - 1 >= SOURCES - 1) return;
  putBit(fieldAt(domain, APLIC_DOMAIN_ENABLED), source, enabled);
  updateSource(domain, source);
}

/** Reading in_clrip: the rectified inputs of 32 sources. */
export function rectifiedWord(domain: u32, word: u32): u32 {
  let bits: u32 = 0;
  for (let bit: u32 = 0; bit < 32; bit++) {
    const source = (word << 5) + bit;
    if (source < SOURCES && rectified(domain, source)) bits |= 1 << bit;
  }
  return bits;
}

/** Reading claimi (§4.8.1.5). */
export function claimInterrupt(domain: u32, hart: u32): u32 {
  const top = topInterrupt(domain, hart);
  if (top) {
    requestClear(domain, top >> 16);
  } else {
    store<u32>(fieldAt(domain, APLIC_DOMAIN_IFORCE, hart), 0);
    updateHart(domain, hart);
  }
  return top;
}

/** All state to zero, and the wires low; no hart may be running. */
export function aplicReset(): void {
  memory.fill(APLIC_BASE, 0, APLIC_DOMAINS + 2 * APLIC_DOMAIN_BYTES);
}
