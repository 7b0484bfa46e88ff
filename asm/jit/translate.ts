/**
 * Which regions to translate, when, and where execution enters them.
 *
 * A decode page has an entry word for each parcel (DECODE_ENTRIES):
 *
 *     0 … threshold-1   how often execution came here by a jump
 *     ENTRY_NEVER       not worth trying: its first instruction is the interpreter's
 *     ENTRY_QUEUED      in the queue
 *     ENTRY_PARKED      translated, and dropped if nobody comes here (asm/jit/code-cache.ts)
 *     bit 31 set        translated: bits 30–0 are the slot in the function table
 *
 * So what a page's frame or mapping changes takes its translations along; nothing else points to a
 * region but the element segment of its module.
 */
import {
  DECODE_ENTRIES,
  HART_DECODE_EPOCH,
  HART_INSTRET,
  HART_JIT_LOST,
  HART_JIT_QUEUED,
  HART_JIT_RANDOM,
  HART_JIT_SAMPLE,
  HART_JIT_SINCE,
  HART_JIT_THRESHOLD,
  HART_JIT_WEIGHT,
  HART_STAT_COMPILE_NS,
  HART_STAT_TRANSLATE_NS,
  HART_STAT_TRANSLATIONS,
} from "../generated/layout";
import { nowMs } from "../hart/env";
import { countBy, countTime } from "../hart/stats";
import { sinkAt, sinkEnd } from "../wasm/sink";
import { analyse } from "./flow";
import {
  arena,
  ARENA_BATCH,
  ARENA_BODIES,
  ARENA_BODIES_END,
  ARENA_MODULE,
  ARENA_QUEUE,
  useArena,
} from "./arena";
import { discover, regionLines } from "./discover";
import { analyseRegisters } from "./liveness";
import { declareLocals, resetLocals } from "./locals";
import { lowerRegion } from "./lower";
import { hintCount, hintsFrom, resetHints, writeHints } from "./hints";
import { install } from "./env";
import { adopt, placeAt, share, Shared } from "./adopt";
import { ENTRY_QUEUED, keepModule, linkFunction, makeRoom, takeSlots } from "./code-cache";
import { claim, sharing } from "./store";
import {
  addBody,
  closeHints,
  closeModule,
  openCode,
  openHints,
  openModule,
  ownFunction,
} from "./module";

/** The longest module, about. */
const MODULE_BYTES: u64 = <u64>(ARENA_BODIES_END - ARENA_BODIES);

export const ENTRY_NEVER: u32 = 0x4000_0000;

export const QUEUE_LIMIT: u32 = 64;

/** Regions that fill a module. */
const BATCH: u32 = 12;
/**
 * A smaller one is built when the first region has waited for WAIT instructions, and LOST jumps arrived at
 * those that wait: translated, they would have saved about what a module costs. At the latest it is built
 * after PATIENCE instructions.
 */
const WAIT: u64 = 400_000;
const LOST: u32 = 4096;
const PATIENCE: u64 = 8_000_000;

/** Thresholds up to this one are for tests: nothing waits for a batch. */
const AT_ONCE: u32 = 8;

/** Thresholds from this one on are counted by sampling; the distances are 1 to 2^(32 - SAMPLE_SHIFT). */
const SAMPLED: u32 = 256;
const SAMPLE_SHIFT: u32 = 27;

/**
 * A part of the threshold after which a place is worth installing a module for that another hart made; and
 * how much of it a place has left to go that another hart is about to translate.
 */
const ADOPT_SHIFT: u32 = 4;
const WAIT_SHIFT: u32 = 3;

/** A queued region: decode page, byte offset in it, epoch of the decode cache. */
const QUEUE_ENTRY: usize = 16;

export function entryAt(base: usize, offset: usize): usize {
  return base + DECODE_ENTRIES + (offset << 1);
}

/**
 * Counts the arrival of a jump at `offset` of the decode page, in the name of those since the last that
 * was counted: looking at each would bring the entry table of cold code into the caches for nothing.
 *
 * @returns true when the place is translated now
 */
export function countArrival(hs: usize, base: usize, offset: usize): bool {
  const threshold = load<u32>(hs + HART_JIT_THRESHOLD);
  const weight = load<u32>(hs + HART_JIT_WEIGHT);
  nextSample(hs, threshold);
  const entry = entryAt(base, offset);
  const state = load<u32>(entry);
  if (state >= threshold) {
    if (state == ENTRY_QUEUED)
      store<u32>(hs + HART_JIT_LOST, load<u32>(hs + HART_JIT_LOST) + weight);
    return false;
  }
  const arrivals = state + weight;
  if (sharing() && takeShared(hs, base, offset, state, arrivals)) return true;
  if (arrivals < threshold) {
    store<u32>(entry, arrivals);
    return false;
  }
  if (sharing() && !claim(hs, placeAt(base, offset))) {
    store<u32>(entry, threshold - (threshold >> WAIT_SHIFT));
    return false;
  }
  enqueue(hs, base, offset);
  return <i32>load<u32>(entry) < 0;
}

/**
 * Asks the other harts' translations at the first arrival, whenever the count doubled, and before it is
 * this hart's turn to translate.
 */
function takeShared(hs: usize, base: usize, offset: usize, before: u32, now: u32): bool {
  const threshold = load<u32>(hs + HART_JIT_THRESHOLD);
  if (before && clz(before) == clz(now) && now < threshold) return false;
  return adopt(hs, base, offset, now >= threshold >> ADOPT_SHIFT);
}

/** Draws how many jumps the next sample stands for. Random, since loops have a rhythm. */
function nextSample(hs: usize, threshold: u32): void {
  let distance: u32 = 1;
  if (threshold >= SAMPLED) {
    // Numerical Recipes' generator; its high bits are good.
    const random = load<u32>(hs + HART_JIT_RANDOM) * 1664525 + 1013904223;
    store<u32>(hs + HART_JIT_RANDOM, random);
    distance = 1 + (random >> SAMPLE_SHIFT);
  }
  store<u32>(hs + HART_JIT_SAMPLE, distance);
  store<u32>(hs + HART_JIT_WEIGHT, distance);
}

/** Asks for a translation of the region that starts at `offset` of the decode page. */
function enqueue(hs: usize, base: usize, offset: usize): void {
  const queued = load<u32>(hs + HART_JIT_QUEUED);
  if (queued >= QUEUE_LIMIT) return;
  useArena(hs);
  const at = arena + ARENA_QUEUE + <usize>queued * QUEUE_ENTRY;
  store<u32>(at, <u32>base);
  store<u32>(at, <u32>offset, 4);
  store<u32>(at, load<u32>(hs + HART_DECODE_EPOCH), 8);
  store<u32>(entryAt(base, offset), ENTRY_QUEUED);
  if (queued == 0) {
    store<u64>(hs + HART_JIT_SINCE, load<u64>(hs + HART_INSTRET));
    store<u32>(hs + HART_JIT_LOST, 0);
  }
  store<u32>(hs + HART_JIT_QUEUED, queued + 1);
  if (load<u32>(hs + HART_JIT_THRESHOLD) <= AT_ONCE) translateQueue(hs);
}

/** Body of one region in this batch. */
@unmanaged
class Body {
  entry: u32;
  declarations: u32;
  declared: u32;
  code: u32;
  length: u32;
  /** Its branch hints in the batch. */
  firstHint: u32;
  endHint: u32;
  spare: u32;
}

/** What it was built from, for the other harts. */
function sharedAt(index: u32): Shared {
  const list = arena + ARENA_BATCH + <usize>QUEUE_LIMIT * offsetof<Body>();
  return changetype<Shared>(list + <usize>index * offsetof<Shared>());
}

function bodyAt(index: u32): Body {
  return changetype<Body>(arena + ARENA_BATCH + <usize>index * offsetof<Body>());
}

/** Builds the body of a queued region. @returns false when it has none */
function build(hs: usize, queued: usize, body: Body, index: u32): bool {
  const base = <usize>load<u32>(queued);
  const offset = <usize>load<u32>(queued, 4);
  const entry = entryAt(base, offset);
  // The page may have been decoded anew since, and the place may be in the queue a second time: two
  // functions of one entry word would outlive the page.
  if (load<u32>(entry) != ENTRY_QUEUED) return false;
  store<u32>(entry, ENTRY_NEVER);
  const blocks = discover(hs, base, <i32>offset);
  if (blocks == 0) return false;
  analyse(blocks);
  analyseRegisters();
  resetLocals();
  body.entry = <u32>entry;
  body.code = <u32>sinkEnd();
  body.firstHint = hintCount();
  hintsFrom(sinkEnd());
  lowerRegion(arena + ARENA_BATCH - 64, ownFunction(index));
  body.length = <u32>sinkEnd() - body.code;
  body.endHint = hintCount();
  body.declarations = <u32>sinkEnd();
  declareLocals();
  body.declared = <u32>sinkEnd() - body.declarations;
  const shared = sharedAt(index);
  shared.base = <u32>base;
  shared.offset = <u32>offset;
  shared.lines = regionLines;
  return true;
}

/**
 * Translates the queue when it is worth a module: a module costs the engine some 0.1 ms, whatever is
 * in it, and waiting costs the regions the interpreter's speed.
 */
export function translateWhenDue(hs: usize): void {
  const queued = load<u32>(hs + HART_JIT_QUEUED);
  if (queued == 0) return;
  const waited = load<u64>(hs + HART_INSTRET) - load<u64>(hs + HART_JIT_SINCE);
  const lost = load<u32>(hs + HART_JIT_LOST);
  if (queued >= BATCH || (waited >= WAIT && lost >= LOST) || waited >= PATIENCE) translateQueue(hs);
}

/** Translates everything in the queue into one module and enters it. */
export function translateQueue(hs: usize): void {
  const queued = load<u32>(hs + HART_JIT_QUEUED);
  if (queued == 0) return;
  const began = nowMs();
  useArena(hs);
  store<u32>(hs + HART_JIT_QUEUED, 0);
  // No region is on the stack: `translateWhenDue` runs between stretches of guest code.
  if (sharing()) adoptQueued(hs, queued);
  makeRoom(hs, MODULE_BYTES);
  sinkAt(arena + ARENA_BODIES);
  resetHints();
  let count: u32 = 0;
  for (let i: u32 = 0; i < queued; i++) {
    const at = arena + ARENA_QUEUE + <usize>i * QUEUE_ENTRY;
    if (sinkEnd() >= arena + ARENA_BODIES_END) {
      store<u32>(entryAt(<usize>load<u32>(at), <usize>load<u32>(at, 4)), 0);
    } else if (build(hs, at, bodyAt(count), count)) {
      count++;
    }
  }
  if (count) publish(hs, count);
  countTime(hs, HART_STAT_TRANSLATE_NS, began);
}

/** Takes what of the queue another hart translated meanwhile. */
function adoptQueued(hs: usize, queued: u32): void {
  for (let i: u32 = 0; i < queued; i++) {
    const at = arena + ARENA_QUEUE + <usize>i * QUEUE_ENTRY;
    const base = <usize>load<u32>(at);
    const offset = <usize>load<u32>(at, 4);
    if (load<u32>(entryAt(base, offset)) == ENTRY_QUEUED) adopt(hs, base, offset, true);
  }
}

/** Writes the module, has the host compile it, and points the entries at its functions. */
function publish(hs: usize, count: u32): void {
  const module = arena + ARENA_MODULE;
  const slot = takeSlots(hs, count);
  openModule(module, count);
  const hints = openHints(count);
  for (let i: u32 = 0; i < count; i++) {
    const body = bodyAt(i);
    writeHints(ownFunction(i), body.firstHint, body.endHint, body.declared);
  }
  closeHints(hints);
  openCode(count);
  for (let i: u32 = 0; i < count; i++) {
    const body = bodyAt(i);
    addBody(<usize>body.declarations, <usize>body.declared, <usize>body.code, <usize>body.length);
  }
  const length = closeModule(module);
  const began = nowMs();
  const installed = install(module, length, slot, count);
  countTime(hs, HART_STAT_COMPILE_NS, began);
  if (!installed) return;
  let lines: u32 = 0;
  for (let i: u32 = 0; i < count; i++) lines += <u32>popcnt(sharedAt(i).lines);
  const stored = share(changetype<usize>(sharedAt(0)), count, lines, length);
  const id = keepModule(hs, slot, count, length, stored);
  for (let i: u32 = 0; i < count; i++) linkFunction(hs, id, i, <usize>bodyAt(i).entry);
  countBy(hs, HART_STAT_TRANSLATIONS, <u64>count);
}
