/**
 * Groups: accesses of a block through one base register that keeps its value, for which one look at
 * the TLB is enough. The look finds the host address of the lowest of them, or that there is none (an
 * address in the guard page); each access asks that and takes its slow path then, so that a group
 * that straddles pages, or touches a page for the first time, is exact without another copy.
 *
 * A group serves the blocks behind its own as long as control comes to them from nowhere else.
 */
import { recordAccess, recordDefs } from "../generated/emit";
import { arena, ARENA_GROUPS } from "./arena";
import { lengthOf, recordAt } from "./discover";

/** Bytes that a group spans at most: the further, the likelier it straddles pages. */
const MAX_SPAN: i32 = 1024;

/** The groups of each register: 32 entries `{ i16 low; i16 high; u32 kind }`. */
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

/** Offset of the group's host address from x(base)'s, when an access belongs to an open group. */
export let groupLow: i32 = 0;
/** Of the group that `findGroup` found to open: its span, and whether it writes. */
export let groupSpan: i32 = 0;
export let groupWrites: bool = false;

/** Whether the open group of x(base) covers the access. */
export function inGroup(base: u32, imm: i32, bytes: i32, writes: bool): bool {
  const at = entryOf(base);
  const kind = load<u32>(at, 4);
  if (kind == NONE || (writes && kind != WRITES)) return false;
  groupLow = <i32>load<i16>(at);
  return imm >= groupLow && imm + bytes <= <i32>load<i16>(at, 2);
}

/**
 * Looks for accesses that go with the one at `offset`, among the block's next `records` records.
 *
 * @returns whether there are any: then the group is open
 */
export function findGroup(base: u32, offset: i32, records: i32): bool {
  let low = 0;
  let high = 0;
  let writes = false;
  let found = 0;
  for (let i = 0; i < records; i++) {
    const record = recordAt(offset);
    const w = load<u32>(record);
    const access = recordAccess(w & 0xff);
    if (access >= 0 && ((w >> 19) & 31) == base) {
      const imm = load<i32>(record, 4);
      const end = imm + (1 << (access & 3));
      const from = found ? min(low, imm) : imm;
      const to = found ? max(high, end) : end;
      if (to - from <= MAX_SPAN) {
        low = from;
        high = to;
        writes = writes || (access & 8) != 0;
        found++;
      }
    }
    if ((recordDefs(w, load<u32>(record, 4)) >> base) & 1) break;
    offset += lengthOf(w);
  }
  if (found < 2) return false;
  const at = entryOf(base);
  store<i16>(at, <i16>low);
  store<i16>(at, <i16>high, 2);
  store<u32>(at, writes ? WRITES : READS, 4);
  groupLow = low;
  groupSpan = high - low;
  groupWrites = writes;
  return true;
}
