/**
 * A generated program's place in RAM. Offsets from 0x8000_0000, in bytes:
 *
 *     0x00000  start-up and trap handler (M-mode)
 *     0x03000  what the handler saves and counts
 *     0x04000  generated code
 *     0x18000  stack
 *     0x1c000  page tables: root, middle, leaves
 *     0x20000  data, 64 KiB
 *
 * Translated programs see all of it at 0x4000_0000, the code a second time 0x8_0000 above, a window of
 * data pages in any order with any permissions 0x10_0000 above, and the UART and the first virtio
 * slot 0x18_0000 above.
 */
import { assemble } from "../../../src/isa/assemble.ts";
import { Xorshift } from "../../../src/util/xorshift.ts";
import { render } from "./chunk.ts";
import type { Chunk } from "./chunk.ts";

export const RAM = 0x8000_0000;
export const SAVE_AT = 0x3000;
export const CODE_AT = 0x4000;
export const STACK_TOP = 0x1_c000;
export const TABLES_AT = 0x1_c000;
export const DATA_AT = 0x2_0000;
export const DATA_BYTES = 0x1_0000;
export const IMAGE_BYTES = DATA_AT + DATA_BYTES;
/** Data pointers start here in the data, so that any 12-bit offset stays inside. */
export const DATA_MIDDLE = 0x2000;
/** Pointers are kept below this distance from there. */
export const DATA_REACH_BITS = 15;

export const LINEAR_AT = 0x4000_0000;
export const CODE_ALIAS = 0x8_0000;
export const WINDOW_AT = 0x10_0000;
export const WINDOW_PAGES = 16;
export const DEVICES_AT = 0x18_0000;

export const Mode = { U: 0, S: 1, M: 3 } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

export interface Program {
  readonly seed: number;
  readonly mode: Mode;
  /** Seed of data and page tables. */
  readonly dataSeed: number;
  /** It waits for an interrupt. */
  readonly timer: boolean;
  readonly source: Chunk;
}

const V = 1n;
const RWX = 0b1110n;
const U = 1n << 4n;
const A = 1n << 6n;
const D = 1n << 7n;

function entry(paddr: number, flags: bigint): bigint {
  return (BigInt(paddr >>> 12) << 10n) | flags | V;
}

/** Flags of a window page: mostly all rights, else something missing. */
function windowFlags(random: Xorshift): bigint {
  const missing = [A, D, 1n << 2n, 0b110n, U, V | RWX];
  const flags = RWX | A | D;
  return random.below(100) < 70 ? flags : flags & ~random.pick(missing);
}

/** Sv39 tables for the virtual layout; Svade's and Svadu's cases both occur. */
function writeTables(view: DataView, mode: Mode, random: Xorshift): void {
  const user = mode === Mode.U ? U : 0n;
  const middle = RAM + TABLES_AT + 0x1000;
  const leaves = RAM + TABLES_AT + 0x2000;
  view.setBigUint64(TABLES_AT + 8, entry(middle, 0n), true);
  view.setBigUint64(TABLES_AT + 0x1000, entry(leaves, 0n), true);
  const set = (at: number, paddr: number, flags: bigint): void => {
    view.setBigUint64(TABLES_AT + 0x2000 + (at >> 12) * 8, entry(paddr, flags), true);
  };
  for (let at = CODE_AT; at < IMAGE_BYTES; at += 0x1000) set(at, RAM + at, RWX | A | D | user);
  for (let at = CODE_AT; at < STACK_TOP; at += 0x1000) {
    set(CODE_ALIAS + at, RAM + at, RWX | A | D | user);
  }
  for (let page = 0; page < WINDOW_PAGES; page++) {
    const paddr = RAM + DATA_AT + 0x1000 * random.below(DATA_BYTES >> 12);
    set(WINDOW_AT + 0x1000 * page, paddr, windowFlags(random) | (random.below(8) ? user : U));
  }
  set(DEVICES_AT, 0x1000_0000, RWX | A | D | user);
  set(DEVICES_AT + 0x1000, 0x1000_1000, RWX | A | D | user);
}

function writeData(view: DataView, random: Xorshift): void {
  for (let at = DATA_AT; at < IMAGE_BYTES; at += 4) {
    const kind = random.below(8);
    // Half of the doubles are of ordinary size, so that arithmetic on them does something.
    const value = kind < 4 && at & 4 ? 0x3ff0_0000 + (random.u32() & 0x8030_ffff) : random.u32();
    view.setUint32(at, kind === 7 ? random.below(16) : value, true);
  }
}

/**
 * The program's image, IMAGE_BYTES long, to be loaded at RAM.
 *
 * @param removed chunks to leave out
 * @throws AssembleError, RangeError when the code is too long
 */
export function imageOf(program: Program, removed?: ReadonlySet<number>): Uint8Array {
  const { bytes } = assemble(render(program.source, removed), { origin: BigInt(RAM) });
  if (bytes.length > STACK_TOP - 0x4000) throw new RangeError("the code reaches the stack");
  const image = new Uint8Array(IMAGE_BYTES);
  image.set(bytes);
  const view = new DataView(image.buffer);
  const random = new Xorshift(program.dataSeed);
  writeTables(view, program.mode, random);
  writeData(view, random);
  return image;
}
