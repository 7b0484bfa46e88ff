/**
 * Where an access finds its host address: the TLB by address, the TLB by site, groups (docs/jit.md,
 * "Memory"). `L_VA` and `L_ENTRY` are free before and after.
 */
import {
  PAGE_BYTES,
  TLB_ARRAY_BYTES,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_SITES,
  TLB_SITES_AT,
  TLB_SITE_BYTES,
} from "../generated/layout";
import { byte, uleb } from "../wasm/sink";
import {
  ELSE,
  END,
  I32_ADD,
  I32_AND,
  I32_GE_U,
  I32_LOAD,
  I32_STORE,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EQ,
  I64_LE_U,
  I64_LOAD,
  I64_SHR_U,
  I64_STORE,
  I64_SUB,
  TYPE_I32,
} from "../wasm/opcodes";
import { GROUP_WRITES, GROUP_WRITES_FIRST } from "../mmu/access";
import { call, F_GROUP, i32Const, i64Const } from "./code";
import { findGroup, groupLocalOf, groupLow, groupSpan, groupWrites, inGroup } from "./groups";
import { likelyIf } from "./hints";
import { regionScattered } from "./liveness";
import { get, getX, L_ENTRY, L_HART, L_TLB, L_VA, set, tee } from "./locals";
import { Site } from "./site";

export function mem(opcode: u32, offset: u32): void {
  byte(opcode);
  byte(0);
  uleb(offset);
}

/** L_VA = rs1 + imm. */
export function setAddress(w: u32, imm: i32): void {
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
export function probe(bytes: i64, write: bool): void {
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
export function probeSite(site: u32, bytes: i64): void {
  get(L_VA);
  i64Const((bytes - 1) | -4096);
  byte(I64_AND);
  get(L_TLB);
  mem(I64_LOAD, site);
  byte(I64_EQ);
}

/** Pushes the host address by the entry at `entry` (a local) + `offset`. */
export function addressBy(entry: u32, offset: u32): void {
  get(entry);
  mem(I32_LOAD, 8 + offset);
  get(L_VA);
  byte(I32_WRAP);
  byte(I32_ADD);
}

/** After a TLB hit: keeps the translation for the site's next access. */
export function fillSite(site: u32, write: bool): void {
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
export function singleSite(w: u32, write: bool, site: Site): u32 {
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
export function isGrouped(w: u32, imm: i32, bytes: i32, write: bool, site: Site): bool {
  const base = (w >> 19) & 31;
  if (inGroup(base, imm, bytes, write)) return true;
  if (!findGroup(base, site.offset, site.left, site.block)) return false;
  openGroup(w, write, site);
  return true;
}

/** Pushes whether the group's address is good. No host address of guest RAM lies in the guard page. */
export function probeGrouped(local: u32): void {
  get(local);
  i32Const(PAGE_BYTES);
  byte(I32_GE_U);
}
