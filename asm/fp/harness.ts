/** Runs compiled floating-point instructions in tests (Node, not AssemblyScript). */
import { compileCore } from "../../scripts/compile-core.ts";
import { HART, HART_BASE, DYNAMIC_BASE } from "../../src/protocol/layout.ts";
import { F16, F32, F64, type Format, type Mode, NX, RNE, type Result } from "./exact.ts";

type Exec = (hs: number, w: number, imm: number, rm: number) => void;

/** Register numbers of the operands; both files use them. */
const RD = 3;
const RS1 = 1;
const RS2 = 2;
const RS3 = 4;
/** The record's low and high word (asm/hart/operands.ts). */
const WORD = (RS2 << 27) | (RS1 << 19) | (RD << 11);
const IMM = RS3 << 15;

const FS_INITIAL = 1n << 13n;
export const FS_DIRTY = 3n << 13n;

/** The instruction sets' files under asm/insn. */
const ENTRIES = ["rv_f", "rv_d", "rv_zfhmin", "rv_zfa"];

/** Compiles the floating-point instructions alone; takes a few seconds. */
export async function compileFpu(): Promise<Fpu> {
  const entries = ENTRIES.map((name) => `asm/insn/${name}.ts`);
  return new Fpu(new WebAssembly.Module(await compileCore(entries, "dev")));
}

const execName = (mnemonic: string): string =>
  "exec" + mnemonic.replace(/(?:^|\.)(.)/g, (_, first: string) => first.toUpperCase());

/** A value in an f register: narrow formats have ones above them. */
export function box(f: Format, bits: bigint): bigint {
  return BigInt.asUintN(64, bits | (-1n << BigInt(f.bits)));
}

/** One hart's floating-point state. */
export class Fpu {
  readonly #exec: Readonly<Record<string, Exec>>;
  readonly #view: DataView;

  constructor(module: WebAssembly.Module) {
    const pages = DYNAMIC_BASE >> 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#view = new DataView(memory.buffer, HART_BASE);
    const env = { memory, nowMs: () => 0, ring: () => {} };
    const { exports } = new WebAssembly.Instance(module, { env });
    this.#exec = exports as unknown as Readonly<Record<string, Exec>>;
  }

  /** Executes one instruction with the register operands set before. */
  run(mnemonic: string, mode: Mode = RNE, imm = IMM, word = WORD): void {
    const exec = this.#exec[execName(mnemonic)];
    if (exec === undefined) throw new Error(`the core has no ${mnemonic}`);
    exec(HART_BASE, word, imm, mode);
  }

  /** As `run` for fli, whose rs1 field is an index. */
  load(mnemonic: string, index: number): bigint {
    this.run(mnemonic, RNE, IMM, (WORD & ~(31 << 19)) | (index << 19));
    return this.fd;
  }

  /** Sets fs1, fs2 and fs3 to 64-bit register contents. */
  setF(fs1: bigint, fs2 = 0n, fs3 = 0n): void {
    this.#view.setBigUint64(HART.at.f + 8 * RS1, fs1, true);
    this.#view.setBigUint64(HART.at.f + 8 * RS2, fs2, true);
    this.#view.setBigUint64(HART.at.f + 8 * RS3, fs3, true);
  }

  setX(rs1: bigint): void {
    this.#view.setBigUint64(HART.at.x + 8 * RS1, rs1, true);
  }

  get fd(): bigint {
    return this.#view.getBigUint64(HART.at.f + 8 * RD, true);
  }

  get rd(): bigint {
    return this.#view.getBigUint64(HART.at.x + 8 * RD, true);
  }

  get x0(): bigint {
    return this.#view.getBigUint64(HART.at.x, true);
  }

  get fflags(): number {
    return this.#view.getUint8(HART.at.fflags);
  }

  /** Sets fflags, and FS to Initial. */
  set fflags(flags: number) {
    this.#view.setUint8(HART.at.fflags, flags);
    this.#view.setBigUint64(HART.at.mstatus, FS_INITIAL, true);
  }

  get fs(): bigint {
    return this.#view.getBigUint64(HART.at.mstatus, true) & FS_DIRTY;
  }
}

/** What an instruction under test reads and writes. */
export interface Signature {
  /** Format of the source f registers; undefined for an x register. */
  readonly from?: Format;
  /** Format of fd; undefined for rd. */
  readonly to?: Format;
}

export const formatOf = (suffix: string): Format =>
  suffix === "h" ? F16 : suffix === "s" ? F32 : F64;

const hex = (n: bigint): string => n.toString(16);

/**
 * Executes an instruction with fflags clear and once more with NX set (the core has a way of its
 * own for that) and compares with the expected result.
 *
 * @returns undefined, or a sentence about the difference
 */
export function differs(
  fpu: Fpu,
  mnemonic: string,
  { from, to }: Signature,
  operands: readonly bigint[],
  mode: Mode,
  expected: Result,
): string | undefined {
  const [a = 0n, b = 0n, c = 0n] = operands;
  if (from === undefined) fpu.setX(a);
  else fpu.setF(box(from, a), box(from, b), box(from, c));
  const want = to === undefined ? expected.bits : box(to, expected.bits);
  for (const before of [0, NX]) {
    fpu.fflags = before;
    fpu.run(mnemonic, mode);
    const got = to === undefined ? fpu.rd : fpu.fd;
    if (got === want && fpu.fflags === (expected.flags | before)) continue;
    return (
      `${mnemonic} of ${operands.map(hex).join(", ")} in mode ${mode} with fflags ${before} gives ` +
      `${hex(got)} and fflags ${fpu.fflags}, not ${hex(want)} and ${expected.flags | before}`
    );
  }
  return undefined;
}
