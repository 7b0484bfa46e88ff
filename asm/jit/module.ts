/**
 * The Wasm module of a batch of regions: it imports memory, the function table and the core's slow
 * paths, and an element segment puts its functions into the slots from an imported number on, so that the
 * bytes are the same for all harts. For engines that would keep such a
 * module for as long as the table, it exports its functions instead, and the host puts them there.
 */
import {
  byte,
  copyIn,
  eightBytes,
  name,
  patchUleb,
  reserveUleb,
  sinkAt,
  sinkEnd,
  uleb,
} from "../wasm/sink";
import { CALL, END, GLOBAL_GET, TYPE_I32, TYPE_I64 } from "../wasm/opcodes";
import { IMPORTED } from "./code";

/** "e", the module name of every import. */
const ENV: u64 = 0x65;
const MEMORY: u64 = 0x6d;
const TABLE: u64 = 0x74;
/** The first of the table's slots that the functions go to: each hart's instance of a module has its own. */
const SLOT: u64 = 0x73;

const SECTION_TYPE: u32 = 1;
const SECTION_IMPORT: u32 = 2;
const SECTION_FUNCTION: u32 = 3;
const SECTION_EXPORT: u32 = 7;
const SECTION_ELEMENT: u32 = 9;
const SECTION_CODE: u32 = 10;

/** Whether modules import the function table; this instance's constant. */
export let tableImported: bool = true;

/** Tells what the engine keeps, before the first translation. */
export function jitTable(imported: u32): void {
  tableImported = imported != 0;
}

function openSection(id: u32): usize {
  byte(id);
  return reserveUleb();
}

function closeSection(size: usize): void {
  patchUleb(size, <u32>(sinkEnd() - size - 5));
}

function type0(): void {
  byte(0x60);
}

/** A function type: `params` and `result` are value types, a byte each, packed little-endian. */
function functionType(count: u32, params: u64, result: u32): void {
  type0();
  byte(count);
  for (let i: u32 = 0; i < count; i++) byte(<u32>(params >> ((<u64>i) << 3)) & 0xff);
  byte(result ? 1 : 0);
  if (result) byte(result);
}

/** Types, in the order of their indices: the region's, then each import's. */
function types(): void {
  const size = openSection(SECTION_TYPE);
  uleb(1 + IMPORTED);
  functionType(4, 0x7f_7e_7f_7f, TYPE_I64);
  functionType(4, 0x7f_7f_7e_7f, TYPE_I64);
  functionType(5, 0x7f_7e_7f_7e_7f, 0);
  functionType(3, 0x7f_7f_7f, 0);
  functionType(1, 0x7f, TYPE_I32);
  functionType(4, 0x7f_7e_7e_7f, TYPE_I64);
  functionType(3, 0x7e_7e_7f, TYPE_I64);
  functionType(6, 0x7e_7e_7e_7f_7f_7f, TYPE_I64);
  functionType(4, 0x7f_7f_7e_7f, TYPE_I32);
  closeSection(size);
}

function imports(): void {
  const size = openSection(SECTION_IMPORT);
  uleb(IMPORTED + (tableImported ? 3 : 1));
  // Named a, b, c … in the order of asm/jit/code.ts.
  for (let i: u32 = 0; i < IMPORTED; i++) {
    name(ENV);
    name(0x61 + <u64>i);
    byte(0);
    uleb(1 + i);
  }
  name(ENV);
  name(MEMORY);
  byte(2);
  byte(3);
  uleb(1);
  uleb(0x1_0000);
  if (tableImported) {
    name(ENV);
    name(TABLE);
    byte(1);
    byte(0x70);
    byte(0);
    uleb(1);
    name(ENV);
    name(SLOT);
    byte(3);
    byte(<u32>TYPE_I32);
    byte(0);
  }
  closeSection(size);
}

/** Exports in the order of the functions, under names of two letters, which nobody looks at. */
function exportFunctions(functions: u32): void {
  const size = openSection(SECTION_EXPORT);
  uleb(functions);
  for (let i: u32 = 0; i < functions; i++) {
    name(0x6161 + <u64>((i >> 4) << 8) + <u64>(i & 15));
    byte(0);
    uleb(IMPORTED + i);
  }
  closeSection(size);
}

/** Puts the functions into the table's slots from SLOT on. */
function fillTable(functions: u32): void {
  const size = openSection(SECTION_ELEMENT);
  uleb(1);
  uleb(0);
  byte(GLOBAL_GET);
  uleb(0);
  byte(END);
  uleb(functions);
  for (let i: u32 = 0; i < functions; i++) uleb(IMPORTED + i);
  closeSection(size);
}

/** Starts a module of `functions` regions. */
export function openModule(at: usize, functions: u32): void {
  sinkAt(at);
  byte(0x00);
  byte(0x61);
  byte(0x73);
  byte(0x6d);
  byte(1);
  byte(0);
  byte(0);
  byte(0);
  types();
  imports();
  const size = openSection(SECTION_FUNCTION);
  uleb(functions);
  for (let i: u32 = 0; i < functions; i++) byte(0);
  closeSection(size);
  if (tableImported) fillTable(functions);
  else exportFunctions(functions);
}

/** Starts the section metadata.code.branch_hint for `functions` bodies, each then added by `writeHints`. */
export function openHints(functions: u32): usize {
  const size = openSection(0);
  byte(25);
  eightBytes(0x617461646174656d);
  eightBytes(0x72622e65646f632e);
  eightBytes(0x6e69685f68636e61);
  byte(0x74);
  uleb(functions);
  return size;
}

export function closeHints(size: usize): void {
  closeSection(size);
}

let codeSize: usize = 0;

export function openCode(functions: u32): void {
  codeSize = openSection(SECTION_CODE);
  uleb(functions);
}

/** Adds a body that was built at `from`: its declarations and code. */
export function addBody(declarations: usize, declared: usize, code: usize, length: usize): void {
  uleb(<u32>(declared + length));
  copyIn(declarations, declared);
  copyIn(code, length);
}

/** @returns the module's length in bytes */
export function closeModule(at: usize): usize {
  closeSection(codeSize);
  return sinkEnd() - at;
}

/** Index of a batch's own function, for direct calls. */
export function ownFunction(index: u32): u32 {
  return IMPORTED + index;
}

export function directCall(index: u32): void {
  byte(CALL);
  uleb(ownFunction(index));
}
