/** Wasm locals of a region's function, and the guest registers kept in them. */
import { HART_F } from "../generated/layout";
import { arena, ARENA_LOCALS } from "./arena";
import { byte, uleb } from "../wasm/sink";
import {
  F64_LOAD,
  F64_STORE,
  I32_CONST,
  I32_WRAP,
  I64_CONST,
  I64_EXTEND_I32_S,
  I64_LOAD,
  I64_STORE,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  TYPE_F32,
  TYPE_F64,
  TYPE_I32,
  TYPE_I64,
} from "../wasm/opcodes";
import { forgetWord, hasWord, isStale, keepWord, settled, staleOf } from "./words";

/** Parameters: the hart's block, the decode page, the page's virtual address, calls left. */
export const L_HART: u32 = 0;
export const L_BASE: u32 = 1;
export const L_PAGE: u32 = 2;
export const L_DEPTH: u32 = 3;
/** Scratch: a virtual address, a TLB entry, instructions left, the read TLB, a program counter. */
export const L_VA: u32 = 4;
export const L_ENTRY: u32 = 5;
export const L_LEFT: u32 = 6;
export const L_TLB: u32 = 7;
export const L_PC: u32 = 8;
/** Which way out (asm/jit/code.ts). */
export const L_EXIT: u32 = 9;
const FIRST_FREE: u32 = 10;

/** Types of the fixed locals behind the parameters. */
const FIXED: u32 = 6;

let used: u32 = 0;

function slotOf(register: u32): usize {
  return arena + ARENA_LOCALS + <usize>register;
}

function typeAt(local: u32): usize {
  return arena + ARENA_LOCALS + 0x80 + <usize>local;
}

export function resetLocals(): void {
  used = FIRST_FREE;
  groupLocals = 0;
  memory.fill(arena + ARENA_LOCALS + 0x180, 0, 0x40);
  memory.fill(arena + ARENA_LOCALS, 0, 128);
}

function allocate(type: u32): u32 {
  const local = used++;
  store<u8>(typeAt(local), <u8>type);
  return local;
}

/** The local of register 0–63 (x, then f). */
function localOf(register: u32): u32 {
  const at = slotOf(register);
  let local = <u32>load<u8>(at);
  if (local == 0) {
    local = allocate(register < 32 ? TYPE_I64 : TYPE_F64);
    store<u8>(at, <u8>local);
  }
  return local;
}

/** The i32 local of x(register), for values that are sign extensions (asm/jit/words.ts). */
function wordOf(register: u32): u32 {
  const at = arena + ARENA_LOCALS + 0x1a0 + <usize>register;
  let local = <u32>load<u8>(at);
  if (local == 0) {
    local = allocate(TYPE_I32);
    store<u8>(at, <u8>local);
  }
  return local;
}

function scratchOf(index: u32, type: u32): u32 {
  const at = arena + ARENA_LOCALS + 0x180 + <usize>index;
  let local = <u32>load<u8>(at);
  if (local == 0) {
    local = allocate(type);
    store<u8>(at, <u8>local);
  }
  return local;
}

/** Scratch i64 local `index` (0–7), its value good until the next instruction's lowering. */
export function scratch(index: u32): u32 {
  return scratchOf(index, TYPE_I64);
}

/** Scratch locals of the other types. */
export function scratchF64(): u32 {
  return scratchOf(8, TYPE_F64);
}

export function scratchF32(): u32 {
  return scratchOf(9, TYPE_F32);
}

export function scratchI32(): u32 {
  return scratchOf(10, TYPE_I32);
}

/** HART.jitFloatBound, kept while the region runs (asm/jit/float-state.ts). */
export function floatBound(): u32 {
  return scratchOf(22, TYPE_I32);
}

/** An f32 for the exactness of a result (asm/jit/float-exact.ts). */
export function partF32(): u32 {
  return scratchOf(11, TYPE_F32);
}

/** f64 locals `index` (0–9) for that, and for multiply-add (asm/jit/float-unfused.ts). */
export function partF64(index: u32): u32 {
  return scratchOf(12 + index, TYPE_F64);
}

/** Locals that groups may have in a region: one byte counts all locals. */
const MAX_GROUPS: u32 = 96;

let groupLocals: u32 = 0;

/** A new i32 local for the host address of a group (asm/jit/groups.ts); 0 when there are too many. */
export function groupLocal(): u32 {
  if (groupLocals == MAX_GROUPS) return 0;
  groupLocals++;
  return allocate(TYPE_I32);
}

export function get(local: u32): void {
  byte(LOCAL_GET);
  uleb(local);
}

export function set(local: u32): void {
  byte(LOCAL_SET);
  uleb(local);
}

export function tee(local: u32): void {
  byte(LOCAL_TEE);
  uleb(local);
}

/** Pushes x(byteOffset / 8). */
export function getX(byteOffset: u32): void {
  const register = (byteOffset >> 3) & 31;
  if (register == 0) {
    byte(I64_CONST);
    byte(0);
  } else if (isStale(register)) {
    get(wordOf(register));
    byte(I64_EXTEND_I32_S);
  } else {
    get(localOf(register));
  }
}

/** Pushes the low 32 bits of x(byteOffset / 8). */
export function getW(byteOffset: u32): void {
  const register = (byteOffset >> 3) & 31;
  if (register == 0) {
    byte(I32_CONST);
    byte(0);
  } else if (hasWord(byteOffset)) {
    get(wordOf(register));
  } else {
    get(localOf(register));
    byte(I32_WRAP);
  }
}

export function setX(byteOffset: u32): void {
  const register = (byteOffset >> 3) & 31;
  forgetWord(register);
  set(localOf(register));
}

/** Pops an i32, whose sign extension becomes x(byteOffset / 8). */
export function setW(byteOffset: u32): void {
  const register = (byteOffset >> 3) & 31;
  keepWord(register);
  set(wordOf(register));
}

export function getF(byteOffset: u32): void {
  get(localOf(32 + ((byteOffset >> 3) & 31)));
}

export function setF(byteOffset: u32): void {
  set(localOf(32 + ((byteOffset >> 3) & 31)));
}

/**
 * Makes the i64 locals of the set's registers current. Emitted where control goes on to code that does
 * not know of words: `aside` when it only does so on a way out, and goes on here with the words.
 */
export function settleWords(set64: u64, aside: bool): void {
  for (let rest = staleOf(set64); rest != 0; rest &= rest - 1) {
    const register = <u32>ctz(rest);
    get(wordOf(register));
    byte(I64_EXTEND_I32_S);
    set(localOf(register));
    if (!aside) settled(register);
  }
}

function memarg(register: u32): void {
  byte(3);
  uleb(register < 32 ? register << 3 : <u32>HART_F + ((register - 32) << 3));
}

/** Loads every register of the set from the hart's block. */
export function loadRegisters(set64: u64): void {
  for (let rest = set64; rest != 0; rest &= rest - 1) {
    const register = <u32>ctz(rest);
    get(L_HART);
    byte(register < 32 ? I64_LOAD : F64_LOAD);
    memarg(register);
    if (register < 32) forgetWord(register);
    set(localOf(register));
  }
}

/** Writes every register of the set back to the hart's block. */
export function writeBack(set64: u64): void {
  for (let rest = set64; rest != 0; rest &= rest - 1) {
    const register = <u32>ctz(rest);
    get(L_HART);
    if (register < 32) getX(register << 3);
    else get(localOf(register));
    byte(register < 32 ? I64_STORE : F64_STORE);
    memarg(register);
  }
}

/** The function's local declarations: the fixed ones, then one entry each. */
export function declareLocals(): void {
  const free = used - FIRST_FREE;
  uleb(FIXED + free);
  declare(TYPE_I64);
  declare(TYPE_I32);
  declare(TYPE_I32);
  declare(TYPE_I32);
  declare(TYPE_I64);
  declare(TYPE_I32);
  for (let i: u32 = 0; i < free; i++) declare(<u32>load<u8>(typeAt(FIRST_FREE + i)));
}

function declare(type: u32): void {
  byte(1);
  byte(type);
}
