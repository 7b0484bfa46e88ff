/**
 * Control flow of a region: reverse postorder, dominators, loops. Wasm's control flow is structured;
 * a region is brought to it after Ramsey, "Beyond Relooper" (ICFP 2022), which needs a reducible
 * graph. Compilers emit little else; the odd edge into the middle of a loop leaves the region.
 */
import { arena, ARENA_SWITCH, ARENA_WORK, blockAt } from "./arena";
import {
  Block,
  END_CALL,
  END_CALL_INDIRECT,
  FLAG_LOOP,
  FLAG_MERGE,
  FLAG_TIGHT,
  NO_BLOCK,
} from "./block";

const UNREACHED: u16 = 0xffff;
const OPEN: u16 = 0xfffe;

/** Block indices in reverse postorder. */
const ORDER: usize = ARENA_WORK + 0x400;
/** Depth-first stack: block index and which successor comes next. */
const STACK: usize = ARENA_WORK + 0x800;

/** Blocks reached from the entry. */
export let reached: i32 = 0;

export function inOrder(position: i32): i32 {
  return <i32>load<u16>(arena + ORDER + ((<usize>position) << 1));
}

function listedAt(block: Block, which: i32): usize {
  return arena + ARENA_SWITCH + ((<usize>block.list + <usize>which) << 1);
}

/** How many successors to ask for. */
export function successors(block: Block): i32 {
  return block.fan ? <i32>block.fan : 2;
}

/** Successor `which`: of an indirect jump a known target, else 0 `taken` or 1 `next`; or NO_BLOCK. */
export function successor(block: Block, which: i32): i32 {
  if (block.fan) return <i32>load<i16>(listedAt(block, which));
  return which == 0 ? <i32>block.taken : <i32>block.next;
}

function cutSuccessor(block: Block, which: i32): void {
  if (block.fan) store<i16>(listedAt(block, which), <i16>NO_BLOCK);
  else if (which == 0) block.taken = <i16>NO_BLOCK;
  else block.next = <i16>NO_BLOCK;
}

/** Iterative depth-first search that numbers blocks in reverse postorder. */
function number(blocks: i32): void {
  let top = 0;
  let position = blocks;
  const stack = arena + STACK;
  store<u32>(stack, 0);
  blockAt(0).order = OPEN;
  top = 1;
  while (top > 0) {
    const frame = stack + ((<usize>(top - 1)) << 2);
    const index = <i32>load<u16>(frame);
    const which = <i32>load<u16>(frame, 2);
    if (which == successors(blockAt(index))) {
      top--;
      position--;
      blockAt(index).order = <u16>position;
      store<u16>(arena + ORDER + ((<usize>position) << 1), <u16>index);
      continue;
    }
    store<u16>(frame, <u16>(which + 1), 2);
    // `next` first: fall-through code then follows its block in the output.
    const to = successor(blockAt(index), which);
    if (to == NO_BLOCK || blockAt(to).order != UNREACHED) continue;
    blockAt(to).order = OPEN;
    store<u32>(stack + ((<usize>top) << 2), <u32>to);
    top++;
  }
  // Unreached blocks leave a gap at the front: close it.
  reached = blocks - position;
  for (let i = 0; i < reached; i++) {
    const index = inOrder(position + i);
    store<u16>(arena + ORDER + ((<usize>i) << 1), <u16>index);
    blockAt(index).order = <u16>i;
  }
}

/** Closest common dominator of two blocks (Cooper, Harvey and Kennedy). */
function meet(a: i32, b: i32): i32 {
  while (a != b) {
    while (blockAt(a).order > blockAt(b).order) a = <i32>blockAt(a).idom;
    while (blockAt(b).order > blockAt(a).order) b = <i32>blockAt(b).idom;
  }
  return a;
}

function dominators(): void {
  for (let i = 0; i < reached; i++) blockAt(inOrder(i)).idom = <i16>NO_BLOCK;
  blockAt(inOrder(0)).idom = <i16>inOrder(0);
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = 0; i < reached; i++) {
      const index = inOrder(i);
      const block = blockAt(index);
      if (block.idom == <i16>NO_BLOCK) continue;
      for (let which = 0; which < successors(block); which++) {
        const to = successor(block, which);
        if (to == NO_BLOCK) continue;
        const target = blockAt(to);
        if (target.order == 0) continue;
        const idom = target.idom == <i16>NO_BLOCK ? index : meet(<i32>target.idom, index);
        if (<i32>target.idom == idom) continue;
        target.idom = <i16>idom;
        changed = true;
      }
    }
  }
}

export function dominates(a: i32, b: i32): bool {
  while (blockAt(b).order > blockAt(a).order) b = <i32>blockAt(b).idom;
  return a == b;
}

/** Cuts edges that enter a loop in its middle. @returns whether there was one */
function cutIrreducible(): bool {
  let cut = false;
  for (let i = 0; i < reached; i++) {
    const index = inOrder(i);
    const block = blockAt(index);
    for (let which = 0; which < successors(block); which++) {
      const to = successor(block, which);
      if (to == NO_BLOCK || blockAt(to).order > block.order || dominates(to, index)) continue;
      cutSuccessor(block, which);
      cut = true;
    }
  }
  return cut;
}

function classify(): void {
  for (let i = 0; i < reached; i++) {
    const block = blockAt(inOrder(i));
    block.flags = 0;
    block.preds = 0;
  }
  for (let i = 0; i < reached; i++) {
    const block = blockAt(inOrder(i));
    for (let which = 0; which < successors(block); which++) {
      const to = successor(block, which);
      if (to == NO_BLOCK) continue;
      const target = blockAt(to);
      if (target.order <= block.order) {
        target.flags |= <u8>FLAG_LOOP;
      } else if (++target.preds == 2) {
        target.flags |= <u8>FLAG_MERGE;
      }
    }
  }
}

/**
 * Marks blocks of loops that make no calls: every block between a header and a back edge's source
 * (by order, and dominated by the header) is taken to be in the loop.
 */
function markTight(): void {
  for (let i = 0; i < reached; i++) {
    const tail = blockAt(inOrder(i));
    for (let which = 0; which < successors(tail); which++) {
      const to = successor(tail, which);
      if (to == NO_BLOCK || blockAt(to).order > tail.order) continue;
      const first = <i32>blockAt(to).order;
      let calls = false;
      for (let k = first; k <= i; k++) {
        const kind = <u32>blockAt(inOrder(k)).kind;
        if (kind == END_CALL || kind == END_CALL_INDIRECT) calls = true;
      }
      if (calls) continue;
      for (let k = first; k <= i; k++) {
        if (dominates(to, inOrder(k))) blockAt(inOrder(k)).flags |= <u8>FLAG_TIGHT;
      }
    }
  }
}

/** Orders the region's blocks and finds loops and merges. */
export function analyse(blocks: i32): void {
  do {
    for (let i = 0; i < blocks; i++) blockAt(i).order = UNREACHED;
    number(blocks);
    dominators();
  } while (cutIrreducible());
  classify();
  markTight();
}
