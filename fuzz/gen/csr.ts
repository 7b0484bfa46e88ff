/** Reads and writes of control and status registers. */
import { CSRS, csrAddress, csrIsReadOnly, csrName } from "../../src/isa/csr.ts";
import { Mode } from "../program.ts";
import type { Gen } from "./gen.ts";

const ALL = 0xffff_ffff_ffff_ffffn;
const UXL = 0x2_0000_0000n;
const SXL = 0x8_0000_0000n;
/** SIE MIE SPIE MPIE SPP MPP FS SUM MXR TVM TW TSR: all but MPRV, which has a unit of its own. */
const MSTATUS = 0x7d_79aan & ~0x2_0000n;
const SSTATUS = 0xc_6122n;
const FS = 0x6000n;
const MPP = 0x1800n;
const S_INTERRUPTS = 0x222n;
/** Environment calls from S-mode are the stub's way out and stay with M-mode. */
const MEDELEG = 0xb1ffn;
/** Without CBIE, whose value 2 is reserved. */
const ENVCFG = 0xc1n;
/** QEMU keeps bit 0 of xepc when it is written; the manual has it read as zero. */
const EPC = ALL ^ 1n;
/** QEMU has 16 programmable counters by default; those above have no enable bit. */
const COUNTERS = 0x7_ffffn;

/** What random writes may put into a register; a register that is not here is never written. */
const WRITABLE: Readonly<Record<string, bigint>> = {
  fflags: ALL,
  frm: ALL,
  fcsr: ALL,
  sstatus: SSTATUS,
  sie: S_INTERRUPTS,
  scounteren: COUNTERS,
  senvcfg: ENVCFG,
  sscratch: ALL,
  sepc: EPC,
  scause: 0x8000_0000_0000_000fn,
  stval: ALL,
  sip: S_INTERRUPTS,
  mstatus: MSTATUS,
  medeleg: MEDELEG,
  mideleg: S_INTERRUPTS,
  mie: 0xaaan,
  mcounteren: COUNTERS,
  mcountinhibit: 0x5n,
  menvcfg: ENVCFG,
  mepc: EPC,
  mcause: 0x8000_0000_0000_000fn,
  mtval: ALL,
  mip: S_INTERRUPTS,
};

const FIXED: Readonly<Record<string, bigint>> = { mstatus: UXL | SXL, sstatus: UXL };

/** Values that only the clock decides: read, and overwritten at once. */
const CLOCKED = ["cycle", "instret", "mcycle", "minstret", "hpmcounter3", "mhpmcounter4"];

/** Registers that a write cannot be allowed to reach, read only. */
const READABLE = ["stvec", "mtvec", "satp", "mhartid", "mconfigptr", "misa"];

const WRITES = ["csrrw", "csrrs", "csrrc"];
const IMMEDIATE_WRITES = ["csrrwi", "csrrsi", "csrrci"];

export function csr(gen: Gen): void {
  const { random } = gen;
  if (!gen.inPage()) return;
  switch (random.below(8)) {
    case 0:
      // misa tells of B only where QEMU knows it.
      read(gen, random.pick(READABLE.filter((name) => name !== "misa" || gen.has("b"))));
      break;
    case 1:
      clocked(gen);
      break;
    case 2:
      absent(gen);
      break;
    default: {
      const name = choose(gen);
      // QEMU shows what stimecmp drives neither in sip nor to an access that also writes mip.
      if (!gen.setting.timer || !name.endsWith("ip")) write(gen, name);
      else if (name === "mip") read(gen, name);
    }
  }
}

/** Mostly a register of the program's own mode. */
function choose(gen: Gen): string {
  const names = Object.keys(WRITABLE);
  const privilege = gen.setting.mode;
  const own = names.filter((name) => ((address(name) >> 8) & 3) <= privilege);
  return gen.random.pick(gen.random.chance(85) ? own : names);
}

function address(name: string): number {
  return csrAddress(name) ?? 0;
}

function read(gen: Gen, name: string): void {
  // A set or clear with x0 is a read.
  gen.code.op(gen.random.pick(["csrrs", "csrrc"]), { rd: gen.rd(), csr: address(name), rs1: 0 });
}

function clocked(gen: Gen): void {
  const rd = gen.rd();
  gen.code.op("csrrs", { rd, csr: address(gen.random.pick(CLOCKED)), rs1: 0 });
  gen.code.op("addi", { rd, rs1: 0, i12: gen.random.below(64) });
}

/** Bits that a plain write must keep. ADUE, PBMTE and STCE stay as they are. */
function fixedOf({ menvcfg }: Gen, name: string): bigint {
  if (name === "menvcfg") return menvcfg & ~0xffn;
  return FIXED[name] ?? 0n;
}

function maskOf({ setting, has }: Gen, name: string): bigint {
  const mask = WRITABLE[name] ?? 0n;
  // QEMU 7 keeps the reserved mode in MPP.
  if (name === "mstatus" && !has("exact")) return mask & ~MPP;
  return name === "mie" || name === "sie" ? mask & setting.interrupt : mask;
}

/** FS changes between off and dirty only; see fieldFs. */
function wholeFs(name: string, value: bigint): bigint {
  if (!name.endsWith("status") || (value & FS) === 0n) return value;
  return value | FS;
}

/** Any write operation with a value that the register's table entry allows. */
function write(gen: Gen, name: string): void {
  const { random, code } = gen;
  const mask = maskOf(gen, name);
  const fixed = fixedOf(gen, name);
  const rd = random.chance(20) ? 0 : gen.rd();
  const small = mask & 0x1fn;
  if (fixed === 0n && !name.endsWith("status") && random.chance(30)) {
    const zimm = Number(BigInt(random.below(32)) & small);
    code.op(random.pick(IMMEDIATE_WRITES), { rd, csr: address(name), zimm });
    return;
  }
  const rs1 = gen.rd();
  const op = random.pick(WRITES);
  const value = random.chance(30) ? ALL : random.integer();
  code.li(rs1, wholeFs(name, value & mask) | (op === "csrrw" ? fixed : 0n));
  code.op(op, { rd, csr: address(name), rs1 });
}

/** Addresses where QEMU has registers that we leave out, by range: debug, state enable, AIA, … */
const FOREIGN: readonly (readonly [number, number])[] = [
  [0x7a0, 0x7bf],
  [0x740, 0x747],
  [0x5a8, 0x5a8],
  [0xc80, 0xc9f],
];

const KNOWN = new Set(CSRS.map((one) => one.address));

/** An address where there is no register: an illegal instruction in any mode. */
function absent(gen: Gen): void {
  const at = gen.random.below(0x1000);
  if (KNOWN.has(at) || FOREIGN.some(([from, to]) => at >= from && at <= to)) return;
  if (csrName(at) !== undefined) return;
  const writes = gen.random.chance(50) && !csrIsReadOnly(at);
  const name = writes ? "csrrw" : "csrrs";
  gen.code.op(name, { rd: gen.rd(), csr: at, rs1: writes ? gen.rs() : 0 });
}

/** stimecmp at its ends: the clock has passed 0 and will not reach the other. */
export function timer(gen: Gen): void {
  // QEMU compares even while menvcfg.STCE is clear, when stimecmp must have no effect (Sstc).
  if (!gen.setting.timer || gen.setting.mode === Mode.U) return;
  const rs1 = gen.rd();
  gen.code.li(rs1, gen.random.chance(50) ? 0n : ALL);
  gen.code.op("csrrw", { rd: 0, csr: address("stimecmp"), rs1 });
}
