/**
 * A region as a Wasm function: `(hart, decode page, page's virtual address, calls left) -> pc`. The
 * result is where execution goes on; bit 0 set means that the interpreter must look first.
 */
import { HART_JIT_LEFT, HART_TLB_DATA } from "../generated/layout";
import { branchOpcode } from "../generated/emit";
import { byte, uleb } from "../wasm/sink";
import {
  BLOCK,
  BR,
  BR_IF,
  BR_TABLE,
  END,
  I32_LT_S,
  I32_SHR_U,
  I32_SUB,
  I32_WRAP,
  I64_GT_U,
  I64_SUB,
  IF,
  LOOP,
  RETURN,
  TYPE_VOID,
  UNREACHABLE,
} from "../wasm/opcodes";
import { blockAt } from "./arena";
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
  FLAG_FLOAT_DIRTY,
  FLAG_LOOP,
  FLAG_MERGE,
  FLAG_TIGHT,
  NO_BLOCK,
} from "./block";
import {
  call,
  F_POLL,
  i32Const,
  i64Const,
  leave,
  loadField,
  lowerExits,
  pushPc,
  reloadLeft,
  resetExits,
  storeLeft,
} from "./code";
import { blockStarting, lengthOf, recordAt } from "./discover";
import { inOrder, reached, successor } from "./flow";
import { clearSavedGroups, closeKept, keepKnown, openKept, popGroups, pushGroups } from "./groups";
import { unlikelyIf } from "./hints";
import {
  get,
  L_HART,
  L_LEFT,
  L_PC,
  L_TLB,
  L_VA,
  loadRegisters,
  set,
  settleWords,
  tee,
  writeBack,
} from "./locals";
import { lowerStraight } from "./lower-straight";
import { isCall, regionFloats } from "./liveness";
import { enterJoin, forgetKnown, isJoin } from "./joins";
import { pushCondition } from "./lower-integer";
import { enterFloat } from "./lower-float";
import { Site } from "./site";
import { indirectTarget, lowerCall, lowerCallIndirect } from "./lower-calls";
import { restoreWords, savedStale, savedWords } from "./words";

/** Labels open around the code being emitted. */
let depth: u32 = 0;

/**
 * At a back edge: time to look at the clock and at events? What leaves is `dirty` and not the target's
 * set: that may hold registers which the target sets first, and whose locals a call left stale.
 */
function lowerPoll(target: Block, dirty: u64): void {
  get(L_LEFT);
  i32Const(0);
  byte(I32_LT_S);
  unlikelyIf(TYPE_VOID);
  storeLeft(0);
  get(L_HART);
  call(F_POLL);
  unlikelyIf(TYPE_VOID);
  writeBack(dirty);
  pushPc(<i32>target.start | 1);
  byte(RETURN);
  byte(END);
  reloadLeft();
  byte(END);
}

function branchTo(label: u32): void {
  byte(BR);
  uleb(depth - label);
}

/** Goes from `from` to block `to`, or leaves for `offset` when that is no block. */
export function goTo(from: Block, to: i32, offset: i32, dirty: u64): void {
  if (to == NO_BLOCK) {
    leave(offset, dirty, 0, false);
    return;
  }
  const target = blockAt(to);
  if (isJoin(target)) settleWords(target.live, false);
  if (target.order <= from.order) {
    lowerPoll(target, dirty);
    branchTo(<u32>target.loopDepth);
  } else if (target.flags & <u8>FLAG_MERGE) {
    branchTo(<u32>target.blockDepth);
  } else if (target.flags & <u8>FLAG_LOOP) {
    const keep = openKept();
    if (keep) keepKnown(keep);
    joinFrom = keep;
    tree(to);
    closeKept();
  } else {
    tree(to);
  }
}

/** `goTo` where emission goes on behind it, with what is known here. */
function goAside(from: Block, to: i32, offset: i32, dirty: u64): void {
  const words = savedWords();
  const stale = savedStale();
  pushGroups();
  goTo(from, to, offset, dirty);
  popGroups();
  restoreWords(words, stale);
}

/**
 * Goes from L_PC to the known target that it is; comes out at the end where it is none of them. The
 * table is indexed by the distance from the lowest target in parcels.
 */
function lowerSwitch(block: Block, dirty: u64): void {
  const fan = <i32>block.fan;
  let low = 0x1000;
  let high = 0;
  for (let i = 0; i < fan; i++) {
    const to = successor(block, i);
    if (to == NO_BLOCK) continue;
    low = min(low, <i32>blockAt(to).start);
    high = max(high, <i32>blockAt(to).start);
  }
  if (low > high) return;
  for (let i = 0; i <= fan; i++) {
    byte(BLOCK);
    byte(TYPE_VOID);
  }
  depth += <u32>fan + 1;
  lowerDistance(low, high, <u32>fan);
  byte(BR_TABLE);
  const entries = ((high - low) >> 1) + 1;
  uleb(<u32>entries);
  for (let i = 0; i < entries; i++) uleb(labelOf(block, low + (i << 1)));
  uleb(<u32>fan);
  for (let i = 0; i < fan; i++) {
    byte(END);
    depth--;
    const to = successor(block, i);
    if (to != NO_BLOCK) goAside(block, to, <i32>blockAt(to).start, dirty);
    else byte(UNREACHABLE);
  }
  byte(END);
  depth--;
}

/** Pushes (L_PC - low) / 2; leaves for label `outside` when L_PC is not between `low` and `high`. */
function lowerDistance(low: i32, high: i32, outside: u32): void {
  get(L_PC);
  pushPc(low);
  byte(I64_SUB);
  tee(L_VA);
  i64Const(<i64>(high - low));
  byte(I64_GT_U);
  byte(BR_IF);
  uleb(outside);
  get(L_VA);
  byte(I32_WRAP);
  i32Const(1);
  byte(I32_SHR_U);
}

/** The label, from inside all of them, of the target at `offset`: the last for any other. */
function labelOf(block: Block, offset: i32): u32 {
  const to = blockStarting(offset);
  for (let i = 0; i < <i32>block.fan; i++) {
    if (to != NO_BLOCK && successor(block, i) == to) return <u32>i;
  }
  return <u32>block.fan;
}

/** The block's last record, and what follows it. */
function lowerEnd(block: Block, offset: i32, dirty: u64): void {
  const record = recordAt(offset);
  const w = load<u32>(record);
  const next = offset + lengthOf(w);
  switch (<u32>block.kind) {
    case END_BRANCH:
      pushCondition(w, branchOpcode(w & 0xff));
      byte(IF);
      byte(TYPE_VOID);
      depth++;
      goAside(block, <i32>block.taken, block.target, dirty);
      byte(END);
      depth--;
      goTo(block, <i32>block.next, next, dirty);
      break;
    case END_JUMP:
    case END_JUMP_FAR:
      goTo(block, <i32>block.taken, block.target, dirty);
      break;
    case END_CALL:
      lowerCall(block, w, next, dirty);
      break;
    case END_CALL_INDIRECT:
      lowerCallIndirect(block, w, load<i32>(record, 4), next, dirty);
      break;
    case END_JUMP_INDIRECT:
      indirectTarget(w, load<i32>(record, 4));
      if (block.fan) lowerSwitch(block, dirty);
      writeBack(dirty);
      storeLeft(0);
      get(L_PC);
      byte(RETURN);
      break;
    default:
      unreachable();
  }
}

function hasTerminator(block: Block): bool {
  const kind = <u32>block.kind;
  return kind >= END_BRANCH && kind <= END_JUMP_FAR;
}

/** Where `lowerBlock` keeps what is known at its block's end, for joins behind it; 0: nowhere. */
let keepAt: u32 = 0;

function lowerBlock(block: Block): void {
  const keep = keepAt;
  keepAt = 0;
  if (block.count) {
    get(L_LEFT);
    i32Const(<i32>block.count);
    byte(I32_SUB);
    set(L_LEFT);
  }
  const at = changetype<Site>(siteAddress);
  at.block = block;
  at.dirty = block.dirty;
  at.labels = depth - 1;
  at.tight = (block.flags & <u8>FLAG_TIGHT) != 0;
  at.floatDirty = (block.flags & <u8>FLAG_FLOAT_DIRTY) != 0;
  at.boxed = block.boxed;
  const straight = <i32>block.count - (hasTerminator(block) ? 1 : 0);
  const offset = lowerStraight(block, straight, at);
  const dirty = at.dirty;
  const kind = <u32>block.kind;
  if (keep && !isCall(block)) keepKnown(keep);
  if (kind == END_FALL) goTo(block, <i32>block.next, offset, dirty);
  else if (kind == END_INTERPRET) leave(offset, dirty, 0, true);
  else if (!hasTerminator(block)) leave(offset, dirty, 0, false);
  else lowerEnd(block, offset, dirty);
}

/** Merge blocks that `index` dominates at once, in reverse postorder behind `after`; -1 when none. */
function nextMerge(index: i32, after: i32): i32 {
  for (let i = after + 1; i < reached; i++) {
    const candidate = inOrder(i);
    const block = blockAt(candidate);
    if (<i32>block.idom == index && i > 0 && block.flags & <u8>FLAG_MERGE) return i;
  }
  return -1;
}

/**
 * `index`'s block inside the labels of the merge blocks it dominates: the last in order is outermost,
 * and each is emitted behind the end of its label.
 */
function within(index: i32, order: i32): void {
  const merge = nextMerge(index, order);
  if (merge < 0) {
    lowerBlock(blockAt(index));
    return;
  }
  // Open the labels of all merges, last first, by going down before emitting.
  nest(index, merge);
}

/** Emits label of the merge at order `merge` around those before it, then the merge itself. */
function nest(index: i32, first: i32): void {
  let count = 0;
  for (let m = first; m >= 0; m = nextMerge(index, m)) count++;
  // Labels: outermost belongs to the last merge.
  let m = first;
  for (let k = 0; k < count; k++) {
    blockAt(inOrder(m)).blockDepth = <u16>(depth + <u32>(count - k));
    byte(BLOCK);
    byte(TYPE_VOID);
    m = nextMerge(index, m);
  }
  depth += <u32>count;
  const keep = openKept();
  keepAt = keep;
  lowerBlock(blockAt(index));
  m = first;
  for (let k = 0; k < count; k++) {
    byte(END);
    depth--;
    joinFrom = keep;
    tree(inOrder(m));
    m = nextMerge(index, m);
  }
  closeKept();
}

/** What was kept at the end of the dominator of the join that `tree` is to emit; 0: nothing. */
let joinFrom: u32 = 0;

/** Emits the dominator subtree of block `index`; control does not come out at its end. */
function tree(index: i32): void {
  const block = blockAt(index);
  const order = <i32>block.order;
  const from = joinFrom;
  joinFrom = 0;
  if (isJoin(block)) enterJoin(block, from);
  if (block.flags & <u8>FLAG_LOOP) {
    byte(LOOP);
    byte(TYPE_VOID);
    depth++;
    block.loopDepth = <u16>depth;
    within(index, order);
    byte(END);
    depth--;
    byte(UNREACHABLE);
  } else {
    within(index, order);
  }
}

let siteAddress: usize = 0;

/** Index of the function being emitted in its module. */
let own: u32 = 0;

export function ownRegion(): u32 {
  return own;
}

/** Emits the body of the analysed region as function `fn`; `scratch` is room for a Site. */
export function lowerRegion(scratch: usize, fn: u32): void {
  own = fn;
  siteAddress = scratch;
  resetExits();
  forgetKnown();
  clearSavedGroups();
  loadField(HART_JIT_LEFT);
  set(L_LEFT);
  loadField(HART_TLB_DATA);
  set(L_TLB);
  if (regionFloats) enterFloat(<i32>blockAt(0).start);
  loadRegisters(blockAt(0).live);
  byte(BLOCK);
  byte(TYPE_VOID);
  depth = 1;
  tree(0);
  byte(END);
  lowerExits();
  byte(UNREACHABLE);
  byte(END);
}
