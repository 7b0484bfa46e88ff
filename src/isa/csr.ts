/**
 * Control and status registers, from the privileged manual's §2.2 and the extensions' own chapters.
 * An address says who may touch it: bits 11–10 are 11 for read-only registers and bits 9–8 hold the
 * lowest privilege (§2.1), so neither is repeated here.
 */

/** One implemented register. Masks and reset values are 64 bits wide. */
interface Csr {
  readonly name: string;
  readonly address: number;
  /** The extension it belongs to, as the device tree names it. */
  readonly ext: string;
  /**
   * Bits that a write can change, before any rule that depends on the value (WARL). 0 on registers
   * that ignore writes; absent on read-only addresses, whose writes trap.
   */
  readonly write?: bigint;
  /** Value after reset, where it is a constant other than 0. */
  readonly reset?: bigint;
}

const ALL = 0xffff_ffff_ffff_ffffn;

/** A mask of bits `from` to `to`, both included. */
function span(from: number, to: number): bigint {
  return ((1n << BigInt(to - from + 1)) - 1n) << BigInt(from);
}

/** A mask of single bits. */
function bits(...positions: number[]): bigint {
  return positions.reduce((mask, at) => mask | (1n << BigInt(at)), 0n);
}

function letters(names: string): bigint {
  return bits(...Array.from(names, (letter) => letter.charCodeAt(0) - 65));
}

function series(count: number, from: number, make: (index: number) => Csr): Csr[] {
  return Array.from({ length: count }, (_, at) => make(from + at));
}

/** SIE SPIE SPP FS SUM MXR; UXL is fixed and XS, VS, UBE are zero (manual, sstatus). */
const SSTATUS_WRITE = bits(1, 5, 8, 13, 14, 18, 19);
/** sstatus with MIE MPIE MPP MPRV TVM TW TSR (§3.1.6). */
const MSTATUS_WRITE = SSTATUS_WRITE | bits(3, 7, 11, 12, 17, 20, 21, 22);
/** UXL = SXL = 2: 64 bits, read-only (§3.1.6.3). */
const UXL_64 = 2n << 32n;
const SXL_64 = 2n << 34n;
/** FIOM CBIE CBCFE CBZE. */
const SENVCFG_WRITE = bits(0) | span(4, 7);
const S_INTERRUPTS = bits(1, 5, 9);

const UNPRIVILEGED: readonly Csr[] = [
  { name: "fflags", address: 0x001, ext: "f", write: span(0, 4) },
  { name: "frm", address: 0x002, ext: "f", write: span(0, 2) },
  { name: "fcsr", address: 0x003, ext: "f", write: span(0, 7) },
  { name: "cycle", address: 0xc00, ext: "zicntr" },
  { name: "time", address: 0xc01, ext: "zicntr" },
  { name: "instret", address: 0xc02, ext: "zicntr" },
  ...series(29, 3, (n) => ({ name: `hpmcounter${n}`, address: 0xc00 + n, ext: "zihpm" })),
];

const SUPERVISOR: readonly Csr[] = [
  { name: "sstatus", address: 0x100, ext: "s", write: SSTATUS_WRITE, reset: UXL_64 },
  { name: "sie", address: 0x104, ext: "s", write: S_INTERRUPTS },
  // Only the direct and vectored modes exist (manual, stvec).
  { name: "stvec", address: 0x105, ext: "s", write: ALL ^ 2n },
  { name: "scounteren", address: 0x106, ext: "s", write: span(0, 31) },
  { name: "senvcfg", address: 0x10a, ext: "s", write: SENVCFG_WRITE },
  { name: "sscratch", address: 0x140, ext: "s", write: ALL },
  { name: "sepc", address: 0x141, ext: "s", write: ALL ^ 1n },
  { name: "scause", address: 0x142, ext: "s", write: ALL },
  { name: "stval", address: 0x143, ext: "s", write: ALL },
  { name: "sip", address: 0x144, ext: "s", write: bits(1) },
  { name: "stimecmp", address: 0x14d, ext: "sstc", write: ALL, reset: ALL },
  // The advanced interrupt architecture's exist where harts have IMSICs: -M virt,aia=aplic-imsic.
  { name: "siselect", address: 0x150, ext: "ssaia", write: span(0, 8) },
  // What a window may write is the selected register's affair.
  { name: "sireg", address: 0x151, ext: "ssaia", write: ALL },
  // A write claims the identity that is shown, whatever is written (AIA §3.9).
  { name: "stopei", address: 0x15c, ext: "ssaia", write: 0n },
  { name: "stopi", address: 0xdb0, ext: "ssaia" },
  // A write of an unsupported MODE changes nothing at all (manual, satp).
  { name: "satp", address: 0x180, ext: "s", write: ALL },
];

const MACHINE: readonly Csr[] = [
  { name: "mvendorid", address: 0xf11, ext: "i" },
  { name: "marchid", address: 0xf12, ext: "i" },
  { name: "mimpid", address: 0xf13, ext: "i" },
  { name: "mhartid", address: 0xf14, ext: "i" },
  { name: "mconfigptr", address: 0xf15, ext: "i" },
  { name: "mstatus", address: 0x300, ext: "i", write: MSTATUS_WRITE, reset: UXL_64 | SXL_64 },
  { name: "misa", address: 0x301, ext: "i", write: 0n, reset: (2n << 62n) | letters("IMAFDCBSU") },
  // An environment call from M-mode cannot be delegated (§3.1.8); 10 and 14 are reserved here.
  { name: "medeleg", address: 0x302, ext: "s", write: span(0, 9) | bits(12, 13, 15) },
  { name: "mideleg", address: 0x303, ext: "s", write: S_INTERRUPTS },
  { name: "mie", address: 0x304, ext: "i", write: S_INTERRUPTS | bits(3, 7, 11) },
  // Bits 1 and 9 may be writable (AIA §5.3); local interrupts there are not.
  { name: "mvien", address: 0x308, ext: "smaia", write: bits(1, 9) },
  // STIP as in mip.
  { name: "mvip", address: 0x309, ext: "smaia", write: S_INTERRUPTS },
  { name: "mtvec", address: 0x305, ext: "i", write: ALL ^ 2n },
  { name: "mcounteren", address: 0x306, ext: "u", write: span(0, 31) },
  // As senvcfg, with ADUE PBMTE STCE.
  { name: "menvcfg", address: 0x30a, ext: "u", write: SENVCFG_WRITE | span(61, 63) },
  { name: "mcountinhibit", address: 0x320, ext: "i", write: span(0, 31) ^ 2n },
  // The hardware performance counters count nothing and are read-only zero (§3.1.10).
  ...series(29, 3, (n) => ({
    name: `mhpmevent${n}`,
    address: 0x320 + n,
    ext: "zihpm",
    write: 0n,
  })),
  { name: "mscratch", address: 0x340, ext: "i", write: ALL },
  { name: "mepc", address: 0x341, ext: "i", write: ALL ^ 1n },
  { name: "mcause", address: 0x342, ext: "i", write: ALL },
  { name: "mtval", address: 0x343, ext: "i", write: ALL },
  // STIP is writable only while menvcfg.STCE is 0 (Sstc).
  { name: "mip", address: 0x344, ext: "i", write: S_INTERRUPTS },
  { name: "miselect", address: 0x350, ext: "smaia", write: span(0, 8) },
  { name: "mireg", address: 0x351, ext: "smaia", write: ALL },
  { name: "mtopei", address: 0x35c, ext: "smaia", write: 0n },
  { name: "mtopi", address: 0xfb0, ext: "smaia" },
  // RV64 has the even-numbered configuration registers only; bits 5 and 6 of a byte are zero.
  { name: "pmpcfg0", address: 0x3a0, ext: "smpmp", write: 0x9f9f_9f9f_9f9f_9f9fn },
  { name: "pmpcfg2", address: 0x3a2, ext: "smpmp", write: 0x9f9f_9f9f_9f9f_9f9fn },
  // Entries 16 to 63 are not implemented: read-only zero (§3.7.1).
  ...series(6, 2, (n) => ({
    name: `pmpcfg${2 * n}`,
    address: 0x3a0 + 2 * n,
    ext: "smpmp",
    write: 0n,
  })),
  ...series(64, 0, (n) => ({
    name: `pmpaddr${n}`,
    address: 0x3b0 + n,
    ext: "smpmp",
    write: n < 16 ? span(0, 53) : 0n,
  })),
  { name: "mcycle", address: 0xb00, ext: "zicntr", write: ALL },
  { name: "minstret", address: 0xb02, ext: "zicntr", write: ALL },
  ...series(29, 3, (n) => ({
    name: `mhpmcounter${n}`,
    address: 0xb00 + n,
    ext: "zihpm",
    write: 0n,
  })),
];

/** Every implemented register. An access to any other address is an illegal instruction. */
export const CSRS: readonly Csr[] = [...UNPRIVILEGED, ...SUPERVISOR, ...MACHINE];

/** Registers that only the assembler and disassembler know: an access to them traps. */
export const ABSENT_CSRS: Readonly<Record<string, number>> = {
  vstart: 0x008,
  vxsat: 0x009,
  vxrm: 0x00a,
  vcsr: 0x00f,
  seed: 0x015,
  jvt: 0x017,
  sstateen0: 0x10c,
  scontext: 0x5a8,
  scountovf: 0xda0,
  vsstatus: 0x200,
  vsie: 0x204,
  vstvec: 0x205,
  vsscratch: 0x240,
  vsepc: 0x241,
  vscause: 0x242,
  vstval: 0x243,
  vsip: 0x244,
  vstimecmp: 0x24d,
  vsatp: 0x280,
  mstateen0: 0x30c,
  mtinst: 0x34a,
  mtval2: 0x34b,
  hstatus: 0x600,
  hedeleg: 0x602,
  hideleg: 0x603,
  hie: 0x604,
  htimedelta: 0x605,
  hcounteren: 0x606,
  hgeie: 0x607,
  henvcfg: 0x60a,
  htval: 0x643,
  hip: 0x644,
  hvip: 0x645,
  htinst: 0x64a,
  hgatp: 0x680,
  hgeip: 0xe12,
  mseccfg: 0x747,
  tselect: 0x7a0,
  tdata1: 0x7a1,
  tdata2: 0x7a2,
  tdata3: 0x7a3,
  tinfo: 0x7a4,
  tcontrol: 0x7a5,
  mcontext: 0x7a8,
  dcsr: 0x7b0,
  dpc: 0x7b1,
  dscratch0: 0x7b2,
  dscratch1: 0x7b3,
  vl: 0xc20,
  vtype: 0xc21,
  vlenb: 0xc22,
};

const ADDRESS_OF: ReadonlyMap<string, number> = new Map([
  ...CSRS.map((csr) => [csr.name, csr.address] as const),
  ...Object.entries(ABSENT_CSRS),
]);

const NAME_OF: ReadonlyMap<number, string> = new Map(
  [...ADDRESS_OF].map(([name, address]) => [address, name]),
);

/** The address of a CSR known by `name`, or undefined. */
export function csrAddress(name: string): number | undefined {
  return ADDRESS_OF.get(name);
}

/** The manual's name for `address` (0 to 0xfff), or undefined. */
export function csrName(address: number): string | undefined {
  return NAME_OF.get(address);
}

/** The lowest privilege that may access `address`: 0 U, 1 S, 2 HS, 3 M. */
export function csrPrivilege(address: number): number {
  return (address >> 8) & 3;
}

/** Whether a write to `address` is an illegal instruction. */
export function csrIsReadOnly(address: number): boolean {
  return address >> 10 === 3;
}
