/**
 * Loads and stores: the TLB check inline, the rest in the core's slow path. `L_VA` and `L_ENTRY` are
 * free before and after.
 */
import {
  HART_F,
  HART_JIT_FLOAT,
  HART_MSTATUS,
  PAGE_BYTES,
  TLB_ARRAY_BYTES,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_SITES,
  TLB_SITES_AT,
  TLB_SITE_BYTES,
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
  I32_GE_U,
  I32_LOAD,
  I32_STORE,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EQ,
  I64_LE_U,
  I64_LOAD,
  I64_LOAD16_U,
  I64_OR,
  I64_REINTERPRET,
  I64_SHR_U,
  I64_STORE,
  I64_SUB,
  SIMD_PREFIX,
  TYPE_F64,
  TYPE_I32,
  TYPE_I64,
  TYPE_VOID,
  V128_CONST,
  V128_LOAD32_LANE,
  V128_STORE32_LANE,
} from "../wasm/opcodes";
import { GROUP_WRITES, GROUP_WRITES_FIRST } from "../mmu/access";
import {
  call,
  F_GROUP,
  F_LOAD,
  F_STORE,
  i32Const,
  i64Const,
  leaveIfPending,
  loadField,
  storePc,
} from "./code";
import { STATE_DIRTY } from "./float-state";
import { Block } from "./block";
import { findGroup, groupLocalOf, groupLow, groupSpan, groupWrites, inGroup } from "./groups";
import { likelyIf, unlikelyIf } from "./hints";
import { regionScattered } from "./liveness";
import {
  get,
  getF,
  getW,
  getX,
  L_ENTRY,
  L_HART,
  L_TLB,
  L_VA,
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
  block: Block;
  /** Records left in the block, this one included. */
  left: i32;
  /** In a loop without calls: translations by site pay. */
  tight: bool;
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
function setAddress(w: u32, imm: i32): void {
  getX((w >> 16) & 0xf8);
  if (imm) {
    i64Const(<i64>imm);
    byte(I64_ADD);
  }
  set(L_VA);
}

/** Pushes the TLB entry's address for L_VA. */
function entryAddress(): void {
  get(L_VA);
  i64Const(8);
  byte(I64_SHR_U);
  byte(I32_WRAP);
  i32Const(<i32>((TLB_ENTRIES - 1) * TLB_ENTRY_BYTES));
  byte(I32_AND);
  get(L_TLB);
  byte(I32_ADD);
}

/** Pushes whether the TLB entry for L_VA holds an aligned access of `bytes`; L_ENTRY is the entry. */
function probe(bytes: i64, write: bool): void {
  entryAddress();
  tee(L_ENTRY);
  mem(I64_LOAD, write ? <u32>TLB_ARRAY_BYTES : 0);
  get(L_VA);
  i64Const((bytes - 1) | -4096);
  byte(I64_AND);
  byte(I64_EQ);
}

/** The entry that a place in the region has to itself, more or less: from the mode's arrays. */
function siteEntry(offset: i32, kind: u32): u32 {
  const index = (<u32>offset >> 1) & (TLB_SITES - 1);
  return <u32>TLB_SITES_AT + kind * <u32>TLB_SITE_BYTES + index * <u32>TLB_ENTRY_BYTES;
}

/** Arrays by site: single accesses, then groups; writes behind reads. */
const SITE_SINGLE: u32 = 0;
const SITE_GROUP: u32 = 2;

/** Pushes whether L_VA lies in the page of the site's entry, aligned. */
function probeSite(site: u32, bytes: i64): void {
  get(L_VA);
  i64Const((bytes - 1) | -4096);
  byte(I64_AND);
  get(L_TLB);
  mem(I64_LOAD, site);
  byte(I64_EQ);
}

/** Pushes the host address by the entry at `entry` (a local) + `offset`. */
function addressBy(entry: u32, offset: u32): void {
  get(entry);
  mem(I32_LOAD, 8 + offset);
  get(L_VA);
  byte(I32_WRAP);
  byte(I32_ADD);
}

/** After a TLB hit: keeps the translation for the site's next access. */
function fillSite(site: u32, write: bool): void {
  get(L_TLB);
  get(L_VA);
  i64Const(-4096);
  byte(I64_AND);
  mem(I64_STORE, site);
  get(L_TLB);
  get(L_ENTRY);
  mem(I32_LOAD, 8 + (write ? <u32>TLB_ARRAY_BYTES : 0));
  mem(I32_STORE, site + 8);
}

const STACK_POINTER: u32 = 2;

function isScattered(base: u32): bool {
  return ((regionScattered >> base) & 1) != 0;
}

/** The entry of the site, as its offset; 0 when the access is not expected to stay in its page. */
function singleSite(w: u32, write: bool, site: Site): u32 {
  const base = (w >> 19) & 31;
  if (!site.tight || !base || isScattered(base)) return 0;
  return siteEntry(site.offset, SITE_SINGLE + (write ? 1 : 0));
}

/** Pushes whether L_VA and the group's span behind it lie in the page of the entry. */
function probeGroup(entry: u32, offset: u32): void {
  get(L_VA);
  get(entry);
  mem(I64_LOAD, offset);
  byte(I64_SUB);
  i64Const(<i64>(4096 - groupSpan));
  byte(I64_LE_U);
}

/** Opens the group that `findGroup` found: its local gets the host address of the lowest access. */
function openGroup(w: u32, write: bool, site: Site): void {
  const base = (w >> 19) & 31;
  const array = groupWrites ? <u32>TLB_ARRAY_BYTES : 0;
  const keeps = base == STACK_POINTER || (site.tight && !isScattered(base));
  const entry = keeps ? siteEntry(site.offset, SITE_GROUP + (groupWrites ? 1 : 0)) : 0;
  setAddress(w, groupLow);
  if (!keeps) {
    entryAddress();
    set(L_ENTRY);
  }
  const from = keeps ? L_TLB : L_ENTRY;
  const offset = keeps ? entry : array;
  probeGroup(from, offset);
  likelyIf(TYPE_I32);
  addressBy(from, offset);
  byte(ELSE);
  get(L_HART);
  get(L_VA);
  const writes = groupWrites ? GROUP_WRITES | (write ? GROUP_WRITES_FIRST : 0) : 0;
  i32Const(groupSpan | <i32>writes);
  i32Const(<i32>entry);
  call(F_GROUP);
  byte(END);
  set(groupLocalOf);
}

/** Whether the access is one of a group, which is open then. */
function isGrouped(w: u32, imm: i32, bytes: i32, write: bool, site: Site): bool {
  const base = (w >> 19) & 31;
  if (inGroup(base, imm, bytes, write)) return true;
  if (!findGroup(base, site.offset, site.left, site.block)) return false;
  openGroup(w, write, site);
  return true;
}

/** Pushes whether the group's address is good. No host address of guest RAM lies in the guard page. */
function probeGrouped(local: u32): void {
  get(local);
  i32Const(PAGE_BYTES);
  byte(I32_GE_U);
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
