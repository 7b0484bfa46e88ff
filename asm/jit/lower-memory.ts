/**
 * Loads and stores: the TLB check inline, the rest in the core's slow path. `L_VA` and `L_ENTRY` are
 * free before and after.
 */
import { hasStrongAtomics } from "../hart/fence";
import {
  HART_FENCE_WORD,
  HART_JIT_FLOAT,
  HART_MSTATUS,
  TLB_ARRAY_BYTES,
} from "../generated/layout";
import { byte, eightBytes, uleb } from "../wasm/sink";
import {
  ATOMIC_FENCE,
  ATOMIC_PREFIX,
  DROP,
  ELSE,
  END,
  F64X2_EXTRACT_LANE,
  F64X2_SPLAT,
  F64_LOAD,
  F64_REINTERPRET,
  F64_STORE,
  I32_AND,
  I32_ATOMIC_ADD,
  I32_EQZ,
  I32_LOAD,
  I32_STORE,
  I32_WRAP,
  I64_LOAD,
  I64_LOAD16_U,
  I64_OR,
  I64_REINTERPRET,
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
import { groupLocalOf, groupLow } from "./groups";
import { likelyIf, unlikelyIf } from "./hints";
import { get, getF, getW, getX, L_ENTRY, L_HART, L_TLB, L_VA, setF, setW, setX } from "./locals";
import { hasWord, markExtended } from "./words";
import {
  mem,
  setAddress,
  probe,
  addressBy,
  fillSite,
  singleSite,
  probeSite,
  isGrouped,
  probeGrouped,
} from "./lower-look";
import { Site } from "./site";

/** mstatus.FS, all ones when dirty. */
const FS_MASK: i64 = 0x6000;

function vector(opcode: u32): void {
  byte(SIMD_PREFIX);
  uleb(opcode);
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

/** Pushes what a float load finds `offset` bytes behind the address on the stack: an f64. */
function loadFloat(width: u32, offset: u32): void {
  if (width == 3) {
    mem(F64_LOAD, offset);
  } else if (width == 2) {
    // Unprivileged manual, "NaN Boxing of Narrower Values": the other lanes are ones.
    vector(V128_CONST);
    eightBytes(-1);
    eightBytes(-1);
    vector(V128_LOAD32_LANE);
    byte(0);
    uleb(offset);
    byte(0);
    vector(F64X2_EXTRACT_LANE);
    byte(0);
  } else {
    mem(I64_LOAD16_U, offset);
    i64Const(-0x1_0000);
    byte(I64_OR);
    byte(F64_REINTERPRET);
  }
}

/** Pushes the value `offset` bytes behind the address on the stack. */
function access(kind: u32, opcode: u32, offset: u32): void {
  if (kind & FLOAT_KIND) loadFloat(kind & 3, offset);
  else if (kind == KIND_WORD) mem(I32_LOAD, offset);
  else mem(opcode, offset);
}

/** Pushes what the core's slow path loads from L_VA. */
function lastResort(w: u32, kind: u32, site: Site, labels: u32): void {
  slowLoad(w, kind, site, labels);
  if (kind & FLOAT_KIND) byte(F64_REINTERPRET);
  if (kind == KIND_WORD) byte(I32_WRAP);
}

/** Pushes the loaded i64; an f64 for float kinds, an i32 for lw. */
function loadValue(w: u32, imm: i32, kind: u32, opcode: u32, site: Site): void {
  const type = kind & FLOAT_KIND ? TYPE_F64 : kind == KIND_WORD ? TYPE_I32 : TYPE_I64;
  const bytes = (<i64>1) << (kind & 3);
  if (isGrouped(w, imm, <i32>bytes, false, site)) {
    const local = groupLocalOf;
    probeGrouped(local);
    likelyIf(type);
    get(local);
    access(kind, opcode, <u32>(imm - groupLow));
    byte(ELSE);
    setAddress(w, imm);
    lastResort(w, kind, site, 1);
    byte(END);
    return;
  }
  const entry = singleSite(w, false, site);
  setAddress(w, imm);
  if (entry) {
    probeSite(entry, bytes);
    likelyIf(type);
    addressBy(L_TLB, entry);
    access(kind, opcode, 0);
    byte(ELSE);
  }
  probe(bytes, false);
  likelyIf(type);
  if (entry) fillSite(entry, false);
  addressBy(L_ENTRY, 0);
  access(kind, opcode, 0);
  byte(ELSE);
  lastResort(w, kind, site, entry ? 2 : 1);
  byte(END);
  if (entry) byte(END);
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

/** Stores `offset` bytes behind the address on the stack. */
function write(w: u32, width: u32, opcode: u32, float: bool, offset: u32): void {
  if (!float && width < 3 && hasWord((w >> 24) & 0xf8)) {
    getW((w >> 24) & 0xf8);
    mem(width == 2 ? I32_STORE : opcode - STORE_TO_I32, offset);
    return;
  }
  if (!float || width < 2) {
    stored(w, float);
    mem(opcode, offset);
    return;
  }
  getF((w >> 24) & 0xf8);
  if (width == 3) {
    mem(F64_STORE, offset);
    return;
  }
  vector(F64X2_SPLAT);
  vector(V128_STORE32_LANE);
  byte(0);
  uleb(offset);
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
  if (isGrouped(w, imm, <i32>bytes, true, site)) {
    const local = groupLocalOf;
    probeGrouped(local);
    likelyIf(TYPE_VOID);
    get(local);
    write(w, width, opcode, float, <u32>(imm - groupLow));
    byte(ELSE);
    setAddress(w, imm);
    slowStore(w, width, float, site, 1);
    byte(END);
    return;
  }
  const entry = singleSite(w, true, site);
  setAddress(w, imm);
  if (entry) {
    probeSite(entry, bytes);
    likelyIf(TYPE_VOID);
    addressBy(L_TLB, entry);
    write(w, width, opcode, float, 0);
    byte(ELSE);
  }
  probe(bytes, true);
  likelyIf(TYPE_VOID);
  if (entry) fillSite(entry, true);
  addressBy(L_ENTRY, <u32>TLB_ARRAY_BYTES);
  write(w, width, opcode, float, 0);
  byte(ELSE);
  slowStore(w, width, float, site, entry ? 2 : 1);
  byte(END);
  if (entry) byte(END);
}

/** FENCE, whatever its sets, as `fullFence` does it. */
export function lowerFence(): void {
  if (hasStrongAtomics()) {
    get(L_HART);
    i32Const(0);
    byte(ATOMIC_PREFIX);
    byte(I32_ATOMIC_ADD);
    byte(2);
    uleb(<u32>HART_FENCE_WORD);
    byte(DROP);
    return;
  }
  byte(ATOMIC_PREFIX);
  byte(ATOMIC_FENCE);
  byte(0);
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
