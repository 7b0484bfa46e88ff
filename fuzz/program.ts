import type { CsrIn } from "./context.ts";

export const Mode = { U: 0, S: 1, M: 3 } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** One instruction of a program; `bytes` is 2 or 4. */
export interface CodeWord {
  readonly bits: number;
  readonly bytes: 2 | 4;
}

/**
 * A run of instructions that only make sense together, by index into the code: what the minimiser
 * may replace by no-operations of the same size.
 */
export interface Unit {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** A 64-bit word at an offset of the program's region: page-table entries, mostly. */
export interface Patch {
  readonly at: number;
  readonly value: bigint;
}

/** Everything that decides one program's run. Addresses follow from `slot`, so it must be kept. */
export interface Program {
  readonly profile: string;
  readonly slot: number;
  /** The register that belongs to the harness. */
  readonly harnessRegister: number;
  readonly x: readonly bigint[];
  readonly f: readonly bigint[];
  readonly fcsr: number;
  /** Initial mstatus: MPP is the mode that the program starts in. */
  readonly mstatus: bigint;
  readonly csrs: Readonly<Partial<Record<CsrIn, bigint>>>;
  /** PMP registers that differ from the default, which allows everything. */
  readonly pmp?: Readonly<Record<string, bigint>>;
  /** Virtual address of the code's first byte, and of the trap stub. */
  readonly codeAt: bigint;
  readonly stub: bigint;
  /** Offset of the first instruction executed, from the start of the code pages. */
  readonly entry: number;
  /** Offset in the code pages where `code` lies. */
  readonly codeOffset: number;
  readonly code: readonly CodeWord[];
  readonly units: readonly Unit[];
  /** Offset of the closing EBREAK from the start of the code pages. */
  readonly end: number;
  /** Short pieces of code beside the main one: landing pads of jumps. */
  readonly pads: readonly { readonly at: number; readonly word: CodeWord }[];
  readonly dataSeed: number;
  readonly patches: readonly Patch[];
}
