/**
 * Loads and stores: the TLB check inline, the rest in the core's slow path. `L_VA` and `L_ENTRY` are
 * free before and after.
 */
import {
  HART_F,
  HART_JIT_FLOAT,
  HART_MSTATUS,
  TLB_ARRAY_BYTES,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
} from "../generated/layout";
import { byte, eightBytes, uleb } from "../wasm/sink";
import {
  ELSE,
  END,
  F64X2_EXTRACT_LANE,
  F64X2_SPLAT,
  F64_LOAD,
  F64_REINTERPRET,
  F64_STORE,
  I32_ADD,
  I32_AND,
  I32_EQZ,
  I32_LOAD,
  I32_STORE,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EQ,
  I64_LOAD,
  I64_LOAD16_U,
  I64_OR,
  I64_REINTERPRET,
  I64_SHR_U,
  I64_STORE,
  SIMD_PREFIX,
  TYPE_F64,
  TYPE_I32,
  TYPE_I64,
  TYPE_VOID,
  V128_CONST,
  V128_LOAD32_LANE,
  V128_STORE32_LANE,
} from "../wasm/opcodes";
import {
  call,
  F_LOAD,
  F_STORE,
  i32Const,
  i64Const,
  leaveIfPending,
  loadField,
  storePc,
} from "./code";
import { STATE_DIRTY } from "./float-state";
import { likelyIf, unlikelyIf } from "./hints";
import { regionStrides } from "./liveness";
import {
  get,
  getF,
  getW,
  getX,
  L_ENTRY,
  L_HART,
  L_TLB,
  L_VA,
  pageCache,
  set,
  setF,
  setW,
  setX,
  tee,
} from "./locals";
import { hasWord, markExtended } from "./words";

/** mstatus.FS, all ones when dirty. */
const FS_MASK: i64 = 0x6000;

/** Where in the region the instruction is, for its slow path's exit. */
@unmanaged
export class Site {
  offset: i32;
  unretired: i32;
  /** Labels open inside the outermost block. */
  labels: u32;
  /** In a loop without calls: keep translations in locals. */
  cached: bool;
  /** mstatus.FS is dirty here. */
  floatDirty: bool;
  dirty: u64;
  /** f registers known to hold a boxed f32: bit n is f(n). */
  boxed: u32;
}

function mem(opcode: u32, offset: u32): void {
  byte(opcode);
  byte(0);
  uleb(offset);
}

function vector(opcode: u32): void {
  byte(SIMD_PREFIX);
  uleb(opcode);
}

/** L_VA = rs1 + imm. */
function address(w: u32, imm: i32): void {
  getX((w >> 16) & 0xf8);
  if (imm) {
    i64Const(<i64>imm);
    byte(I64_ADD);
  }
  tee(L_VA);
}

/** Pushes whether the TLB entry for L_VA (on the stack) holds an aligned access of `bytes`. */
function probe(bytes: i64, write: bool): void {
  i64Const(8);
  byte(I64_SHR_U);
  byte(I32_WRAP);
  i32Const(<i32>((TLB_ENTRIES - 1) * TLB_ENTRY_BYTES));
  byte(I32_AND);
  get(L_TLB);
  byte(I32_ADD);
  tee(L_ENTRY);
  mem(I64_LOAD, write ? <u32>TLB_ARRAY_BYTES : 0);
  get(L_VA);
  i64Const((bytes - 1) | -4096);
  byte(I64_AND);
  byte(I64_EQ);
}

/** Pushes the host address after a hit. */
function hostAddress(write: bool): void {
  get(L_ENTRY);
  mem(I32_LOAD, 8 + (write ? <u32>TLB_ARRAY_BYTES : 0));
  get(L_VA);
  byte(I32_WRAP);
  byte(I32_ADD);
}

/** Pushes whether L_VA (on the stack) lies in the page that `tag` holds, aligned; never when -1. */
function probeCache(tag: u32, bytes: i64): void {
  i64Const((bytes - 1) | -4096);
  byte(I64_AND);
  get(tag);
  byte(I64_EQ);
}

function cachedAddress(addend: u32): void {
  get(addend);
  get(L_VA);
  byte(I32_WRAP);
  byte(I32_ADD);
}

/** After a TLB hit: keeps the translation for the next access through the same register. */
function fillCache(tag: u32, write: bool): void {
  get(L_VA);
  i64Const(-4096);
  byte(I64_AND);
  set(tag);
  get(L_ENTRY);
  mem(I32_LOAD, 8 + (write ? <u32>TLB_ARRAY_BYTES : 0));
  set(tag + 1);
}

/** The local that caches translations through rs1, 0 when this site uses none. */
function cacheOf(w: u32, write: bool, site: Site): u32 {
  const base = (w >> 19) & 31;
  const cached = site.cached && base && !((regionStrides >> base) & 1);
  return cached ? pageCache(base, write) : 0;
}

function slowLoad(w: u32, kind: u32, site: Site, labels: u32): void {
  storePc(site.offset);
  get(L_HART);
  get(L_VA);
  i32Const(<i32>kind);
  i32Const(<i32>w);
  call(F_LOAD);
  leaveIfPending(site.offset, site.dirty, site.unretired, site.labels + labels);
}

const FLOAT_KIND: u32 = 8;
/** lw: four bytes, sign-extended. */
const KIND_WORD: u32 = 6;
/** From Wasm's i64.store8, store16 and store32 to i32's. */
const STORE_TO_I32: u32 = 2;

/** Pushes what a float load of `width` finds at the address on the stack: an f64, boxed if narrow. */
function loadFloat(width: u32): void {
  if (width == 3) {
    mem(F64_LOAD, 0);
  } else if (width == 2) {
    // Unprivileged manual, "NaN Boxing of Narrower Values": the other lanes are ones.
    vector(V128_CONST);
    eightBytes(-1);
    eightBytes(-1);
    vector(V128_LOAD32_LANE);
    byte(0);
    byte(0);
    byte(0);
    vector(F64X2_EXTRACT_LANE);
    byte(0);
  } else {
    mem(I64_LOAD16_U, 0);
    i64Const(-0x1_0000);
    byte(I64_OR);
    byte(F64_REINTERPRET);
  }
}

/** Pushes the value at the address on the stack. */
function access(kind: u32, opcode: u32): void {
  if (kind & FLOAT_KIND) loadFloat(kind & 3);
  else if (kind == KIND_WORD) mem(I32_LOAD, 0);
  else mem(opcode, 0);
}

/** Pushes the loaded i64; an f64 for float kinds, an i32 for lw. */
function loadValue(w: u32, imm: i32, kind: u32, opcode: u32, site: Site): void {
  const word = kind == KIND_WORD;
  const type = kind & FLOAT_KIND ? TYPE_F64 : word ? TYPE_I32 : TYPE_I64;
  const bytes = (<i64>1) << (kind & 3);
  const cache = cacheOf(w, false, site);
  address(w, imm);
  if (cache) {
    probeCache(cache, bytes);
    likelyIf(type);
    cachedAddress(cache + 1);
    access(kind, opcode);
    byte(ELSE);
    get(L_VA);
  }
  probe(bytes, false);
  likelyIf(type);
  if (cache) fillCache(cache, false);
  hostAddress(false);
  access(kind, opcode);
  byte(ELSE);
  slowLoad(w, kind, site, cache ? 2 : 1);
  if (type == TYPE_F64) byte(F64_REINTERPRET);
  if (word) byte(I32_WRAP);
  byte(END);
  if (cache) byte(END);
}

/** @param opcode the Wasm load that extends as the instruction does */
export function lowerLoad(w: u32, imm: i32, kind: u32, opcode: u32, site: Site): void {
  loadValue(w, imm, kind, opcode, site);
  if (kind == KIND_WORD) {
    setW((w >> 8) & 0xf8);
    return;
  }
  setX((w >> 8) & 0xf8);
  if ((kind & 3) < 2) markExtended((w >> 8) & 0xf8);
}

/** Pushes what a store writes. */
function stored(w: u32, float: bool): void {
  if (float) {
    getF((w >> 24) & 0xf8);
    byte(I64_REINTERPRET);
  } else {
    getX((w >> 24) & 0xf8);
  }
}

function slowStore(w: u32, width: u32, float: bool, site: Site, labels: u32): void {
  storePc(site.offset);
  get(L_HART);
  get(L_VA);
  i32Const(<i32>width);
  stored(w, float);
  i32Const(<i32>w);
  call(F_STORE);
  leaveIfPending(site.offset, site.dirty, site.unretired, site.labels + labels);
}

/** Stores at the address on the stack. */
function write(w: u32, width: u32, opcode: u32, float: bool): void {
  if (!float && width < 3 && hasWord((w >> 24) & 0xf8)) {
    getW((w >> 24) & 0xf8);
    mem(width == 2 ? I32_STORE : opcode - STORE_TO_I32, 0);
    return;
  }
  if (!float || width < 2) {
    stored(w, float);
    mem(opcode, 0);
    return;
  }
  getF((w >> 24) & 0xf8);
  if (width == 3) {
    mem(F64_STORE, 0);
    return;
  }
  vector(F64X2_SPLAT);
  vector(V128_STORE32_LANE);
  byte(0);
  byte(0);
  byte(0);
}

export function lowerStore(
  w: u32,
  imm: i32,
  width: u32,
  opcode: u32,
  float: bool,
  site: Site,
): void {
  const bytes = (<i64>1) << width;
  const cache = cacheOf(w, true, site);
  address(w, imm);
  if (cache) {
    probeCache(cache, bytes);
    likelyIf(TYPE_VOID);
    cachedAddress(cache + 1);
    write(w, width, opcode, float);
    byte(ELSE);
    get(L_VA);
  }
  probe(bytes, true);
  likelyIf(TYPE_VOID);
  if (cache) fillCache(cache, true);
  hostAddress(true);
  write(w, width, opcode, float);
  byte(ELSE);
  slowStore(w, width, float, site, cache ? 2 : 1);
  byte(END);
  if (cache) byte(END);
}

/** mstatus.FS becomes dirty (privileged manual §3.1.6.6), unless it is for sure or by its state. */
export function markFloatDirty(site: Site): void {
  if (site.floatDirty) return;
  site.floatDirty = true;
  loadField(HART_JIT_FLOAT);
  i32Const(STATE_DIRTY);
  byte(I32_AND);
  byte(I32_EQZ);
  unlikelyIf(TYPE_VOID);
  get(L_HART);
  get(L_HART);
  byte(I64_LOAD);
  byte(3);
  uleb(<u32>HART_MSTATUS);
  i64Const(FS_MASK);
  byte(I64_OR);
  byte(I64_STORE);
  byte(3);
  uleb(<u32>HART_MSTATUS);
  byte(END);
}

export function lowerFloatLoad(w: u32, imm: i32, width: u32, site: Site): void {
  loadValue(w, imm, FLOAT_KIND | width, 0, site);
  setF((w >> 8) & 0xf8);
  markFloatDirty(site);
}
