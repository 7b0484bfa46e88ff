/** A hart's registers, as debuggers and reports of crashes tell them. */

/** The control and status registers that are told, in the order of QEMU's `info registers`. */
export const TOLD_CSRS = [
  "mhartid",
  "mstatus",
  "mip",
  "mie",
  "mideleg",
  "medeleg",
  "mtvec",
  "stvec",
  "mepc",
  "sepc",
  "mcause",
  "scause",
  "mtval",
  "stval",
  "mscratch",
  "sscratch",
  "satp",
] as const;

/** A hart's registers that programs see, as of now. */
export interface HartRegisters {
  readonly pc: bigint;
  /** x0 to x31. */
  readonly x: readonly bigint[];
  /** The bits of f0 to f31. */
  readonly f: readonly bigint[];
  /** 0 U, 1 S, 3 M. */
  readonly privilege: number;
  readonly csrs: Readonly<Record<(typeof TOLD_CSRS)[number], bigint>>;
}
