import { Code } from "../code.ts";
import { Mode } from "../program.ts";
import type { Random } from "../random.ts";
import { PAGE, CODE_AT, DATA_AT, DATA_BYTES, regionBase } from "../region.ts";

/** A register that always holds an address the program may use, and that address. */
export interface Pointer {
  readonly register: number;
  at: bigint;
}

/** Stretches of virtual addresses that loads and stores may be aimed at. */
export interface Window {
  readonly at: bigint;
  readonly bytes: number;
}

/** What differs between the kinds of programs. */
export interface Setting {
  readonly profile: string;
  readonly mode: Mode;
  /** mstatus.FS is not off. */
  readonly fp: boolean;
  /** The one interrupt that is ever enabled: QEMU without AIA has priorities of its own. */
  readonly interrupt: bigint;
  /** menvcfg.STCE is set. */
  readonly timer: boolean;
}

/**
 * Extensions that both engines have, by their names in the instruction table and the manual; and
 * "exact" when the other engine has none of the defects of QEMU before version 10.
 */
export type Has = (extension: string) => boolean;

/** Registers that every program keeps out of random use, besides its pointers. */
const ZERO = 0;
/** More bytes than any sequence takes whose parts must not run by themselves. */
const SEQUENCE = 160;
/** Behind the landing pad. */
const FIRST_CODE = 8;

/** The state of generating one program. */
export class Gen {
  readonly random: Random;
  readonly code = new Code();
  readonly setting: Setting;
  readonly has: Has;
  readonly slot: number;
  readonly harnessRegister: number;
  readonly pointers: readonly Pointer[];
  windows: readonly Window[];
  /** Virtual address of the code's first byte, of a jump's landing pad in executable pages. */
  codeAt: bigint;
  pads: readonly bigint[] = [];
  /** Offset of the code's first instruction in its pages. */
  readonly codeOffset: number;
  /** PMP does not allow everything. */
  protected = false;
  /** Every access is to be naturally aligned. */
  aligned = false;
  /** Some pages are mapped to where there is no memory. */
  vacant = false;
  /** Initial menvcfg. */
  menvcfg = 0n;
  /** Integer registers free for any use. */
  readonly pool: readonly number[];

  constructor(random: Random, setting: Setting, has: Has, slot: number, harnessRegister: number) {
    this.random = random;
    this.setting = setting;
    this.has = has;
    this.slot = slot;
    this.harnessRegister = harnessRegister;
    const base = BigInt(regionBase(slot));
    this.codeAt = base + BigInt(CODE_AT);
    this.codeOffset = random.chance(25) ? PAGE - 2 * random.between(1, 120) : FIRST_CODE;
    this.windows = [{ at: base + BigInt(DATA_AT), bytes: DATA_BYTES }];
    this.pointers = this.#choosePointers();
    const kept = new Set([ZERO, harnessRegister, ...this.pointers.map(({ register }) => register)]);
    this.pool = Array.from({ length: 32 }, (_, n) => n).filter((n) => !kept.has(n));
  }

  /** sp, a register that compressed instructions reach, and another. */
  #choosePointers(): Pointer[] {
    const taken = (n: number): boolean => n === this.harnessRegister;
    const near = [8, 9, 10, 11, 12, 13, 14, 15].filter((n) => !taken(n));
    const far = [3, 4, 5, 6, 7, 16, 17, 18, 20, 23, 27, 29, 31].filter((n) => !taken(n));
    const registers = [2, this.random.pick(near), this.random.pick(far)];
    return registers.map((register) => ({ register, at: 0n }));
  }

  /**
   * Whether the next `bytes` of code lie in one page. One of two code pages may not be executable;
   * then half of a longer sequence would be left out, and what it computes would be anything.
   */
  inPage(bytes = SEQUENCE): boolean {
    const offset = (this.codeOffset + this.code.size) % PAGE;
    return offset + bytes <= PAGE;
  }

  /** A free register, to write. */
  rd(): number {
    return this.random.pick(this.pool);
  }

  /** `count` different free registers. */
  distinct(count: number): number[] {
    const left = [...this.pool];
    return Array.from({ length: count }, () => {
      const at = this.random.below(left.length);
      return left.splice(at, 1)[0] ?? 1;
    });
  }

  /** Any register but the harness's, to read. */
  rs(): number {
    for (;;) {
      const n = this.random.below(32);
      if (n !== this.harnessRegister) return n;
    }
  }

  pointer(): Pointer {
    return this.random.pick(this.pointers);
  }

  /** An address in a window, 2 KiB away from its ends: any 12-bit offset stays inside. */
  target(): bigint {
    const { at, bytes } = this.random.pick(this.windows);
    const page = BigInt(this.random.between(1, Math.max(1, bytes / 0x1000 - 1))) * 0x1000n;
    const distance = this.random.chance(40)
      ? this.random.between(-16, 16)
      : this.random.between(-2040, 2040);
    const exact = at + page + BigInt(distance);
    return this.aligned || this.random.chance(70) ? exact & ~7n : exact;
  }
}
