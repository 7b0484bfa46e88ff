/**
 * Translations that harts share: what one hart translated, another takes instead of translating it again.
 * Shared code is what engines do with modules of equal bytes, so it is the bytes that are kept here, in
 * a ring; the newest module takes the place of the oldest ones (docs/adr/0009).
 *
 *     CONTROL.store  0x00000  header
 *                    0x01000  where each module is, by its number
 *                    0x08000  claims: places that a hart is about to translate
 *                    0x10000  heads: the first region of each bucket
 *                    0x50000  the ring, CONTROL.storeBytes long
 *
 * A module in the ring is its header, a record for each region, and the Wasm bytes:
 *
 *     region   { next in its bucket, place, module, index, lines } then 64 bytes for each line
 *
 * The lines are what of its page a region was built from: all of its instruction bytes, as its hart had
 * decoded them. Whoever takes a region compares them with the page as it decodes it itself, so
 * what is here may be as old as it likes.
 *
 * Everything but claims and the first look at a bucket happens under a lock.
 */
import {
  CONTROL_BASE,
  CONTROL_STORE,
  CONTROL_STORE_BYTES,
  CONTROL_STORE_LOCK,
  HART_HARTID,
} from "../generated/layout";
import { lock, unlock } from "../hart/lock";

const LOCK: usize = CONTROL_BASE + CONTROL_STORE_LOCK;

const DIRECTORY: usize = 0x1000;
const CLAIMS: usize = 0x8000;
const HEADS: usize = 0x1_0000;
const RING: usize = 0x5_0000;

/** Modules are known by numbers from 1 on; so many of the last ones are kept at most. */
export const STORED_MODULES: u32 = 4096;
const CLAIM_COUNT: u32 = 4096;
const HEAD_SHIFT: u32 = 16;
/** Different contents of one place that are kept. */
const VERSIONS: u32 = 3;
/** How often a hart that waits for another one's translation comes back before it does it itself. */
const PATIENCE: u32 = 400;
const LINE_BYTES: usize = 64;

@unmanaged
class Header {
  /** Modules stored so far, and those of them that are gone. */
  stored: u32;
  gone: u32;
  /** Where in the ring the next module goes. */
  head: u32;
}

@unmanaged
export class StoredModule {
  /** Its number; whole size. */
  number: u32;
  bytes: u32;
  /** Its functions, which are as many regions; where the Wasm bytes are from here, and how many. */
  regions: u32;
  wasm: u32;
  wasmBytes: u32;
  spare: u32;
}

@unmanaged
export class StoredRegion {
  /** Address of the next one in the bucket, 0 for none. */
  next: u32;
  /** Parcel of guest-physical memory; 0 when it is in no bucket any more. */
  place: u32;
  /** Address of its module. */
  module: u32;
  /** Which of the module's functions. */
  index: u32;
  lines: u64;
}

/** Where it is; 0 when this machine shares nothing. */
function store0(): usize {
  return <usize>load<u32>(CONTROL_BASE + CONTROL_STORE);
}

function header(): Header {
  return changetype<Header>(store0());
}

export function sharing(): bool {
  return store0() != 0;
}

export function lockStore(): void {
  lock(LOCK);
}

export function unlockStore(): void {
  unlock(LOCK);
}

/** The parcel at byte `offset` of a guest-physical page: 32 bits reach 8 GiB, beyond any slot. */
export function placeOf(page: u64, offset: usize): u32 {
  return <u32>((page << 11) | (<u64>offset >> 1));
}

export function pageOfPlace(place: u32): u64 {
  return <u64>(place >> 11);
}

export function offsetOfPlace(place: u32): usize {
  return (<usize>(place & 0x7ff)) << 1;
}

function hash(place: u32): u32 {
  return place * 0x9e3779b1;
}

function headOf(place: u32): usize {
  return store0() + HEADS + ((<usize>(hash(place) >> HEAD_SHIFT)) << 2);
}

function moduleAt(number: u32): usize {
  return store0() + DIRECTORY + ((<usize>number & (STORED_MODULES - 1)) << 2);
}

/** Bytes of a region's record with so many lines. */
function regionBytes(lines: u64): usize {
  return offsetof<StoredRegion>() + <usize>popcnt(lines) * LINE_BYTES;
}

export function linesOf(region: StoredRegion): usize {
  return changetype<usize>(region) + offsetof<StoredRegion>();
}

/** The first region of a module, also of a copy. */
export function firstRegion(module: StoredModule): StoredRegion {
  return changetype<StoredRegion>(changetype<usize>(module) + offsetof<StoredModule>());
}

/** The region behind one in its module. */
export function regionBehind(region: StoredRegion): StoredRegion {
  return changetype<StoredRegion>(changetype<usize>(region) + regionBytes(region.lines));
}

/** Whether a place may have something: a look without the lock, which may be late. */
export function maybeStored(place: u32): bool {
  return load<u32>(headOf(place)) != 0;
}

/** The newest region of a place, 0 when there is none; `regionLike` has the others. Under the lock. */
export function regionsOf(place: u32): StoredRegion {
  return likeThis(load<u32>(headOf(place)), place);
}

/** The next older region of the same place, 0 when there is none. Under the lock. */
export function olderRegion(region: StoredRegion): StoredRegion {
  return likeThis(region.next, region.place);
}

function likeThis(at: u32, place: u32): StoredRegion {
  while (at) {
    const region = changetype<StoredRegion>(<usize>at);
    if (region.place == place) break;
    at = region.next;
  }
  return changetype<StoredRegion>(<usize>at);
}

/** Takes a region out of its bucket. */
function unlink(region: StoredRegion): void {
  if (region.place == 0) return;
  let link = headOf(region.place);
  const at = <u32>changetype<usize>(region);
  while (load<u32>(link) != at) link = <usize>load<u32>(link);
  // A region's first word is its `next`, so that a link is an address of such a word.
  store<u32>(link, region.next);
  region.place = 0;
}

function dropOldest(): void {
  const top = header();
  top.gone++;
  const module = changetype<StoredModule>(<usize>load<u32>(moduleAt(top.gone)));
  let region = firstRegion(module);
  for (let i: u32 = 0; i < module.regions; i++) {
    unlink(region);
    region = regionBehind(region);
  }
}

/** Where the oldest module is, or the end of memory when there is none. */
function oldest(): usize {
  const top = header();
  return top.gone == top.stored ? <usize>-1 : <usize>load<u32>(moduleAt(top.gone + 1));
}

/** Room for a module of `bytes` in the ring; older ones go. @returns 0 when it is too large */
function take(bytes: usize): usize {
  const ring = store0() + RING;
  const end = ring + <usize>load<u32>(CONTROL_BASE + CONTROL_STORE_BYTES);
  if (bytes > end - ring) return 0;
  const top = header();
  let at = ring + <usize>top.head;
  if (at + bytes > end) {
    for (let next = oldest(); next >= at && next < end; next = oldest()) dropOldest();
    at = ring;
  }
  for (let next = oldest(); next >= at && next < at + bytes; next = oldest()) dropOldest();
  if (top.stored - top.gone == STORED_MODULES) dropOldest();
  top.head = <u32>(at + bytes - ring);
  return at;
}

let adding: StoredModule = changetype<StoredModule>(0);
let addAt: usize = 0;

/**
 * Starts a module of `count` regions, which `addRegion` adds in the order of its functions. Under the
 * lock.
 *
 * @param lines of all its regions
 * @returns its number; 0 when it is too large to be stored
 */
export function addModule(count: u32, lines: u32, wasm: usize, wasmBytes: usize): u32 {
  const records = <usize>count * offsetof<StoredRegion>() + <usize>lines * LINE_BYTES;
  const head = offsetof<StoredModule>() + records;
  const bytes = (head + wasmBytes + 7) & ~7;
  const at = take(bytes);
  if (at == 0) return 0;
  const number = ++header().stored;
  store<u32>(moduleAt(number), <u32>at);
  const module = changetype<StoredModule>(at);
  module.number = number;
  module.bytes = <u32>bytes;
  module.regions = count;
  module.wasm = <u32>head;
  module.wasmBytes = <u32>wasmBytes;
  memory.copy(at + head, wasm, wasmBytes);
  adding = module;
  addAt = at + offsetof<StoredModule>();
  return number;
}

/** @returns where the lines' bytes are to be written */
export function addRegion(index: u32, place: u32, lines: u64): usize {
  forgetVersions(place);
  const region = changetype<StoredRegion>(addAt);
  const head = headOf(place);
  region.next = load<u32>(head);
  region.place = place;
  region.module = <u32>changetype<usize>(adding);
  region.index = index;
  region.lines = lines;
  store<u32>(head, <u32>addAt);
  addAt += regionBytes(lines);
  return linesOf(region);
}

/** Leaves room for one more version of a place: code that is patched all the time fills no bucket. */
function forgetVersions(place: u32): void {
  let region = regionsOf(place);
  for (let kept: u32 = 1; changetype<usize>(region) != 0; kept++) {
    const older = olderRegion(region);
    if (kept >= VERSIONS) unlink(region);
    region = older;
  }
}

/**
 * Says that this hart is about to translate a place, unless another one said so before.
 *
 * @returns false when the other's translation is worth waiting for
 */
export function claim(hs: usize, place: u32): bool {
  const at = store0() + CLAIMS + ((<usize>(hash(place) >> 20) & (CLAIM_COUNT - 1)) << 3);
  const self = load<u32>(hs + HART_HARTID) + 1;
  const state = load<u32>(at, 4);
  // Other harts write these words, too: a claim that gets lost costs a translation.
  if (load<u32>(at) == place && state && (state & 0xff) != self && state >> 8 < PATIENCE) {
    store<u32>(at, state + 0x100, 4);
    return false;
  }
  store<u32>(at, place);
  store<u32>(at, self, 4);
  return true;
}
