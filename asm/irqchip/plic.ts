/**
 * RISC-V Platform-Level Interrupt Controller 1.0.0, dimensioned as on QEMU's virt: 95 sources,
 * two contexts a hart, priorities 0 to 7. All inputs are level triggered.
 *
 *     0x000000  priority[source]      0x002000 + 0x80 c    enable words of context c
 *     0x001000  pending words         0x200000 + 0x1000 c  threshold, claim/complete of context c
 *
 * The gateway of a source (§4) is `claimed`: set by a claim, cleared by the completion; while it
 * is set no further request passes.
 */
import {
  CONTROL_BASE,
  CONTROL_HARTS,
  PLIC_BASE,
  PLIC_CLAIMED,
  PLIC_ENABLE,
  PLIC_LEVEL,
  PLIC_PENDING,
  PLIC_PRIORITY,
  PLIC_SOURCES,
  PLIC_THRESHOLD,
  PLIC_WORDS,
} from "../generated/layout";
import { MIP_MEIP, MIP_SEIP, driveHartLine } from "./hart-lines";

const SOURCES: u32 = <u32>PLIC_SOURCES;
const WORDS: u32 = <u32>PLIC_WORDS;
const PENDING_AT: u32 = 0x1000;
const ENABLE_AT: u32 = 0x2000;
const ENABLE_STRIDE_BITS: u32 = 7;
const CONTEXT_AT: u32 = 0x20_0000;
const CONTEXT_STRIDE_BITS: u32 = 12;
/** Priorities and thresholds are WARL with three implemented bits. */
const PRIORITY_MASK: u32 = 7;

function contexts(): u32 {
  return 2 * load<u32>(CONTROL_BASE + CONTROL_HARTS);
}

/** Address of word `word` of one of the per-source bit arrays. */
function wordAt(array: usize, word: u32): usize {
  return PLIC_BASE + array + ((<usize>word) << 2);
}

function enableAt(context: u32, word: u32): usize {
  return wordAt(PLIC_ENABLE, context * WORDS + word);
}

function priorityOf(source: u32): u32 {
  return load<u32>(wordAt(PLIC_PRIORITY, source));
}

function setBit(array: usize, source: u32): void {
  const at = wordAt(array, source >> 5);
  store<u32>(at, load<u32>(at) | (1 << (source & 31)));
}

function clearBit(array: usize, source: u32): void {
  const at = wordAt(array, source >> 5);
  store<u32>(at, load<u32>(at) & ~(1 << (source & 31)));
}

function hasBit(array: usize, source: u32): bool {
  return ((load<u32>(wordAt(array, source >> 5)) >> (source & 31)) & 1) != 0;
}

/** The enabled pending source of highest priority, the lowest number among equals (§5); or 0. */
function bestSource(context: u32): u32 {
  let best: u32 = 0;
  let bestPriority: u32 = 0;
  for (let word: u32 = 0; word < WORDS; word++) {
    let bits = load<u32>(wordAt(PLIC_PENDING, word)) & load<u32>(enableAt(context, word));
    for (; bits; bits &= bits - 1) {
      const source = (word << 5) + <u32>ctz(bits);
      const priority = priorityOf(source);
      if (priority > bestPriority) {
        best = source;
        bestPriority = priority;
      }
    }
  }
  return best;
}

/** Even contexts drive MEIP of their hart, odd ones SEIP. */
function updateContext(context: u32): void {
  const threshold = load<u32>(wordAt(PLIC_THRESHOLD, context));
  const high = priorityOf(bestSource(context)) > threshold;
  driveHartLine(context >> 1, context & 1 ? MIP_SEIP : MIP_MEIP, high);
}

function updateAll(): void {
  const count = contexts();
  for (let context: u32 = 0; context < count; context++) updateContext(context);
}

/**
 * Drives an input; the caller holds the irqchip's lock.
 *
 * @param source 1 to SOURCES-1
 */
export function plicDrive(source: u32, high: bool): void {
  if (hasBit(PLIC_LEVEL, source) == high) return;
  if (!high) {
    // A request that passed the gateway stays pending when its line falls (§4).
    clearBit(PLIC_LEVEL, source);
    return;
  }
  setBit(PLIC_LEVEL, source);
  if (hasBit(PLIC_CLAIMED, source)) return;
  setBit(PLIC_PENDING, source);
  updateAll();
}

/** A claim disregards the threshold (§8). */
function claim(context: u32): u32 {
  const source = bestSource(context);
  if (source) {
    clearBit(PLIC_PENDING, source);
    setBit(PLIC_CLAIMED, source);
    updateAll();
  }
  return source;
}

/** A completion of a source that is not enabled for the context is ignored (§9). */
function complete(context: u32, source: u32): void {
  if (source - 1 >= SOURCES - 1) return;
  const enabled = load<u32>(enableAt(context, source >> 5)) >> (source & 31);
  if (!(enabled & 1) || !hasBit(PLIC_CLAIMED, source)) return;
  clearBit(PLIC_CLAIMED, source);
  if (hasBit(PLIC_LEVEL, source)) {
    setBit(PLIC_PENDING, source);
    updateAll();
  }
}

/** Reads the 32-bit register at `offset`, a multiple of 4; the caller holds the lock. */
export function plicRead(offset: u32): u32 {
  if (offset < PENDING_AT) {
    return offset < SOURCES * 4 ? priorityOf(offset >> 2) : 0;
  }
  if (offset < ENABLE_AT) {
    const word = (offset - PENDING_AT) >> 2;
    return word < WORDS ? load<u32>(wordAt(PLIC_PENDING, word)) : 0;
  }
  if (offset < CONTEXT_AT) {
    const context = (offset - ENABLE_AT) >> ENABLE_STRIDE_BITS;
    const word = (offset & 0x7f) >> 2;
    return context < contexts() && word < WORDS ? load<u32>(enableAt(context, word)) : 0;
  }
  const context = (offset - CONTEXT_AT) >> CONTEXT_STRIDE_BITS;
  if (context >= contexts()) return 0;
  const register = offset & 0xfff;
  if (register == 0) return load<u32>(wordAt(PLIC_THRESHOLD, context));
  return register == 4 ? claim(context) : 0;
}

function writeEnable(offset: u32, value: u32): void {
  const context = (offset - ENABLE_AT) >> ENABLE_STRIDE_BITS;
  const word = (offset & 0x7f) >> 2;
  if (context >= contexts() || word >= WORDS) return;
  // Source 0 does not exist (§3).
  store<u32>(enableAt(context, word), word ? value : value & ~1);
  updateContext(context);
}

/** Writes the 32-bit register at `offset`, a multiple of 4; the caller holds the lock. */
export function plicWrite(offset: u32, value: u32): void {
  if (offset < PENDING_AT) {
    const source = offset >> 2;
    if (source - 1 >= SOURCES - 1) return;
    store<u32>(wordAt(PLIC_PRIORITY, source), value & PRIORITY_MASK);
    updateAll();
    return;
  }
  if (offset < ENABLE_AT) return;
  if (offset < CONTEXT_AT) {
    writeEnable(offset, value);
    return;
  }
  const context = (offset - CONTEXT_AT) >> CONTEXT_STRIDE_BITS;
  if (context >= contexts()) return;
  const register = offset & 0xfff;
  if (register == 0) {
    store<u32>(wordAt(PLIC_THRESHOLD, context), value & PRIORITY_MASK);
    updateContext(context);
  } else if (register == 4) {
    complete(context, value);
  }
}
