/** Page tables with random permissions, superpages, NAPOT ranges and broken entries. */
import type { Patch } from "../program.ts";
import type { Random } from "../random.ts";
import {
  CODE_AT,
  DATA_AT,
  DATA_BYTES,
  PAGE,
  STUB_BASE,
  TABLES_AT,
  TABLES_PAGES,
  regionBase,
} from "../region.ts";
import { Mode } from "../program.ts";
import type { Gen, Window } from "./gen.ts";
import { access } from "./memory.ts";

const V = 1n;
const R = 2n;
const W = 4n;
const X = 8n;
const U = 16n;
const A = 64n;
const D = 128n;
const NAPOT = 1n << 63n;
const PBMT_AT = 61n;
const RESERVED_AT = 54n;

/** Levels of a translation mode by the value of satp.MODE (privileged manual, satp). */
export const SATP_MODES = { 3: 8n, 4: 9n, 5: 10n } as const;
export type Levels = keyof typeof SATP_MODES;

/** One entry: where it is in the region, where its page is mapped. */
export interface Mapped {
  readonly entryAt: number;
  readonly vaddr: bigint;
}

/** Builds page tables in the region's table pages. */
export class Tables {
  readonly levels: Levels;
  readonly entries = new Map<number, bigint>();
  readonly #base: number;
  #used = 1;

  constructor(slot: number, levels: Levels) {
    this.#base = regionBase(slot);
    this.levels = levels;
  }

  get satp(): bigint {
    return (SATP_MODES[this.levels] << 60n) | BigInt((this.#base + TABLES_AT) / PAGE);
  }

  get patches(): Patch[] {
    return [...this.entries].map(([at, value]) => ({ at, value }));
  }

  /** Puts `pte` where `vaddr` is looked up at `level` (0: 4 KiB); null when tables run out. */
  map(vaddr: bigint, level: number, pte: bigint, extra = 0n): number | null {
    let table = TABLES_AT;
    for (let i = this.levels - 1; i > level; i--) {
      const next = this.#next(table + 8 * indexOf(vaddr, i), i - 1 === level ? extra : 0n);
      if (next === null) return null;
      table = next;
    }
    const at = table + 8 * indexOf(vaddr, level);
    this.entries.set(at, pte);
    return at;
  }

  /** The table that the entry at `at` points to, made when there is none. */
  #next(at: number, extra: bigint): number | null {
    const old = this.entries.get(at);
    if (old !== undefined) {
      if ((old & (R | W | X)) !== 0n) return null;
      return Number((old >> 10n) & 0xfff_ffff_ffffn) * PAGE - this.#base;
    }
    if (this.#used === TABLES_PAGES) return null;
    const table = TABLES_AT + this.#used++ * PAGE;
    this.entries.set(at, pteOf(this.#base + table, V) | extra);
    return table;
  }
}

function indexOf(vaddr: bigint, level: number): number {
  return Number((vaddr >> BigInt(12 + 9 * level)) & 0x1ffn);
}

function pteOf(paddr: number, flags: bigint): bigint {
  return (BigInt(Math.floor(paddr / PAGE)) << 10n) | flags;
}

/** A random page of the canonical address space, 2 MiB aligned, never near null. */
function randomBase(random: Random, levels: Levels): bigint {
  const bits = 12 + 9 * levels;
  const low = random.u64() & ((1n << BigInt(bits)) - 1n) & ~0x1f_ffffn;
  return BigInt.asUintN(64, BigInt.asIntN(bits, low | 0x4000_0000n));
}

/** What the program's code, stub and data are mapped as. */
export interface AddressSpace {
  readonly tables: Tables;
  readonly codeAt: bigint;
  readonly stub: bigint;
  readonly windows: readonly Window[];
  readonly pads: readonly bigint[];
  /** Leaf entries of data pages, for editing. */
  readonly data: readonly Mapped[];
  /** Where the page tables' last level can be written, if anywhere. */
  readonly tableWindow: bigint | undefined;
}

const CODE_INDEX = 0x10n;
const STUB_INDEX = 0x18n;
const DATA_INDEX = 0x40n;
const DATA_PAGES = 16;
const VACANT_INDEX = 0xe0n;
const NO_MEMORY = 0x1_0000_0000_0000;
const PAD_INDEX = 0x80n;
const TABLE_INDEX = 0xa0n;
/** Offset of the landing pad in the code pages. */
export const PAD_AT = 4;

export interface SpaceOptions {
  readonly mode: Mode;
  readonly levels: Levels;
  readonly vacant: boolean;
  /** Hardware may have to set A and D (Svadu), or must fault (Svade). */
  readonly clearAd: boolean;
  readonly pbmt: boolean;
  readonly napot: boolean;
}

/** Makes a random address space for a program. */
export function addressSpace(random: Random, slot: number, options: SpaceOptions): AddressSpace {
  const maker = new SpaceMaker(random, slot, options);
  return maker.make();
}

class SpaceMaker {
  readonly #random: Random;
  readonly #options: SpaceOptions;
  readonly #region: number;
  readonly #tables: Tables;
  readonly #base: bigint;
  readonly #user: bigint;
  readonly #windows: Window[] = [];
  readonly #pads: bigint[] = [];
  readonly #data: Mapped[] = [];

  constructor(random: Random, slot: number, options: SpaceOptions) {
    this.#random = random;
    this.#options = options;
    this.#region = regionBase(slot);
    this.#tables = new Tables(slot, options.levels);
    this.#base = randomBase(random, options.levels);
    this.#user = options.mode === Mode.U ? U : 0n;
  }

  make(): AddressSpace {
    this.#mapCode();
    this.#tables.map(this.#page(STUB_INDEX), 0, pteOf(STUB_BASE, V | R | X | A | D));
    this.#mapData();
    this.#mapPads();
    if (this.#options.vacant) this.#mapVacant();
    for (let level = 1; level < this.#options.levels; level++) this.#mapSuper(level);
    if (this.#options.napot) this.#mapNapot();
    return {
      tables: this.#tables,
      codeAt: this.#page(CODE_INDEX),
      stub: this.#page(STUB_INDEX),
      windows: this.#windows,
      pads: this.#pads,
      data: this.#data,
      tableWindow: this.#mapTables(),
    };
  }

  #page(index: bigint): bigint {
    return this.#base + (index << 12n);
  }

  #mapCode(): void {
    const good = V | R | X | A | D | this.#user | (this.#random.chance(50) ? W : 0n);
    for (const page of [0, 1]) {
      const flags = this.#random.chance(4) ? this.#flags() : good;
      this.#tables.map(
        this.#page(CODE_INDEX + BigInt(page)),
        0,
        pteOf(this.#region + CODE_AT + page * PAGE, flags),
      );
    }
  }

  #mapData(): void {
    for (let i = 0; i < DATA_PAGES; i++) {
      const vaddr = this.#page(DATA_INDEX + BigInt(i));
      const frame = this.#region + DATA_AT + this.#random.below(DATA_BYTES / PAGE) * PAGE;
      const entryAt = this.#tables.map(vaddr, 0, pteOf(frame, this.#flags()));
      if (entryAt !== null) this.#data.push({ entryAt, vaddr });
    }
    this.#windows.push({ at: this.#page(DATA_INDEX), bytes: DATA_PAGES * PAGE });
  }

  /**
   * Two pages where there is no memory, apart from others: how an access that reaches from one into
   * another kind of page fails is the implementation's choice.
   */
  #mapVacant(): void {
    const first = this.#page(VACANT_INDEX);
    const flags = this.#flags() | A | D;
    for (const page of [0, 1]) {
      const pte = pteOf(NO_MEMORY + page * PAGE, flags);
      this.#tables.map(first + BigInt(page * PAGE), 0, pte);
    }
    this.#windows.push({ at: first - BigInt(PAGE / 2), bytes: PAGE });
  }

  /** Aliases of the code pages with random permissions: a landing pad each. */
  #mapPads(): void {
    for (let i = 0; i < 3; i++) {
      const vaddr = this.#page(PAD_INDEX + BigInt(2 * i));
      const flags = this.#random.chance(50) ? V | R | X | A | this.#user : this.#flags();
      this.#tables.map(vaddr, 0, pteOf(this.#region + CODE_AT, flags));
      this.#pads.push(vaddr + BigInt(PAD_AT));
    }
  }

  /** A leaf at a higher level; sometimes misaligned, sometimes behind a broken pointer. */
  #mapSuper(level: number): void {
    if (this.#random.chance(40)) return;
    const bytes = 1n << BigInt(12 + 9 * level);
    const top = bytes << 9n;
    const base = BigInt.asUintN(64, this.#base & ~(top - 1n));
    // In the upper half of the address space the top index has its highest bit set.
    const upper = level === this.#options.levels - 1 && this.#base >> 63n !== 0n ? 256 : 0;
    const vaddr = base + BigInt(this.#random.between(3, 200) + upper) * bytes;
    if ((vaddr & ~(bytes - 1n)) === (this.#base & ~(bytes - 1n))) return;
    const frame = BigInt(this.#region + DATA_AT) & ~(bytes - 1n);
    const wrong = this.#random.chance(8) ? BigInt(PAGE) : 0n;
    const pte = pteOf(Number(frame + wrong), this.#flags());
    const extra = this.#random.chance(6) ? this.#random.pick([A, D, U, NAPOT, 1n << PBMT_AT]) : 0n;
    if (this.#tables.map(vaddr, level, pte, extra) === null) return;
    const offset = BigInt(this.#region + DATA_AT) - frame;
    this.#windows.push({ at: BigInt.asUintN(64, vaddr + offset), bytes: DATA_BYTES });
  }

  /** 64 KiB by sixteen equal entries (Svnapot). */
  #mapNapot(): void {
    if (this.#random.chance(50)) return;
    const bits = this.#random.chance(85) ? 8n : BigInt(this.#random.below(16));
    // QEMU sets A and D before it sees that the encoding is reserved.
    const flags = this.#flags() | NAPOT | (bits === 8n ? 0n : A | D);
    const pte = ((BigInt(this.#region >>> 16) << 4n) | bits) << 10n;
    const at = this.#page(0xc0n);
    for (let i = 0n; i < 16n; i++) this.#tables.map(at + (i << 12n), 0, pte | flags);
    this.#windows.push({ at: at + BigInt(DATA_AT), bytes: DATA_BYTES });
  }

  /** A writable mapping of the last level of the tables, for an S-mode program to edit. */
  #mapTables(): bigint | undefined {
    const first = this.#data[0];
    if (first === undefined || this.#options.mode === Mode.U) return undefined;
    const vaddr = this.#page(TABLE_INDEX);
    const table = this.#region + (first.entryAt & ~(PAGE - 1));
    this.#tables.map(vaddr, 0, pteOf(table, V | R | W | A | D));
    return vaddr;
  }

  /** Flags of a leaf: mostly a usable page. */
  #flags(): bigint {
    const random = this.#random;
    const user = random.chance(85) ? this.#user : this.#user ^ U;
    let flags = V | R | W | A | D | user;
    if (random.chance(40)) flags ^= 1n << BigInt(random.below(8));
    if (random.chance(20)) flags ^= random.pick([R, W, X, X | R, X | R | W]);
    if (this.#options.clearAd) {
      if (random.chance(40)) flags &= ~D;
      if (random.chance(30)) flags &= ~(A | D);
    } else flags |= A | D;
    if (random.chance(10)) flags |= BigInt(random.below(4)) << 8n;
    if (this.#options.pbmt && random.chance(15)) flags |= BigInt(random.below(4)) << PBMT_AT;
    if (random.chance(3)) flags |= 1n << (RESERVED_AT + BigInt(random.below(7)));
    return flags;
  }
}

/** Changes a data page's entry and makes the change visible. */
export function editEntry(gen: Gen, space: AddressSpace): void {
  if (space.tableWindow === undefined || space.data.length === 0 || !gen.inPage()) return;
  const { random, code } = gen;
  const mapped = random.pick(space.data);
  const [address = 1, value = 1, page = 1] = gen.distinct(3);
  code.li(address, space.tableWindow + BigInt(mapped.entryAt & (PAGE - 1)));
  code.op("ld", { rd: value, rs1: address });
  // Without Svadu and Svade, what a clear A or D does is the engine's choice.
  const bit = random.pick(gen.has("svadu") ? [0, 1, 2, 4, 6, 6, 7, 7] : [0, 1, 2, 4]);
  code.op("xori", { rd: value, rs1: value, i12: 1 << bit });
  code.op("sd", { rs1: address, rs2: value });
  code.li(page, mapped.vaddr);
  const all = random.chance(40);
  if (all || !gen.has("svinval") || random.chance(50)) {
    code.op("sfence.vma", { rs1: all ? 0 : page, rs2: 0 });
  } else {
    code.op("sfence.w.inval");
    code.op("sinval.vma", { rs1: page, rs2: 0 });
    code.op("sfence.inval.ir");
  }
  const pointer = gen.pointer();
  pointer.at = mapped.vaddr + BigInt(random.between(0, 250) * 8);
  code.li(pointer.register, pointer.at);
  access(gen);
  access(gen);
}

/** Address-space identifiers: another one, with the tables unchanged. */
export function switchAsid(gen: Gen, space: AddressSpace): void {
  if (!gen.inPage()) return;
  const rs1 = gen.rd();
  gen.code.li(rs1, space.tables.satp | (BigInt(gen.random.below(4)) << 44n));
  gen.code.op("csrrw", { rd: gen.rd(), csr: 0x180, rs1 });
}
