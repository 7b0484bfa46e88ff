/**
 * Calls as nested calls of region functions: the caller's registers are written back, and what the
 * callee returns says whether it came back where a return should.
 */
import { DECODE_ENTRIES, HART_TLB_FETCH, TLB_ENTRIES, TLB_ENTRY_BYTES } from "../generated/layout";
import { byte, uleb } from "../wasm/sink";
import {
  CALL_INDIRECT,
  ELSE,
  END,
  I32_ADD,
  I32_AND,
  I32_EQZ,
  I32_LOAD,
  I32_LT_S,
  I32_OR,
  I32_SHL,
  I32_SUB,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EQ,
  I64_LOAD,
  I64_NE,
  I64_SHR_U,
  RETURN,
  TYPE_I64,
  TYPE_VOID,
} from "../wasm/opcodes";
import { blockAt } from "./arena";
import { Block, NO_BLOCK } from "./block";
import {
  call,
  F_GO,
  i32Const,
  i64Const,
  leave,
  loadField,
  pushPc,
  reloadLeft,
  storeLeft,
} from "./code";
import { likelyIf, unlikelyIf } from "./hints";
import {
  get,
  getX,
  L_BASE,
  L_DEPTH,
  L_ENTRY,
  L_HART,
  L_LEFT,
  L_PAGE,
  L_PC,
  loadRegisters,
  scratchI32,
  set,
  setX,
  tee,
  writeBack,
} from "./locals";
import { forgetKnown } from "./joins";
import { goTo, ownRegion } from "./lower";
import { tableImported } from "./module";

/** Type of a region's function in its module. */
const REGION_TYPE: u32 = 0;

function x(at: u32): u64 {
  const register = (at >> 3) & 31;
  return register ? (<u64>1) << register : 0;
}

/** rd = address behind the call. */
function link(w: u32, next: i32): void {
  if (!((w >> 8) & 0xf8)) return;
  pushPc(next);
  setX((w >> 8) & 0xf8);
}

/**
 * After a call: L_PC is where the callee ended. The expected address continues here; any other goes
 * through the core, which follows it until it comes back, and a stop unwinds.
 */
function lowerReturn(block: Block, next: i32): void {
  get(L_PC);
  pushPc(next);
  byte(I64_NE);
  unlikelyIf(TYPE_VOID);
  get(L_HART);
  get(L_PC);
  pushPc(next);
  get(L_DEPTH);
  call(F_GO);
  tee(L_PC);
  pushPc(next);
  byte(I64_NE);
  unlikelyIf(TYPE_VOID);
  get(L_PC);
  byte(RETURN);
  byte(END);
  byte(END);
  reloadLeft();
  forgetKnown();
  const to = <i32>block.next;
  if (to == NO_BLOCK) {
    leave(next, 0, 0, false);
    return;
  }
  loadRegisters(blockAt(to).live);
  goTo(block, to, next, 0);
}

/** Too deep, or time to look: the call becomes a stop at its target (in L_PC). */
function lowerCallGuard(): void {
  get(L_DEPTH);
  byte(I32_EQZ);
  get(L_LEFT);
  i32Const(0);
  byte(I32_LT_S);
  byte(I32_OR);
  unlikelyIf(TYPE_VOID);
  get(L_PC);
  i64Const(1);
  byte(I64_ADD);
  byte(RETURN);
  byte(END);
}

function pushLess(): void {
  get(L_DEPTH);
  i32Const(1);
  byte(I32_SUB);
}

/** L_PC = function in the table slot of the entry for `offset` of this page, or F_GO's answer. */
function lowerCallInPage(offset: i32, next: i32): void {
  if (offset == <i32>blockAt(0).start) {
    // Recursion: page and translation are those that run now.
    get(L_HART);
    get(L_BASE);
    get(L_PAGE);
    pushLess();
    call(ownRegion());
    set(L_PC);
    return;
  }
  if (!tableImported) {
    lowerGo(next);
    set(L_PC);
    return;
  }
  get(L_BASE);
  byte(I32_LOAD);
  byte(2);
  uleb(<u32>DECODE_ENTRIES + ((<u32>offset) << 1));
  lowerEntry(next, L_BASE);
  set(L_PC);
}

/** Pops an entry word, and pushes where execution is after its function of decode page `base`. */
function lowerEntry(next: i32, base: u32): void {
  tee(L_ENTRY);
  i32Const(0);
  byte(I32_LT_S);
  likelyIf(TYPE_I64);
  get(L_HART);
  get(base);
  if (base == L_BASE) {
    get(L_PAGE);
  } else {
    get(L_PC);
    i64Const(-4096);
    byte(I64_AND);
  }
  pushLess();
  get(L_ENTRY);
  i32Const(0x7fff_ffff);
  byte(I32_AND);
  byte(CALL_INDIRECT);
  uleb(REGION_TYPE);
  byte(0);
  byte(ELSE);
  lowerGo(next);
  byte(END);
}

/** L_PC = function that the fetch TLB and the decode page have for it, or F_GO's answer. */
function lowerCallAway(next: i32): void {
  if (!tableImported) {
    lowerGo(next);
    set(L_PC);
    return;
  }
  const base = scratchI32();
  get(L_PC);
  i64Const(8);
  byte(I64_SHR_U);
  byte(I32_WRAP);
  i32Const(<i32>((TLB_ENTRIES - 1) * TLB_ENTRY_BYTES));
  byte(I32_AND);
  loadField(HART_TLB_FETCH);
  byte(I32_ADD);
  tee(L_ENTRY);
  byte(I64_LOAD);
  byte(3);
  uleb(0);
  get(L_PC);
  i64Const(-4096);
  byte(I64_AND);
  byte(I64_EQ);
  likelyIf(TYPE_I64);
  get(L_ENTRY);
  byte(I32_LOAD);
  byte(2);
  uleb(8);
  tee(base);
  get(L_PC);
  byte(I32_WRAP);
  i32Const(0xfff);
  byte(I32_AND);
  i32Const(1);
  byte(I32_SHL);
  byte(I32_ADD);
  byte(I32_LOAD);
  byte(2);
  uleb(<u32>DECODE_ENTRIES);
  lowerEntry(next, base);
  byte(ELSE);
  lowerGo(next);
  byte(END);
  set(L_PC);
}

/** Pushes where execution is after running from L_PC until `next`. */
function lowerGo(next: i32): void {
  get(L_HART);
  get(L_PC);
  pushPc(next);
  get(L_DEPTH);
  call(F_GO);
}

export function lowerCall(block: Block, w: u32, next: i32, dirty: u64): void {
  const target = block.target;
  pushPc(target);
  set(L_PC);
  link(w, next);
  writeBack(dirty | x(w >> 8));
  storeLeft(0);
  lowerCallGuard();
  if (target >= 0 && target < 0x1000) {
    lowerCallInPage(target, next);
  } else {
    lowerCallAway(next);
  }
  lowerReturn(block, next);
}

/** L_PC = (rs1 + imm) & ~1. */
export function indirectTarget(w: u32, imm: i32): void {
  getX((w >> 16) & 0xf8);
  if (imm) {
    i64Const(<i64>imm);
    byte(I64_ADD);
  }
  i64Const(-2);
  byte(I64_AND);
  set(L_PC);
}

export function lowerCallIndirect(block: Block, w: u32, imm: i32, next: i32, dirty: u64): void {
  indirectTarget(w, imm);
  link(w, next);
  writeBack(dirty | x(w >> 8));
  storeLeft(0);
  lowerCallGuard();
  lowerCallAway(next);
  lowerReturn(block, next);
}
