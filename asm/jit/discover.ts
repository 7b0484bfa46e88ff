/**
 * Finds the blocks of a region: what is reachable from its entry without leaving the page, calls
 * stepped over. Works on decoded records, so a region is one physical page's, wherever it is mapped.
 */
import {
  OP_BEQ,
  OP_BEQ_NEAR,
  OP_BGEU,
  OP_BGEU_NEAR,
  OP_CROSS,
  OP_ILLEGAL,
  OP_J,
  OP_J_NEAR,
  OP_JAL,
  OP_JALR,
  OP_JR,
  OP_PAGE_END,
  OP_SLOW,
  OP_UNDECODED,
} from "../generated/opcodes";
import { HART_JIT_THRESHOLD } from "../generated/layout";
import { slowInline } from "../generated/emit";
import { decodeAt } from "../interp/decode-cache";
import { linesAt } from "../mmu/code-page";
import { arena, ARENA_MARKS, ARENA_PARCELS, ARENA_SWITCH, ARENA_WORK, blockAt } from "./arena";
import {
  Block,
  END_BRANCH,
  END_CALL,
  END_CALL_INDIRECT,
  END_FALL,
  END_INTERPRET,
  END_JUMP,
  END_JUMP_FAR,
  END_JUMP_INDIRECT,
  END_LEAVE,
  MAX_BLOCKS,
  MAX_INSTRUCTIONS,
  NO_BLOCK,
} from "./block";
import { targetAt, targetCount } from "./profile";

const MARK_SEEN: u8 = 1;
const MARK_LEADER: u8 = 2;

const PAGE: i32 = 0x1000;
const NO_INDEX: u16 = 0xffff;

let page: usize = 0;
let hart: usize = 0;
let selective: bool = false;
let seen: i32 = 0;
let leaders: i32 = 0;
let pendingWork: i32 = 0;
/** Lines of the page that instructions of the region are in (asm/mmu/code-page.ts). */
export let regionLines: u64 = 0;
/** Entries of the switch list in use. */
let listed: u32 = 0;

const MAX_LISTED: u32 = 2000;

function markAt(offset: i32): usize {
  return arena + ARENA_MARKS + <usize>(offset >> 1);
}

/** Address of the record at `offset`, decoded. */
export function recordAt(offset: i32): usize {
  const at = page + ((<usize>offset) << 2);
  if (load<u8>(at) == <u8>OP_UNDECODED) decodeAt(hart, page, <usize>offset);
  return at;
}

/**
 * Whether the instruction at `offset` was never executed, as far as the page's decoding goes back: half
 * of a kernel's functions handle what does not happen. It is left out, and if it is executed after all,
 * it is counted like other places. Where translation does not wait, nothing is known yet.
 */
function untried(offset: i32): bool {
  return selective && load<u8>(page + ((<usize>offset) << 2)) == <u8>OP_UNDECODED;
}

export function lengthOf(w: u32): i32 {
  return w & 0x100_0000 ? 4 : 2;
}

export function isBranch(op: u32): bool {
  return (op >= OP_BEQ && op <= OP_BGEU) || (op >= OP_BEQ_NEAR && op <= OP_BGEU_NEAR);
}

/** Distance of a jump in bytes: near records hold it in records. */
export function distanceOf(op: u32, at: usize): i32 {
  const imm = load<i32>(at, 4);
  const near = op >= OP_BEQ_NEAR && op <= OP_BGEU_NEAR;
  return near || op == OP_J_NEAR ? imm >> 2 : imm;
}

/** Whether the interpreter has to execute this record. */
function interpreted(op: u32, at: usize): bool {
  if (op == OP_SLOW) return !slowInline(load<u32>(at, 4) & 0xfff);
  return op == OP_ILLEGAL || op == OP_CROSS || op == OP_PAGE_END;
}

/** Whether the interpreter has to go on at `offset`, where a block ends. */
function stops(offset: i32): bool {
  if (untried(offset)) return false;
  const at = recordAt(offset);
  return interpreted(load<u32>(at) & 0xff, at);
}

function addLeader(offset: i32): void {
  if (offset < 0 || offset >= PAGE) return;
  const mark = markAt(offset);
  const old = load<u8>(mark);
  if (old & MARK_LEADER) return;
  if (leaders >= MAX_BLOCKS) return;
  leaders++;
  store<u8>(mark, old | MARK_LEADER);
  store<u16>(arena + ARENA_WORK + ((<usize>pendingWork) << 1), <u16>offset);
  pendingWork++;
}

/** Walks straight code from `offset`, marking instructions and the leaders it leads to. */
function scan(offset: i32): void {
  while (offset < PAGE && seen < MAX_INSTRUCTIONS) {
    const mark = markAt(offset);
    if (load<u8>(mark) & MARK_SEEN || untried(offset)) return;
    const at = recordAt(offset);
    const w = load<u32>(at);
    const op = w & 0xff;
    if (interpreted(op, at)) return;
    store<u8>(mark, load<u8>(mark) | MARK_SEEN);
    seen++;
    const next = offset + lengthOf(w);
    regionLines |= linesAt(<u32>offset, <u32>lengthOf(w));
    if (isBranch(op)) {
      addLeader(offset + distanceOf(op, at));
      addLeader(next);
      return;
    }
    if (op == OP_J || op == OP_J_NEAR) {
      addLeader(offset + distanceOf(op, at));
      return;
    }
    if (op == OP_JR) {
      const known = targetCount(hart, at);
      for (let i: u32 = 0; i < known; i++) addLeader(targetAt(hart, at, i));
      return;
    }
    if (op == OP_JAL || op == OP_JALR) {
      addLeader(next);
      return;
    }
    offset = next;
  }
}

/** Index of the block that starts at `offset`, NO_BLOCK when it is not in the region. */
export function blockStarting(offset: i32): i32 {
  if (offset < 0 || offset >= PAGE) return NO_BLOCK;
  const index = load<u16>(arena + ARENA_PARCELS + (<usize>offset & ~1));
  return index == NO_INDEX ? NO_BLOCK : <i32>index;
}

function setKind(index: i32, kind: u32, taken: i32, next: i32): void {
  const block = blockAt(index);
  block.kind = <u8>kind;
  block.target = taken;
  block.taken = <i16>blockStarting(taken);
  block.next = <i16>blockStarting(next);
  block.fan = 0;
}

/** Lists the blocks that the indirect jump of `record` is known to go to. */
function listTargets(block: Block, record: usize): void {
  const known = targetCount(hart, record);
  block.list = <u16>listed;
  for (let i: u32 = 0; i < known && listed < MAX_LISTED; i++) {
    const to = blockStarting(targetAt(hart, record, i));
    if (to == NO_BLOCK) continue;
    store<i16>(arena + ARENA_SWITCH + ((<usize>listed) << 1), <i16>to);
    listed++;
  }
  block.fan = <u16>(listed - <u32>block.list);
}

/** Fills in the end of the block whose leader is at `offset`. */
function close(index: i32, offset: i32): void {
  const block = blockAt(index);
  let count = 0;
  while (true) {
    block.end = <u16>offset;
    block.count = <u16>count;
    if (offset >= PAGE || (count > 0 && load<u8>(markAt(offset)) & MARK_LEADER)) {
      const inside = offset < PAGE && blockStarting(offset) != NO_BLOCK;
      setKind(index, inside ? END_FALL : END_LEAVE, offset, offset);
      return;
    }
    if (!(load<u8>(markAt(offset)) & MARK_SEEN)) {
      setKind(index, stops(offset) ? END_INTERPRET : END_LEAVE, -1, -1);
      block.target = offset;
      return;
    }
    const at = recordAt(offset);
    const w = load<u32>(at);
    const op = w & 0xff;
    const next = offset + lengthOf(w);
    count++;
    if (isBranch(op)) setKind(index, END_BRANCH, offset + distanceOf(op, at), next);
    else if (op == OP_J_NEAR) setKind(index, END_JUMP, offset + distanceOf(op, at), -1);
    else if (op == OP_J) setKind(index, END_JUMP_FAR, offset + distanceOf(op, at), -1);
    else if (op == OP_JR) {
      setKind(index, END_JUMP_INDIRECT, -1, -1);
      listTargets(block, at);
    } else if (op == OP_JAL) {
      setKind(index, END_CALL, offset + distanceOf(op, at), next);
      block.taken = <i16>NO_BLOCK;
    } else if (op == OP_JALR) setKind(index, END_CALL_INDIRECT, -1, next);
    else {
      offset = next;
      continue;
    }
    block.count = <u16>count;
    return;
  }
}

/**
 * Finds the region that starts at byte `entry` of the decode page `base`; its blocks are block 0
 * (the entry) and up, in the arena.
 *
 * @returns how many blocks; 0 when the first instruction is the interpreter's
 */
export function discover(hs: usize, base: usize, entry: i32): i32 {
  hart = hs;
  page = base;
  selective = load<u32>(hs + HART_JIT_THRESHOLD) > 1;
  seen = 0;
  regionLines = 0;
  leaders = 0;
  pendingWork = 0;
  listed = 0;
  memory.fill(arena + ARENA_MARKS, 0, 0x800);
  memory.fill(arena + ARENA_PARCELS, 0xff, 0x1000);
  addLeader(entry);
  for (let done = 0; done < pendingWork; done++) {
    scan(<i32>load<u16>(arena + ARENA_WORK + ((<usize>done) << 1)));
  }
  if (!(load<u8>(markAt(entry)) & MARK_SEEN)) return 0;
  // Leaders that cannot be executed here, or were never scanned, are exits and not blocks.
  let blocks = 0;
  for (let i = 0; i < pendingWork; i++) {
    const offset = <i32>load<u16>(arena + ARENA_WORK + ((<usize>i) << 1));
    if (!(load<u8>(markAt(offset)) & MARK_SEEN)) continue;
    store<u16>(arena + ARENA_PARCELS + (<usize>offset & ~1), <u16>blocks);
    blockAt(blocks).start = <u16>offset;
    blocks++;
  }
  for (let i = 0; i < blocks; i++) {
    const block = blockAt(i);
    block.flags = 0;
    block.order = 0xffff;
    close(i, <i32>block.start);
  }
  return blocks;
}
