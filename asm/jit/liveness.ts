/**
 * Which guest registers must be in Wasm locals where. A register is loaded at the region's entry if it
 * is live there, and written back at exits if it may have changed. At an exit every register that
 * may have changed must hold its value in its local, so exits count as uses of those.
 */
import {
  recordAccess,
  recordDefs,
  recordIsFloat,
  recordMayExit,
  recordUses,
} from "../generated/emit";
import { OP_ADD, OP_ADDI } from "../generated/opcodes";
import { blockAt } from "./arena";
import { Block, END_CALL, END_CALL_INDIRECT, FLAG_TIGHT, NO_BLOCK } from "./block";
import { lengthOf, recordAt } from "./discover";
import { boxedAfter } from "./float-format";
import { inOrder, reached, successor, successors } from "./flow";

const STACK_POINTER: u32 = 2;

/** Whether the analysed region has floating-point instructions, loads and stores included. */
export let regionFloats: bool = false;

/**
 * x registers whose accesses in loops of the region are not expected to stay in a page for long: a loop
 * moves them on by much or by a register, or loads them (a list).
 */
export let regionScattered: u32 = 0;

/** Steps from which on that is so, in bytes. */
const FAR_STEP: i32 = 512;

/** The register that a record in a loop scatters, as a bit. What the stack gives back is no list. */
function scatteredBy(w: u32, imm: i32): u32 {
  const rd = (w >> 11) & 31;
  const rs1 = (w >> 19) & 31;
  const bit = (<u32>1) << rd;
  const op = w & 0xff;
  const access = recordAccess(op);
  if (access >= 0) return access == LOAD_POINTER && rs1 != STACK_POINTER ? bit : 0;
  if (op == OP_ADD) return rd == rs1 || rd == ((w >> 27) & 31) ? bit : 0;
  const steps = op == OP_ADDI && rd == rs1 && rd != STACK_POINTER;
  return steps && (imm >= FAR_STEP || imm <= -FAR_STEP) ? bit : 0;
}

/** `recordAccess` of ld. */
const LOAD_POINTER: i32 = 3;

export function isCall(block: Block): bool {
  return <u32>block.kind == END_CALL || <u32>block.kind == END_CALL_INDIRECT;
}

/** Registers that the block defines; notes the f32 that it boxes and unboxes. */
function defsIn(block: Block): u64 {
  let defs: u64 = 0;
  let boxes: u32 = 0;
  let kept: u32 = -1;
  let offset = <i32>block.start;
  for (let i = 0; i < <i32>block.count; i++) {
    const at = recordAt(offset);
    const w = load<u32>(at);
    const imm = load<u32>(at, 4);
    defs |= recordDefs(w, imm);
    if (recordIsFloat(w, imm)) regionFloats = true;
    if (block.flags & <u8>FLAG_TIGHT) regionScattered |= scatteredBy(w, <i32>imm);
    boxes = boxedAfter(w, imm, boxes);
    kept = boxedAfter(w, imm, kept);
    offset += lengthOf(w);
  }
  block.boxes = boxes;
  block.unboxes = ~kept;
  return defs;
}

/** Forward: what may have changed on entry to each block. A call writes everything back. */
function spreadDirty(): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = 0; i < reached; i++) {
      const block = blockAt(inOrder(i));
      const out = isCall(block) ? 0 : block.dirty | block.defs;
      for (let which = 0; which < successors(block); which++) {
        const to = successor(block, which);
        if (to == NO_BLOCK) continue;
        const target = blockAt(to);
        if ((target.dirty | out) == target.dirty) continue;
        target.dirty |= out;
        changed = true;
      }
    }
  }
}

/** Forward: what holds a boxed f32 on entry to each block, on every way there. */
function spreadBoxed(): void {
  for (let i = 0; i < reached; i++) blockAt(inOrder(i)).boxed = i ? -1 : 0;
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = 0; i < reached; i++) {
      const block = blockAt(inOrder(i));
      const out = isCall(block) ? 0 : (block.boxed & ~block.unboxes) | block.boxes;
      for (let which = 0; which < successors(block); which++) {
        const to = successor(block, which);
        if (to == NO_BLOCK) continue;
        const target = blockAt(to);
        if ((target.boxed & out) == target.boxed) continue;
        target.boxed &= out;
        changed = true;
      }
    }
  }
}

/** Registers that the block reads before it writes them, exits included. */
function usesIn(block: Block): u64 {
  let defined: u64 = 0;
  let dirty = block.dirty;
  let uses: u64 = 0;
  let offset = <i32>block.start;
  for (let i = 0; i < <i32>block.count; i++) {
    const at = recordAt(offset);
    const w = load<u32>(at);
    const imm = load<u32>(at, 4);
    uses |= recordUses(w, imm) & ~defined;
    if (recordMayExit(w, imm)) uses |= dirty & ~defined;
    const defs = recordDefs(w, imm);
    defined |= defs;
    dirty |= defs;
    offset += lengthOf(w);
  }
  return uses | (dirty & ~defined);
}

/**
 * Backward: what is live on entry. Every edge may leave (a back edge's poll, a successor outside),
 * so `usesIn` counts the dirty set at the block's end.
 */
function spreadLive(): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = reached - 1; i >= 0; i--) {
      const block = blockAt(inOrder(i));
      if (isCall(block)) continue;
      let live = block.live;
      for (let which = 0; which < successors(block); which++) {
        const to = successor(block, which);
        if (to != NO_BLOCK) live |= blockAt(to).live & ~block.defs;
      }
      if (live == block.live) continue;
      block.live = live;
      changed = true;
    }
  }
}

export function analyseRegisters(): void {
  regionFloats = false;
  regionScattered = 0;
  for (let i = 0; i < reached; i++) {
    const block = blockAt(inOrder(i));
    block.defs = defsIn(block);
    block.dirty = 0;
  }
  spreadDirty();
  if (regionFloats) spreadBoxed();
  for (let i = 0; i < reached; i++) {
    const block = blockAt(inOrder(i));
    block.uses = usesIn(block);
    block.live = block.uses;
  }
  spreadLive();
}
