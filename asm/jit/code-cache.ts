/**
 * Which translated modules a hart keeps, and which it drops when there are too many.
 *
 * A module's functions have consecutive slots of the function table; each is entered through one entry
 * word (asm/jit/translate.ts), which this room also knows from the slot. So a module can be dropped on
 * its own, and at once when the last page that leads to it is gone.
 *
 *     entry word ──slot──▶ moduleOf[slot] ──▶ module ──first slot, count──▶ entryOf[slot] ──▶ entry word
 *
 * Nothing in translated code says when it runs. Instead, when three quarters of the room are used, the
 * modules that were linked longest ago are *parked*: their entry words say ENTRY_PARKED instead of
 * ENTRY_TRANSLATED. Whoever arrives there links the module again; the one that was parked longest is
 * dropped when a new one needs its room. This is the clock algorithm with a quarter of the modules
 * behind the hand.
 *
 *     newest ── linked ── linked ── linked ─┊─ parked ── parked ── oldest
 *                                        boundary
 */
import {
  CONTROL_BASE,
  CONTROL_JIT_BYTES,
  CONTROL_JIT_MODULES,
  DECODE_ENTRIES,
  DECODE_PAGE_BYTES,
  DECODE_PAGES_AT,
  HART_DECODE_BASE,
  HART_DECODE_PAGES,
  HART_JIT_BYTES,
  HART_JIT_FUNCTIONS,
  HART_JIT_MODULES,
  HART_JIT_OPEN,
  HART_STAT_MODULES_DROPPED,
} from "../generated/layout";
import { count as countStat } from "../hart/stats";
import { RECORD_TRANSLATED } from "../interp/decode-cache";
import { arena, ARENA_CACHE, useArena } from "./arena";
import { emptyTable, findRun, giveSlots, moduleOf, SLOTS, takeSlot } from "./slots";
import { STORED_MODULES } from "./store";

/** Entry words that lead to a translation: bit 31, or these high bits, and the slot below. */
export const ENTRY_TRANSLATED: u32 = 0x8000_0000;
export const ENTRY_PARKED: u32 = 0x2000_0000;
const ENTRY_KIND: u32 = 0xf000_0000;
const ENTRY_SLOT: u32 = 0x0fff_ffff;

/** A place that waits to be translated. */
export const ENTRY_QUEUED: u32 = 0x4000_0001;

/** Modules are 1 to MODULES - 1; 0 is none, and the ring's both ends. */
const MODULES: u32 = 2048;
/** Bounds when CONTROL says none. */
const DEFAULT_MODULES: u32 = 2000;
const DEFAULT_BYTES: u32 = 64 << 20;

/** Words in a decode page that say how many of its entry words lead to a translation. */
const PAGE_LINKS: usize = 0x5810;
const ENTRIES_BYTES: usize = 0x2000;

/** Tables behind the header, in ARENA_CACHE; that of slots (asm/jit/slots.ts) is among them. */
const MODULES_AT: usize = 0x40;
const ENTRY_OF: usize = 0x2_0000;
const INSTALLED: usize = 0x4_0000;

@unmanaged
class Cache {
  /** Of modules that were dropped, linked by `older`; then from `fresh` on there were none yet. */
  free: u32;
  fresh: u32;
  /** The newest parked module, 0 when none is, and how many are parked. */
  boundary: u32;
  parked: u32;
  /** Where the search for free slots goes on. */
  nextSlot: u32;
}

@unmanaged
class Kept {
  newer: u16;
  older: u16;
  slot: u32;
  /** Its functions, and those of them that are still led to. */
  count: u16;
  live: u16;
  bytes: u32;
  parked: u32;
  /** Its number in the store, 0 when it is not there; also of a place that is free. */
  stored: u32;
}

function cache(): Cache {
  return changetype<Cache>(arena + ARENA_CACHE);
}

/** Module 0's `older` is the newest module, its `newer` the oldest. */
function keptAt(id: u32): Kept {
  return changetype<Kept>(arena + ARENA_CACHE + MODULES_AT + <usize>id * offsetof<Kept>());
}

function entryOf(slot: u32): usize {
  return arena + ARENA_CACHE + ENTRY_OF + ((<usize>slot) << 2);
}

/** Which module a stored one may be installed as: its `stored` says whether it is. */
function installedAt(stored: u32): usize {
  return arena + ARENA_CACHE + INSTALLED + ((<usize>stored & (STORED_MODULES - 1)) << 1);
}

function leadsToSlot(word: u32): bool {
  return <i32>word < 0 || (word & ENTRY_KIND) == ENTRY_PARKED;
}

/** The start of the decode page that has the entry word at `entry`. */
function pageOf(hs: usize, entry: usize): usize {
  const first = <usize>load<u32>(hs + HART_DECODE_BASE) + DECODE_PAGES_AT;
  return entry - ((entry - first) & (DECODE_PAGE_BYTES - 1));
}

function addLinks(hs: usize, entry: usize, change: i32): void {
  const at = pageOf(hs, entry) + PAGE_LINKS;
  store<i32>(at, load<i32>(at) + change);
}

/** Empties the cache, once after a reset: the table may hold an earlier run's functions. */
export function openCodeCache(hs: usize): void {
  store<u32>(hs + HART_JIT_OPEN, 1);
  useArena(hs);
  emptyTable(hs);
  memory.fill(arena + ARENA_CACHE, 0, MODULES_AT + offsetof<Kept>());
  cache().fresh = 1;
  cache().nextSlot = 1;
  memory.fill(arena + ARENA_CACHE + INSTALLED, 0, STORED_MODULES << 1);
  const first = <usize>load<u32>(hs + HART_DECODE_BASE) + DECODE_PAGES_AT;
  const pages = <usize>load<u32>(hs + HART_DECODE_PAGES);
  for (let page: usize = 0; page < pages; page++) {
    const links = first + page * DECODE_PAGE_BYTES + PAGE_LINKS;
    // The host has no memory behind slots that were never used: looking is free, writing is not.
    if (load<u32>(links) != 0) store<u32>(links, 0);
  }
  store<u32>(hs + HART_JIT_MODULES, 0);
  store<u32>(hs + HART_JIT_FUNCTIONS, 0);
  store<u64>(hs + HART_JIT_BYTES, 0);
}

function unchain(module: Kept): void {
  keptAt(module.newer).older = module.older;
  keptAt(module.older).newer = module.newer;
}

/** Makes it the newest. */
function chain(id: u32, module: Kept): void {
  const ends = keptAt(0);
  module.newer = 0;
  module.older = ends.older;
  keptAt(ends.older).newer = <u16>id;
  ends.older = <u16>id;
}

/** Takes a parked module out of the count; it is about to leave its place in the chain. */
function unpark(id: u32, module: Kept): void {
  if (!module.parked) return;
  module.parked = 0;
  cache().parked--;
  if (cache().boundary == id) cache().boundary = module.older;
}

/** Writes `kind` with the slot to all entry words that lead to the module. */
function linkAll(module: Kept, kind: u32): void {
  for (let slot = module.slot; slot < module.slot + module.count; slot++) {
    const entry = <usize>load<u32>(entryOf(slot));
    if (entry) store<u32>(entry, kind | slot);
  }
}

/** Parks the oldest linked module. @returns false when all are parked */
function parkOne(): bool {
  const boundary = cache().boundary;
  const id = boundary ? <u32>keptAt(boundary).newer : <u32>keptAt(0).newer;
  if (id == 0) return false;
  const module = keptAt(id);
  module.parked = 1;
  cache().parked++;
  cache().boundary = id;
  linkAll(module, ENTRY_PARKED);
  return true;
}

/** Gives a module's slots and its place back; no entry word leads to it any more. */
function free(hs: usize, id: u32, module: Kept): void {
  unpark(id, module);
  unchain(module);
  module.stored = 0;
  giveSlots(module.slot, module.count);
  store<u32>(hs + HART_JIT_MODULES, load<u32>(hs + HART_JIT_MODULES) - 1);
  store<u32>(hs + HART_JIT_FUNCTIONS, load<u32>(hs + HART_JIT_FUNCTIONS) - module.count);
  store<u64>(hs + HART_JIT_BYTES, load<u64>(hs + HART_JIT_BYTES) - <u64>module.bytes);
  module.older = <u16>cache().free;
  cache().free = id;
}

/** Drops the oldest module: places that lead to it are counted anew. @returns false: there is none */
function dropOldest(hs: usize): bool {
  const id = <u32>keptAt(0).newer;
  if (id == 0) return false;
  const module = keptAt(id);
  for (let slot = module.slot; slot < module.slot + module.count; slot++) {
    const entry = <usize>load<u32>(entryOf(slot));
    if (entry == 0) continue;
    store<u32>(entry, 0);
    addLinks(hs, entry, -1);
  }
  free(hs, id, module);
  countStat(hs, HART_STAT_MODULES_DROPPED);
  return true;
}

function maxModules(): u32 {
  const bound = load<u32>(CONTROL_BASE + CONTROL_JIT_MODULES);
  return bound ? min(bound, MODULES - 1) : DEFAULT_MODULES;
}

function maxBytes(): u64 {
  const bound = load<u32>(CONTROL_BASE + CONTROL_JIT_BYTES);
  return bound ? bound : DEFAULT_BYTES;
}

/**
 * Drops what must go for a module of `bytes` at most, and parks what may go next. No region may be on
 * the stack.
 */
export function makeRoom(hs: usize, bytes: u64): void {
  useArena(hs);
  const modules = maxModules();
  const limit = maxBytes();
  const kept = hs + HART_JIT_MODULES;
  const used = hs + HART_JIT_BYTES;
  while (load<u32>(kept) >= modules || load<u64>(used) + bytes > limit) {
    if (!dropOldest(hs)) break;
  }
  if (load<u32>(kept) * 4 < modules * 3 && load<u64>(used) * 4 < limit * 3) return;
  while (cache().parked * 4 < load<u32>(kept)) {
    if (!parkOne()) break;
  }
}

/** The first of `count` free slots in a row, 1 or more; drops modules until there are some. */
export function takeSlots(hs: usize, count: u32): u32 {
  let slot = findRun(cache().nextSlot, SLOTS, count);
  if (slot == 0) slot = findRun(1, SLOTS, count);
  while (slot == 0 && dropOldest(hs)) slot = findRun(1, SLOTS, count);
  cache().nextSlot = slot + count;
  return slot;
}

/**
 * Enters a module of `count` functions from `slot` on, none of which is linked yet.
 *
 * @param stored its number in the store, 0 when it is not there
 * @returns which module it is
 */
export function keepModule(hs: usize, slot: u32, count: u32, bytes: usize, stored: u32): u32 {
  const header = cache();
  const id = header.free ? header.free : header.fresh++;
  const module = keptAt(id);
  if (header.free) header.free = module.older;
  module.slot = slot;
  module.count = <u16>count;
  module.live = 0;
  module.bytes = <u32>bytes;
  module.parked = 0;
  module.stored = stored;
  if (stored) store<u16>(installedAt(stored), <u16>id);
  chain(id, module);
  memory.fill(entryOf(slot), 0, (<usize>count) << 2);
  for (let i: u32 = 0; i < count; i++) takeSlot(hs, slot + i, id);
  store<u32>(hs + HART_JIT_MODULES, load<u32>(hs + HART_JIT_MODULES) + 1);
  store<u32>(hs + HART_JIT_FUNCTIONS, load<u32>(hs + HART_JIT_FUNCTIONS) + count);
  store<u64>(hs + HART_JIT_BYTES, load<u64>(hs + HART_JIT_BYTES) + <u64>bytes);
  return id;
}

/** Which of this hart's modules is the stored one of that number, 0 when none is. */
export function installedAs(stored: u32): u32 {
  const id = <u32>load<u16>(installedAt(stored));
  return id && keptAt(id).stored == stored ? id : 0;
}

/**
 * Makes the entry word at `entry`, which leads nowhere, lead to function `index` of a module.
 *
 * @returns false when another entry word does
 */
export function linkFunction(hs: usize, id: u32, index: u32, entry: usize): bool {
  const module = keptAt(id);
  const slot = module.slot + index;
  if (load<u32>(entryOf(slot))) return false;
  if (module.parked) renew(id, module);
  module.live++;
  store<u32>(entryOf(slot), <u32>entry);
  store<u32>(entry, ENTRY_TRANSLATED | slot);
  addLinks(hs, entry, 1);
  const page = pageOf(hs, entry);
  const record = page + ((entry - page - DECODE_ENTRIES) << 1);
  store<u32>(record, load<u32>(record) | RECORD_TRANSLATED);
  return true;
}

/** Drops a module that nothing came to lead to. @returns whether it was so */
export function dropUnlinked(hs: usize, id: u32): bool {
  const module = keptAt(id);
  if (module.live) return false;
  free(hs, id, module);
  return true;
}

/** Links a module again that was parked; it is the newest then. */
function renew(id: u32, module: Kept): void {
  unpark(id, module);
  unchain(module);
  chain(id, module);
  linkAll(module, ENTRY_TRANSLATED);
}

/**
 * To be called for an entry word that does not lead to a linked translation.
 *
 * @returns true when it led to a parked one, which is linked now
 */
export function revive(hs: usize, word: u32): bool {
  if ((word & ENTRY_KIND) != ENTRY_PARKED) return false;
  useArena(hs);
  const id = <u32>load<u16>(moduleOf(word & ENTRY_SLOT));
  renew(id, keptAt(id));
  return true;
}

/** A decode page's entry words are about to be cleared: modules that only they lead to go at once. */
export function forgetPage(hs: usize, base: usize): void {
  if (load<u32>(base + PAGE_LINKS) == 0) return;
  store<u32>(base + PAGE_LINKS, 0);
  useArena(hs);
  const end = base + DECODE_ENTRIES + ENTRIES_BYTES;
  for (let entry = base + DECODE_ENTRIES; entry < end; entry += 4) {
    const word = load<u32>(entry);
    if (leadsToSlot(word)) forgetSlot(hs, word & ENTRY_SLOT);
  }
}

function forgetSlot(hs: usize, slot: u32): void {
  store<u32>(entryOf(slot), 0);
  const id = <u32>load<u16>(moduleOf(slot));
  const module = keptAt(id);
  module.live--;
  if (module.live == 0) free(hs, id, module);
}
