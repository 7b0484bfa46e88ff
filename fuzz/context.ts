/**
 * The context page: what the harness loads before a program and stores after it. The harness's
 * register holds the address of its middle, so that 12-bit offsets reach all of it.
 */
export const CONTEXT_MIDDLE = 0x800;

/** CSRs set before every program, in this order; mstatus comes last and by itself. */
export const CSRS_IN = [
  "menvcfg",
  "medeleg",
  "mideleg",
  "mcounteren",
  "mcountinhibit",
  "scounteren",
  "senvcfg",
  "sscratch",
  "sepc",
  "scause",
  "stval",
  "stvec",
  "stimecmp",
  "mcause",
  "mtval",
  "satp",
  "mie",
  "mip",
] as const;
export type CsrIn = (typeof CSRS_IN)[number];

export const PMP_ENTRIES = 16;
const PMP_CFGS = ["pmpcfg0", "pmpcfg2"] as const;
const PMP_ADDRS = Array.from({ length: PMP_ENTRIES }, (_, i) => `pmpaddr${i}`);

/** Written when the context's `pmp` flag is set. */
export const PMP_IN: readonly string[] = [...PMP_ADDRS, ...PMP_CFGS];

/** CSRs stored after every program. */
export const CSRS_OUT: readonly string[] = [
  "menvcfg",
  "medeleg",
  "mideleg",
  "mcounteren",
  "mcountinhibit",
  "mie",
  "mip",
  "mepc",
  "mcause",
  "mtval",
  "scounteren",
  "senvcfg",
  "sscratch",
  "sepc",
  "scause",
  "stval",
  "stvec",
  "stimecmp",
  "satp",
  ...PMP_CFGS,
  ...PMP_ADDRS,
];

/** Single words of the context, by what the harness does with them. */
const WORDS = [
  "entry",
  "mstatus",
  "fcsr",
  /** Virtual address, size and physical address of the code; offset of its last instruction. */
  "codeAt",
  "codeBytes",
  "codeFrame",
  "endAt",
  /** Virtual address of the S-mode stub. */
  "stub",
  "logAt",
  "logEnd",
  /** Middle of the next program's context page; 0 after the last. */
  "next",
  "pmp",
  "scratch",
] as const;
export type Word = (typeof WORDS)[number];

/** The harness's own words above the middle: registers it borrows, mstatus as the trap found it. */
export const SAVE_AT = 0x7b0;
export const OLD_STATUS_AT = 0x7f0;

/** Offsets from the middle. */
const X_IN = -CONTEXT_MIDDLE;
const F_IN = X_IN + 0x100;
const CSR_IN = X_IN + 0x200;
const PMP_IN_AT = X_IN + 0x300;
const WORD_AT = X_IN + 0x400;
const X_OUT = 0;
const F_OUT = 0x100;
const CSR_OUT = 0x200;
const FCSR_OUT = 0x3f0;
const STATUS_OUT = 0x3f8;

function slot(base: number, index: number): number {
  if (index < 0) throw new RangeError("the context has no such word");
  return base + 8 * index;
}

export const contextAt = {
  x: (n: number): number => slot(X_IN, n),
  f: (n: number): number => slot(F_IN, n),
  csr: (name: CsrIn): number => slot(CSR_IN, CSRS_IN.indexOf(name)),
  pmp: (name: string): number => slot(PMP_IN_AT, PMP_IN.indexOf(name)),
  word: (name: Word): number => slot(WORD_AT, WORDS.indexOf(name)),
  xOut: (n: number): number => slot(X_OUT, n),
  fOut: (n: number): number => slot(F_OUT, n),
  csrOut: (name: string): number => slot(CSR_OUT, CSRS_OUT.indexOf(name)),
  fcsrOut: FCSR_OUT,
  statusOut: STATUS_OUT,
} as const;

/** Fields of a log entry, in order. */
export const LOG_FIELDS = [
  "mcause",
  "mepc",
  "mtval",
  "mstatus",
  "scause",
  "sepc",
  "stval",
  "mip",
] as const;
