/**
 * Slots of the function table: which are free, and which module has each of the others.
 *
 * Harts of one instance share its table. Each hart has a table of its own modules; that of the first
 * hart is also the table of all, in which those of the others are marked.
 */
import { HART_HARTID } from "../generated/layout";
import { arena, ARENA_CACHE, arenaOf } from "./arena";
import { release } from "./env";

/** Slots are 1 to SLOTS - 1: an engine's tables start with ours of no function. */
export const SLOTS: u32 = 32768;

/** Behind the code cache's header and its modules: u16 a slot, 0 when it is free. */
const MODULE_OF: usize = 0x1_0000;

/** Where this hart's table says which module has the slot. */
export function moduleOf(slot: u32): usize {
  return arena + ARENA_CACHE + MODULE_OF + ((<usize>slot) << 1);
}

/** The first hart of this instance. */
let owner: usize = 0;
/** In its table, a slot of another hart: with that one's number, and beyond all modules. */
const FOREIGN: u32 = 0xf000;

function takenBy(slot: u32): usize {
  return arenaOf(owner) + ARENA_CACHE + MODULE_OF + ((<usize>slot) << 1);
}

/** Says that the slot is this hart's, and which of its modules has it. */
export function takeSlot(hs: usize, slot: u32, id: u32): void {
  store<u16>(moduleOf(slot), <u16>id);
  if (hs != owner) store<u16>(takenBy(slot), <u16>(FOREIGN | load<u32>(hs + HART_HARTID)));
}

function isOwn(hs: usize, slot: u32): bool {
  const id = <u32>load<u16>(moduleOf(slot));
  if (id == 0 || id >= FOREIGN) return false;
  return hs == owner || <u32>load<u16>(takenBy(slot)) == (FOREIGN | load<u32>(hs + HART_HARTID));
}

/** Empties `count` slots from `slot` on, which are this hart's. */
export function giveSlots(slot: u32, count: u32): void {
  release(slot, count);
  memory.fill(takenBy(slot), 0, (<usize>count) << 1);
  memory.fill(moduleOf(slot), 0, (<usize>count) << 1);
}

/** Gives back what the hart has of the table from before its reset. */
export function emptyTable(hs: usize): void {
  if (owner == 0) {
    owner = hs;
    memory.fill(moduleOf(0), 0, (<usize>SLOTS) << 1);
    return;
  }
  for (let slot: u32 = 1; slot < SLOTS; slot++) {
    if (isOwn(hs, slot)) giveSlots(slot, 1);
  }
  if (hs != owner) memory.fill(moduleOf(0), 0, (<usize>SLOTS) << 1);
}

/** The first of `count` free slots in a row from `from` on, before `end`; 0 when there are none. */
export function findRun(from: u32, end: u32, count: u32): u32 {
  let run: u32 = 0;
  for (let slot = from; slot < end; slot++) {
    run = load<u16>(takenBy(slot)) ? 0 : run + 1;
    if (run == count) return slot + 1 - count;
  }
  return 0;
}
