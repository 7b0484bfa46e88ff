/**
 * Basic blocks of a region under translation, in the JIT's arena. Register sets are u64 masks: bit r
 * is x(r), bit 32 + r is f(r).
 */

/** How a block ends. */
/** Falls into the block that follows. */
export const END_FALL: u32 = 0;
/** Conditional branch: `taken` and `next`, either of which may be outside the region. */
export const END_BRANCH: u32 = 1;
/** Jump inside the page. */
export const END_JUMP: u32 = 2;
/** Call with a static target, then `next`. */
export const END_CALL: u32 = 3;
/** Call through a register, then `next`. */
export const END_CALL_INDIRECT: u32 = 4;
/** Jump through a register: returns, tail calls, switch tables. */
export const END_JUMP_INDIRECT: u32 = 5;
/** Jump with a static target outside the page. */
export const END_JUMP_FAR: u32 = 6;
/** The instruction at `end` is the interpreter's. */
export const END_INTERPRET: u32 = 7;
/** Execution leaves the region at `end`, in the same page or the next. */
export const END_LEAVE: u32 = 8;

/** No block: the target is outside the region. */
export const NO_BLOCK: i32 = -1;

export const FLAG_LOOP: u32 = 1;
export const FLAG_MERGE: u32 = 2;
/** Inside some loop of the region that makes no calls. */
export const FLAG_TIGHT: u32 = 4;
/** mstatus.FS is dirty on every way here (asm/jit/float-flow.ts). */
export const FLAG_FLOAT_DIRTY: u32 = 128;

@unmanaged
export class Block {
  /** Byte offset in the page of the first instruction, and behind the last straight one. */
  start: u16;
  end: u16;
  kind: u8;
  flags: u8;
  /** Instructions, the terminator included where this block executes it. */
  count: u16;
  /** Indices of successors. */
  taken: i16;
  next: i16;
  /** Reverse postorder number; 0xffff while unreached. */
  order: u16;
  idom: i16;
  /** Forward edges into this block. */
  preds: u16;
  /** Nesting depth of its labels while they are open. */
  blockDepth: u16;
  loopDepth: u16;
  /** Offset of the taken target in the page (may lie outside), for exits. */
  target: i32;
  /** Of an indirect jump: where its known targets stand in the switch list, and how many. */
  list: u16;
  fan: u16;
  /** Registers defined; live on entry; possibly changed since the region was entered. */
  defs: u64;
  live: u64;
  dirty: u64;
  uses: u64;
  /** f registers that hold a boxed f32 on entry; that do at its end whatever they held; that may not. */
  boxed: u32;
  boxes: u32;
  unboxes: u32;
}

export const MAX_BLOCKS: i32 = 64;
export const MAX_INSTRUCTIONS: i32 = 300;
