/** Page tables of generated programs: two address spaces, which differ in a window of data pages. */
import type { Xorshift } from "../../../src/util/xorshift.ts";
import {
  CODE_ALIAS,
  DATA_AT,
  DATA_BYTES,
  DEVICES_AT,
  IMAGE_BYTES,
  LINEAR_AT,
  Mode,
  RAM,
  STACK_TOP,
  SUPERVISOR_AT,
  TABLES_AT,
  TWINS_AT,
  TWINS_SEEN_AT,
  WINDOW_AT,
  WINDOW_DEVICE,
  WINDOW_GLOBAL,
  WINDOW_PAGES,
} from "./layout.ts";

export const PTE = { V: 1, R: 2, W: 4, X: 8, U: 16, G: 32, A: 64, D: 128 } as const;
const RWX = PTE.R | PTE.W | PTE.X;
const ALL = RWX | PTE.A | PTE.D;

/** Pages of the tables, by what they are. */
const ROOT = [0, 1] as const;
const MIDDLE = [2, 3] as const;
const LEAVES = [4, 5] as const;
/** Levels below the root for the bottom and the top of the address space. */
const LOW = [6, 7] as const;
const HIGH = [8, 9] as const;

/** Index in the root of the addresses at LINEAR_AT. */
const LINEAR_ROOT = LINEAR_AT >>> 30;

function tableAt(page: number): number {
  return TABLES_AT + 0x1000 * page;
}

/** Offset in the image of the entry of window page `page` in address space `space`. */
export function windowEntry(space: number, page: number): number {
  return tableAt(LEAVES[space] ?? 4) + 8 * ((WINDOW_AT >> 12) + page);
}

/** The same of the twins' first page. */
export function twinEntry(space: number): number {
  return tableAt(LEAVES[space] ?? 4) + 8 * (TWINS_SEEN_AT >> 12);
}

/** The same of the code page at `at`, seen at its second address. */
export function aliasEntry(space: number, at: number): number {
  return tableAt(LEAVES[space] ?? 4) + 8 * ((CODE_ALIAS + at) >> 12);
}

/** satp for address space 0 or 1, whose ASIDs are 1 and 2. */
export function satpOf(space: number): bigint {
  const table = (RAM + tableAt(ROOT[space] ?? 0)) / 0x1000;
  return (8n << 60n) | (BigInt(space + 1) << 44n) | BigInt(table);
}

function entry(paddr: number, flags: number): bigint {
  return (BigInt(paddr >>> 12) << 10n) | BigInt(flags | PTE.V);
}

/** Flags of a data page: mostly all rights, else something missing. */
function randomFlags(random: Xorshift): number {
  const missing = [PTE.A, PTE.D, PTE.W, PTE.R | PTE.W, PTE.U, PTE.V | RWX];
  return random.below(100) < 70 ? ALL : ALL & ~random.pick(missing);
}

class Tables {
  readonly #view: DataView;
  readonly #random: Xorshift;
  readonly #user: number;
  /** Frames between neighbouring pages of the data: odd. */
  readonly #step: number;

  constructor(view: DataView, mode: Mode, random: Xorshift) {
    this.#view = view;
    this.#random = random;
    this.#user = mode === Mode.U ? PTE.U : 0;
    this.#step = 2 * random.below(8) + 1;
  }

  #set(page: number, index: number, paddr: number, flags: number): void {
    this.#view.setBigUint64(tableAt(page) + 8 * index, entry(paddr, flags), true);
  }

  #point(page: number, index: number, to: number): void {
    this.#set(page, index, RAM + tableAt(to), 0);
  }

  /** A data page with any permissions; absent when the flags lack V. */
  #dataPage(page: number, index: number, extra = 0): void {
    const random = this.#random;
    const paddr = RAM + DATA_AT + 0x1000 * random.below(DATA_BYTES >> 12);
    const user = random.below(8) ? this.#user : this.#user ^ PTE.U;
    const flags = randomFlags(random);
    this.#set(page, index, paddr, flags | user | extra);
    if (!(flags & RWX)) this.#view.setUint8(tableAt(page) + 8 * index, flags & ~PTE.V);
  }

  /** Neighbours in the data are none in memory, so that accesses across pages need both translations. */
  #frameOf(at: number): number {
    const page = (at - DATA_AT) >> 12;
    const isData = page >= 0 && page < DATA_BYTES >> 12;
    return isData ? DATA_AT + 0x1000 * ((page * this.#step + 3) % (DATA_BYTES >> 12)) : at;
  }

  #fixed(leaves: number): void {
    const all = ALL | this.#user;
    for (let at = SUPERVISOR_AT; at < IMAGE_BYTES; at += 0x1000) {
      this.#set(leaves, at >> 12, RAM + this.#frameOf(at), at < TWINS_AT ? ALL : all);
      if (at >= TWINS_AT && at < STACK_TOP)
        this.#set(leaves, (CODE_ALIAS + at) >> 12, RAM + at, all);
    }
    for (const page of [0, 1]) {
      this.#set(leaves, (DEVICES_AT >> 12) + page, 0x1000_0000 + 0x1000 * page, all);
      this.#set(leaves, (TWINS_SEEN_AT >> 12) + page, RAM + TWINS_AT + 0x1000 * page, all);
    }
  }

  #window(leaves: number, from: number, to: number): void {
    for (let page = from; page < to; page++) {
      const index = (WINDOW_AT >> 12) + page;
      this.#dataPage(leaves, index, page < WINDOW_GLOBAL ? 0 : PTE.G);
      if (page === WINDOW_DEVICE) this.#set(leaves, index, 0x1000_0000, ALL | this.#user);
    }
  }

  #space(space: 0 | 1): void {
    const [root, middle, leaves] = [ROOT[space], MIDDLE[space], LEAVES[space]];
    this.#point(root, 0, LOW[0]);
    this.#point(root, LINEAR_ROOT, middle);
    this.#point(root, 511, HIGH[0]);
    this.#point(middle, 0, leaves);
    this.#fixed(leaves);
    this.#window(leaves, 0, WINDOW_GLOBAL);
  }

  write(): void {
    this.#space(0);
    this.#space(1);
    this.#window(LEAVES[0], WINDOW_GLOBAL, WINDOW_PAGES);
    for (let page = WINDOW_GLOBAL; page < WINDOW_PAGES; page++) {
      const value = this.#view.getBigUint64(windowEntry(0, page), true);
      this.#view.setBigUint64(windowEntry(1, page), value, true);
    }
    this.#point(LOW[0], 0, LOW[1]);
    this.#point(HIGH[0], 511, HIGH[1]);
    for (const index of [0, 1]) this.#dataPage(LOW[1], index);
    for (const index of [510, 511]) this.#dataPage(HIGH[1], index);
  }
}

/** Sv39 tables for the virtual layout of program.ts; Svade's and Svadu's cases both occur. */
export function writeTables(view: DataView, mode: Mode, random: Xorshift): void {
  new Tables(view, mode, random).write();
}
