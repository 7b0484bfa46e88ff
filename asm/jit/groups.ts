/**
 * Groups: accesses of a block through one base register that keeps its value, for which one look at
 * the TLB is enough. The look finds the host address of the lowest of them, or that there is none (an
 * address in the guard page); each access asks that and takes its slow path then, so that a group
 * that straddles pages, or touches a page for the first time, is exact without another copy.
 *
 * A group serves the blocks that its own dominates as long as nothing between may change its base.
 */
import { recordAccess, recordDefs } from "../generated/emit";
import { arena, ARENA_GROUPS, ARENA_KEPT, blockAt } from "./arena";
import { Block, FLAG_LOOP, FLAG_MERGE, NO_BLOCK } from "./block";
import { lengthOf, recordAt } from "./discover";
import { successor, successors } from "./flow";
import { isCall } from "./liveness";
import { groupLocal } from "./locals";
import { restoreWords, savedWords } from "./words";

/** Bytes that a group spans at most: the further, the likelier it straddles pages. */
const MAX_SPAN: i32 = 1024;

/** The groups of each register: 32 entries `{ i16 low; i16 high; u16 kind; u16 local }`. */
const ENTRY: usize = 8;
const SET_BYTES: usize = 32 * ENTRY;
const MAX_SAVED: u32 = 30;

const NONE: u32 = 0;
const READS: u32 = 1;
const WRITES: u32 = 2;

let saved: u32 = 0;

function entryOf(base: u32): usize {
  return arena + ARENA_GROUPS + <usize>base * ENTRY;
}

export function resetGroups(): void {
  memory.fill(arena + ARENA_GROUPS, 0, SET_BYTES);
}

export function clearSavedGroups(): void {
  saved = 0;
  kept = 0;
}

/** Keeps the groups for `popGroups`, which forgets them all where the nesting is too deep. */
export function pushGroups(): void {
  saved++;
  if (saved >= MAX_SAVED) return;
  const at = arena + ARENA_GROUPS;
  memory.copy(at + <usize>saved * SET_BYTES, at, SET_BYTES);
}

export function popGroups(): void {
  const at = arena + ARENA_GROUPS;
  if (saved < MAX_SAVED) memory.copy(at, at + <usize>saved * SET_BYTES, SET_BYTES);
  else resetGroups();
  saved--;
}

/** x registers of `defs` change: addresses through them do, too. */
export function forgetGroups(defs: u64): void {
  for (let rest = <u32>defs; rest != 0; rest &= rest - 1) {
    store<u32>(entryOf(<u32>ctz(rest)), NONE, 4);
  }
}

/** The local of the group that an access belongs to, and the offset of its address from x(base). */
export let groupLocalOf: u32 = 0;
export let groupLow: i32 = 0;
/** Of the group that `findGroup` found to open: its span, and whether it writes. */
export let groupSpan: i32 = 0;
export let groupWrites: bool = false;

/** Whether the open group of x(base) covers the access. */
export function inGroup(base: u32, imm: i32, bytes: i32, writes: bool): bool {
  const at = entryOf(base);
  const kind = <u32>load<u16>(at, 4);
  if (kind == NONE || (writes && kind != WRITES)) return false;
  groupLocalOf = <u32>load<u16>(at, 6);
  groupLow = <i32>load<i16>(at);
  return imm >= groupLow && imm + bytes <= <i32>load<i16>(at, 2);
}

/** What the scan has found: the span of the accesses, whether any writes, how many. */
let low: i32 = 0;
let high: i32 = 0;
let writes: bool = false;
let found: i32 = 0;

function addAccess(imm: i32, end: i32, write: bool): void {
  const from = found ? min(low, imm) : imm;
  const to = found ? max(high, end) : end;
  if (to - from > MAX_SPAN) return;
  low = from;
  high = to;
  writes = writes || write;
  found++;
}

/**
 * Adds the accesses among `records` records from `offset` on.
 *
 * @param mayWrite whether stores count
 * @returns whether x(base) keeps its value
 */
function scanRecords(base: u32, offset: i32, records: i32, mayWrite: bool): bool {
  for (let i = 0; i < records; i++) {
    const record = recordAt(offset);
    const w = load<u32>(record);
    const access = recordAccess(w & 0xff);
    const write = (access & 8) != 0;
    if (access >= 0 && ((w >> 19) & 31) == base && (mayWrite || !write)) {
      const imm = load<i32>(record, 4);
      addAccess(imm, imm + (1 << (access & 3)), write);
    }
    if ((recordDefs(w, load<u32>(record, 4)) >> base) & 1) return false;
    offset += lengthOf(w);
  }
  return true;
}

/**
 * Adds those of the blocks that nothing but `block` leads to. They may not run, so a store there must
 * not make a group one of writes: its page may be one that is only read.
 */
function scanBehind(base: u32, block: Block, levels: i32): void {
  if (levels == 0 || isCall(block)) return;
  for (let which = 0; which < successors(block); which++) {
    const to = successor(block, which);
    if (to == NO_BLOCK) continue;
    const next = blockAt(to);
    if (next.flags & <u8>(FLAG_LOOP | FLAG_MERGE) || next.order <= block.order) continue;
    if (scanRecords(base, <i32>next.start, <i32>next.count, writes)) {
      scanBehind(base, next, levels - 1);
    }
  }
}

/** How far behind a block a group reaches at its opening. */
const LEVELS: i32 = 3;

/**
 * Looks for accesses that go with the one at `offset`, among the next `records` records of `block` and
 * in the blocks behind.
 *
 * @returns whether there are any: then the group is open
 */
export function findGroup(base: u32, offset: i32, records: i32, block: Block): bool {
  found = 0;
  writes = false;
  if (scanRecords(base, offset, records, true)) scanBehind(base, block, LEVELS);
  if (found < 2) return false;
  groupLocalOf = groupLocal();
  if (groupLocalOf == 0) return false;
  const at = entryOf(base);
  store<i16>(at, <i16>low);
  store<i16>(at, <i16>high, 2);
  store<u16>(at, <u16>(writes ? WRITES : READS), 4);
  store<u16>(at, <u16>groupLocalOf, 6);
  groupLow = low;
  groupSpan = high - low;
  groupWrites = writes;
  return true;
}

/** Groups and words, as kept for the merges and loops behind a block. */
const KEPT_BYTES: usize = SET_BYTES + 16;
const MAX_KEPT: u32 = 64;

let kept: u32 = 0;

function keptAt(id: u32): usize {
  return arena + ARENA_KEPT + <usize>id * KEPT_BYTES;
}

/** @returns where to keep what is known at the end of a block; 0 when there is no more room */
export function openKept(): u32 {
  kept++;
  if (kept >= MAX_KEPT) return 0;
  memory.fill(keptAt(kept), 0, KEPT_BYTES);
  return kept;
}

export function closeKept(): void {
  kept--;
}

export function keepKnown(id: u32): void {
  memory.copy(keptAt(id), arena + ARENA_GROUPS, SET_BYTES);
  store<u64>(keptAt(id) + SET_BYTES, savedWords());
}

/** What was kept is known here, too, but for the registers that may have changed since. */
export function recallKnown(id: u32, changed: u64): void {
  memory.copy(arena + ARENA_GROUPS, keptAt(id), SET_BYTES);
  forgetGroups(changed);
  const same = ~(<u64>(<u32>changed));
  restoreWords((load<u64>(keptAt(id) + SET_BYTES) & ((same << 32) | (same & 0xffff_ffff))) | 1, 0);
}
