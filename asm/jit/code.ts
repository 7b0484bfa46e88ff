/** Code that many lowerings share: constants, the hart's fields, leaving the region, calls out. */
import { HART_JIT_LEFT, HART_PC, HART_TRAP_PENDING } from "../generated/layout";
import { byte, eightBytes, sleb32, sleb64, uleb } from "../wasm/sink";
import {
  BLOCK,
  BR,
  BR_TABLE,
  CALL,
  END,
  F64_CONST,
  I32_ADD,
  I32_AND,
  I32_CONST,
  I32_LOAD,
  I32_SHR_U,
  I32_STORE,
  I64_ADD,
  I64_CONST,
  I64_LOAD,
  I64_OR,
  I64_STORE,
  RETURN,
  TYPE_VOID,
} from "../wasm/opcodes";
import { arena, ARENA_EXITS } from "./arena";
import { unlikelyIf } from "./hints";
import { get, L_EXIT, L_HART, L_LEFT, L_PAGE, set, settleWords, writeBack } from "./locals";
import { resetWords } from "./words";

/** Imported functions, in the order of asm/jit/module.ts. */
export const F_LOAD: u32 = 0;
export const F_STORE: u32 = 1;
export const F_SLOW: u32 = 2;
export const F_POLL: u32 = 3;
export const F_GO: u32 = 4;
export const F_PURE: u32 = 5;
export const F_FLOAT: u32 = 6;
export const F_GROUP: u32 = 7;
export const IMPORTED: u32 = 8;

export function i32Const(value: i32): void {
  byte(I32_CONST);
  sleb32(value);
}

export function i64Const(value: i64): void {
  byte(I64_CONST);
  sleb64(value);
}

export function f64Const(value: f64): void {
  byte(F64_CONST);
  eightBytes(reinterpret<u64>(value));
}

export function call(fn: u32): void {
  byte(CALL);
  uleb(fn);
}

/** A 32-bit field of the hart's block: pushes it. */
export function loadField(at: usize): void {
  get(L_HART);
  byte(I32_LOAD);
  byte(2);
  uleb(<u32>at);
}

/** Pushes the virtual address of byte `offset` of the region's page. */
export function pushPc(offset: i32): void {
  get(L_PAGE);
  if (offset) {
    i64Const(<i64>offset);
    byte(I64_ADD);
  }
}

/** HART.pc = the address of `offset`, for a slow path that may look at it. */
export function storePc(offset: i32): void {
  get(L_HART);
  pushPc(offset);
  byte(I64_STORE);
  byte(3);
  uleb(<u32>HART_PC);
}

/** HART.jitLeft = left + `unretired`. */
export function storeLeft(unretired: i32): void {
  get(L_HART);
  get(L_LEFT);
  if (unretired) {
    i32Const(unretired);
    byte(I32_ADD);
  }
  byte(I32_STORE);
  byte(2);
  uleb(<u32>HART_JIT_LEFT);
}

export function reloadLeft(): void {
  loadField(HART_JIT_LEFT);
  set(L_LEFT);
}

/**
 * Returns from the region with the address of `offset`. `stop` sets bit 0, which no address has: the
 * whole stack of regions unwinds to the interpreter, which executes there.
 */
export function leave(offset: i32, dirty: u64, unretired: i32, stop: bool): void {
  writeBack(dirty);
  storeLeft(unretired);
  pushPc(stop ? offset | 1 : offset);
  byte(RETURN);
}

/**
 * Sites at which a slow path may have left something pending share their way out: each sets L_EXIT
 * to `unretired << 8 | index of its dirty set` and goes to the outermost block's end, where the set is
 * written back. HART.pc is the instruction's already.
 */
const MAX_EXITS: u32 = 200;

let exits: u32 = 0;

function exitSet(index: u32): usize {
  return arena + ARENA_EXITS + ((<usize>index) << 3);
}

export function resetExits(): void {
  exits = 0;
}

/** Index of `dirty` among the region's exit sets; MAX_EXITS when there are too many. */
function exitIndex(dirty: u64): u32 {
  for (let i: u32 = exits; i > 0; i--) {
    if (load<u64>(exitSet(i - 1)) == dirty) return i - 1;
  }
  if (exits == MAX_EXITS) return MAX_EXITS;
  store<u64>(exitSet(exits), dirty);
  return exits++;
}

/**
 * Leaves with `stop` if the last slow path left something pending.
 *
 * @param labels how many labels are open inside the outermost block, the `if` here not counted
 */
export function leaveIfPending(offset: i32, dirty: u64, unretired: i32, labels: u32): void {
  loadField(HART_TRAP_PENDING);
  unlikelyIf(TYPE_VOID);
  const index = exitIndex(dirty);
  if (index == MAX_EXITS) {
    writeBack(dirty);
    storeLeft(unretired);
    returnToPending();
  } else {
    settleWords(dirty, true);
    i32Const((unretired << 8) | <i32>index);
    set(L_EXIT);
    byte(BR);
    uleb(labels + 1);
  }
  byte(END);
}

/** The shared ways out, behind the outermost block. */
export function lowerExits(): void {
  if (exits == 0) return;
  resetWords();
  for (let i: u32 = 0; i < exits; i++) {
    byte(BLOCK);
    byte(TYPE_VOID);
  }
  get(L_EXIT);
  i32Const(0xff);
  byte(I32_AND);
  byte(BR_TABLE);
  uleb(exits - 1);
  for (let i: u32 = 0; i < exits; i++) uleb(i);
  for (let i: u32 = 0; i < exits; i++) {
    byte(END);
    writeBack(load<u64>(exitSet(i)));
    storeLeftPlusExit();
    returnToPending();
  }
}

/** Returns HART.pc with `stop`: the instruction that left something pending, or the one behind it. */
function returnToPending(): void {
  get(L_HART);
  byte(I64_LOAD);
  byte(3);
  uleb(<u32>HART_PC);
  i64Const(1);
  byte(I64_OR);
  byte(RETURN);
}

/** HART.jitLeft = left + L_EXIT >> 8. */
function storeLeftPlusExit(): void {
  get(L_HART);
  get(L_LEFT);
  get(L_EXIT);
  i32Const(8);
  byte(I32_SHR_U);
  byte(I32_ADD);
  byte(I32_STORE);
  byte(2);
  uleb(<u32>HART_JIT_LEFT);
}
