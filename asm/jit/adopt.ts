/**
 * Taking translations from the store (asm/jit/store.ts), and giving one's own to it.
 *
 * A region is taken only when all instruction bytes that it was built from are those of the hart's own
 * decode page, which has them in its copy from then on: so a later FENCE.I compares them, as if this hart
 * had decoded and translated them itself (docs/adr/0003).
 */
import {
  DECODE_ENTRIES,
  HART_JIT_THRESHOLD,
  HART_STAT_ADOPTIONS,
  HART_STAT_COMPILE_NS,
  HART_STAT_TRANSLATE_NS,
} from "../generated/layout";
import { nowMs } from "../hart/env";
import { count, countTime } from "../hart/stats";
import { decodedPage } from "../interp/decode-cache";
import { copyLines, holdsLines, PAGE_NUMBER } from "../mmu/code-page";
import { arena, ARENA_BODIES, ARENA_MODULE, ARENA_KEPT, useArena } from "./arena";
import {
  dropUnlinked,
  ENTRY_QUEUED,
  installedAs,
  keepModule,
  linkFunction,
  makeRoom,
  takeSlots,
} from "./code-cache";
import { install } from "./env";
import {
  addModule,
  addRegion,
  firstRegion,
  linesOf,
  lockStore,
  maybeStored,
  offsetOfPlace,
  olderRegion,
  pageOfPlace,
  placeOf,
  regionBehind,
  regionsOf,
  sharing,
  StoredModule,
  StoredRegion,
  unlockStore,
} from "./store";

/** A module is copied to where this hart builds its own. */
const COPY_ROOM: u32 = <u32>(ARENA_KEPT - ARENA_MODULE);

export function placeAt(base: usize, offset: usize): u32 {
  return placeOf(load<u64>(base + PAGE_NUMBER), offset);
}

function regionHolds(base: usize, region: StoredRegion): bool {
  return holdsLines(base, region.lines, linesOf(region));
}

/** The newest stored region that was built from what the page holds, 0 when there is none. */
function findFor(base: usize, place: u32): StoredRegion {
  let region = regionsOf(place);
  while (changetype<usize>(region) != 0 && !regionHolds(base, region)) region = olderRegion(region);
  return region;
}

/**
 * Looks for a translation of the place at `offset` of the decode page, and makes its entry word lead
 * there. A decode page of an older epoch is compared with memory before it is entered, as ever. No region
 * may be on the stack.
 *
 * @param installs whether it may be of a module that this hart does not have yet
 */
export function adopt(hs: usize, base: usize, offset: usize, installs: bool): bool {
  if (!sharing()) return false;
  const place = placeAt(base, offset);
  if (!maybeStored(place)) return false;
  const began = nowMs();
  useArena(hs);
  lockStore();
  const region = findFor(base, place);
  if (changetype<usize>(region) == 0) {
    unlockStore();
    return false;
  }
  const module = changetype<StoredModule>(<usize>region.module);
  const installed = installedAs(module.number);
  const index = region.index;
  const copied = installed == 0 && installs && module.bytes <= COPY_ROOM;
  if (copied) memory.copy(arena + ARENA_MODULE, changetype<usize>(module), <usize>module.bytes);
  unlockStore();
  let linked = false;
  if (installed) linked = linkOne(hs, installed, index, base, offset);
  else if (copied) linked = installCopy(hs);
  countTime(hs, HART_STAT_TRANSLATE_NS, began);
  return linked && <i32>load<u32>(base + DECODE_ENTRIES + (offset << 1)) < 0;
}

function linkOne(hs: usize, id: u32, index: u32, base: usize, offset: usize): bool {
  const linked = linkFunction(hs, id, index, base + DECODE_ENTRIES + (offset << 1));
  if (linked) count(hs, HART_STAT_ADOPTIONS);
  return linked;
}

/** Installs the module that was copied, and links what of it this hart's pages hold. */
function installCopy(hs: usize): bool {
  const module = changetype<StoredModule>(arena + ARENA_MODULE);
  makeRoom(hs, <u64>module.wasmBytes);
  const slot = takeSlots(hs, module.regions);
  const wasm = changetype<usize>(module) + <usize>module.wasm;
  const began = nowMs();
  const installed = install(wasm, <usize>module.wasmBytes, slot, module.regions);
  countTime(hs, HART_STAT_COMPILE_NS, began);
  if (!installed) return false;
  const id = keepModule(hs, slot, module.regions, <usize>module.wasmBytes, module.number);
  let region = firstRegion(module);
  for (let i: u32 = 0; i < module.regions; i++) {
    linkWherePresent(hs, id, region);
    region = regionBehind(region);
  }
  return !dropUnlinked(hs, id);
}

/** Links a region of the copy if its page is decoded here, and the same; the others when they are met. */
function linkWherePresent(hs: usize, id: u32, region: StoredRegion): void {
  if (region.place == 0) return;
  const base = decodedPage(hs, pageOfPlace(region.place));
  if (base == 0) return;
  const offset = offsetOfPlace(region.place);
  const state = load<u32>(base + DECODE_ENTRIES + (offset << 1));
  if (state >= load<u32>(hs + HART_JIT_THRESHOLD) && state != ENTRY_QUEUED) return;
  if (regionHolds(base, region)) linkOne(hs, id, region.index, base, offset);
}

/** A region of the batch as `share` wants it. */
@unmanaged
export class Shared {
  base: u32;
  offset: u32;
  lines: u64;
}

/**
 * Gives a module that was just built, in ARENA_MODULE, to the other harts.
 *
 * @param list `Shared` of each of its functions
 * @param lines of all of them
 * @returns its number in the store; 0 when nothing is shared
 */
export function share(list: usize, functions: u32, lines: u32, wasmBytes: usize): u32 {
  if (!sharing()) return 0;
  lockStore();
  const number = addModule(functions, lines, arena + ARENA_MODULE, wasmBytes);
  for (let i: u32 = 0; number != 0 && i < functions; i++) {
    const region = changetype<Shared>(list + <usize>i * offsetof<Shared>());
    const base = <usize>region.base;
    copyLines(base, region.lines, addRegion(i, placeAt(base, <usize>region.offset), region.lines));
  }
  unlockStore();
  return number;
}
