/**
 * Floating point in translated code against the interpreter, in lockstep: the same random programs
 * run in both, and everything that the instructions gave and left behind must be equal.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore, setJitThreshold } from "../../src/core/instance.ts";
import { assemble } from "../../src/isa/assemble.ts";
import type { LongInsn } from "../../src/isa/insn.ts";
import type { OperandName } from "../../src/isa/operands.ts";
import { randomInsn } from "../../src/isa/random-insn.ts";
import { LONG_INSNS } from "../../src/isa/table.ts";
import { InlineMachine } from "../../src/machine/inline-machine.ts";
import { MIB } from "../../src/machine/memory-map.ts";
import { image } from "../../src/machine/testing/images.ts";
import { F16, F32, F64 } from "../fp/exact.ts";
import { box } from "../fp/harness.ts";
import { Random, integerSample, sample, specials } from "../fp/samples.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);
const module = built ? new WebAssembly.Module(readFileSync(CORE)) : undefined;

/** Programs a test runs, and instructions of each. */
const PROGRAMS = Number(process.env["FLOAT_PROGRAMS"] ?? 300);
const LENGTH = 24;
const SEED = Number(process.env["FLOAT_SEED"] ?? 1);

const LOG = 0x8100_0000n;
const LOG_ENTRY = 8;

/** Instructions with an fp row that access no memory. */
const ROWS = LONG_INSNS.filter(({ sem }) => "slow" in sem && sem.fp === true);

interface Setting {
  /** What fcsr is before each program. */
  fcsr(random: Random): number;
  /** mstatus.FS, 0 to 3. */
  readonly fs?: number;
  /** Share of operands near the edges of their formats, in percent; the others lie near one. */
  readonly special: number;
  /** Share of short numbers, with which most operations are exact, in percent. */
  readonly short?: number;
  readonly rows?: (insn: LongInsn) => boolean;
  /** Share of accesses to fcsr and its parts among the instructions, in percent. */
  readonly csrs?: number;
}

/** An f64 or f32 from 1/16 to 16. */
function ordinary(random: Random): bigint {
  const view = new DataView(new ArrayBuffer(8));
  const value = 2 ** (random.below(8) - 4) * (1 + random.below(2 ** 30) / 2 ** 30);
  if (random.below(5) < 3) {
    view.setFloat64(0, random.below(2) ? value : -value);
    return view.getBigUint64(0);
  }
  view.setFloat32(0, random.below(2) ? value : -value);
  return box(F32, BigInt(view.getUint32(0)));
}

/** A zero, a small integer, a half or a quarter; now and then near either end of the range. */
function short(random: Random): bigint {
  const wide = random.below(2) === 1;
  const end = random.below(12);
  const scale = end > 1 ? 0 : (wide ? 1060 : 140) * (end ? 1 : -1);
  const size = (random.below(12) / 2 ** random.below(3)) * 2 ** Math.min(scale, wide ? 1000 : 120);
  const view = new DataView(new ArrayBuffer(8));
  if (wide) {
    view.setFloat64(0, random.below(2) ? size : -size);
    return view.getBigUint64(0);
  }
  view.setFloat32(0, random.below(2) ? size : -size);
  return box(F32, BigInt(view.getUint32(0)));
}

/** A register's 64 bits. */
function value(random: Random, setting: Setting): bigint {
  if (random.below(100) < (setting.short ?? 0)) return short(random);
  if (random.below(100) >= setting.special) return ordinary(random);
  switch (random.below(10)) {
    case 0:
      return integerSample(64, random);
    case 1:
      return BigInt.asUintN(64, -integerSample(64, random));
    case 2:
      return box(F16, sample(F16, random, specials(F16)));
    case 3:
    case 4:
    case 5:
      return box(F32, sample(F32, random, specials(F32)));
    case 6:
      return sample(F32, random, specials(F32));
    default:
      return sample(F64, random, specials(F64));
  }
}

/** Chooses operands: results where they do not disturb the program, modes mostly to nearest. */
function chooser(random: Random): (name: OperandName) => number | undefined {
  return (name) => {
    if (name === "rd") return random.pick([0, 10, 11, 12]);
    if (name === "rs1") return random.pick([0, 10, 11, 12, 13, 14, 15]);
    if (name === "rm") return random.pick([7, 7, 7, 0, 0, 1, 1, 2, 3, 4]);
    if (/^fs?[d123]/.test(name)) return random.below(10);
    return undefined;
  };
}

/** One random instruction, and a store of what it gave. */
function step(rows: readonly LongInsn[], random: Random): string {
  const insn = random.pick(rows);
  const word = randomInsn(insn, (below) => random.below(below), chooser(random));
  if (word === undefined) return "nop";
  const to = (word >>> 7) & 31;
  const store = insn.format.startsWith("x")
    ? `sd x${to}`
    : `${random.pick(["fsd", "fsd", "fsd", "fsw", "fsh"])} f${to}`;
  const reload =
    random.below(8) === 0
      ? `${random.pick(["fld", "flw", "fld", "flh"])} f${random.below(10)}, ${8 * random.below(64)}(s1)`
      : "";
  return `.word ${word >>> 0}\n ${store}, 0(s0)\n addi s0, s0, ${LOG_ENTRY}\n ${reload}`;
}

/** An access to fcsr or a part of it, and a store of what it gave. */
function access(random: Random): string {
  const to = random.pick(["x0", "x10", "x11"]);
  const csr = random.pick(["fflags", "fflags", "fflags", "frm", "fcsr"]);
  const from = random.pick(["x0", "x10", "x11", "x12"]);
  const bits = random.pick([0, 1, 1, random.below(32)]);
  const form = random.pick([
    `csrrs ${to}, ${csr}, x0`,
    `csrrs x10, fflags, x0`,
    `csrrw ${to}, fflags, x10`,
    `csrrw ${to}, ${csr}, ${from}`,
    `csrrs ${to}, ${csr}, ${from}`,
    `csrrc ${to}, ${csr}, ${from}`,
    `csrrwi ${to}, ${csr}, ${bits}`,
    `csrrsi ${to}, ${csr}, ${bits}`,
    `csrrci ${to}, ${csr}, ${bits}`,
  ]);
  return `${form}\n sd ${to}, 0(s0)\n addi s0, s0, ${LOG_ENTRY}`;
}

/** Loads registers from the values at s1, runs random instructions three times over, logs fcsr. */
function program(index: number, setting: Setting, random: Random): string {
  const rows = ROWS.filter(setting.rows ?? (() => true));
  const f = Array.from({ length: 10 }, (_, i) => `fld f${i}, ${8 * i}(s1)`);
  const x = Array.from({ length: 6 }, (_, i) => `ld x${10 + i}, ${8 * (i + 10)}(s1)`);
  const isAccess = (): boolean => setting.csrs !== undefined && random.below(100) < setting.csrs;
  const steps = Array.from({ length: LENGTH }, () =>
    isAccess() ? access(random) : step(rows, random),
  );
  return `
    li t0, 0x6000
    csrs mstatus, t0
    csrwi fcsr, ${setting.fcsr(random) & 31}
    li t0, ${setting.fcsr(random) & 0xe0}
    csrs fcsr, t0
    la s1, values
    li t0, ${128 * index}
    add s1, s1, t0
    ${f.join("\n")}
    ${x.join("\n")}
    csrc mstatus, s4
    csrs mstatus, s5
    li s3, 3
    j 1f
    1: ${steps.join("\n")}
    addi s3, s3, -1
    bnez s3, 1b
    csrr t0, mstatus
    sd t0, 0(s0)
    csrs mstatus, s4
    csrr t0, fcsr
    sd t0, 8(s0)
    addi s0, s0, 16
    j 1f
    1:`;
}

function source(setting: Setting, random: Random): string {
  const programs = Array.from({ length: PROGRAMS }, (_, i) => program(i, setting, random));
  const count = 16 * PROGRAMS + 64;
  return `
    la t0, handler
    csrw mtvec, t0
    li s0, ${LOG}
    li s4, 0x6000
    li s5, ${(setting.fs ?? 3) << 13}
    ${programs.join("\n")}
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    1: j 1b
    .align 2
    handler:
    csrr t1, mcause
    sd t1, 0(s0)
    addi s0, s0, 8
    csrr t1, mepc
    addi t1, t1, 4
    csrw mepc, t1
    mret
    .align 3
    values:
    ${Array.from({ length: count }, () => `.dword ${value(random, setting)}`).join("\n")}`;
}

/** Runs the image. @returns registers at the end and everything logged */
function outcome(bytes: Uint8Array, threshold: number) {
  const vm = new InlineMachine({
    ramBytes: 64 * MIB,
    harts: 1,
    deterministic: true,
    instantiate: ({ wasmPages }) => {
      const memory = new WebAssembly.Memory({
        initial: wasmPages,
        maximum: wasmPages,
        shared: true,
      });
      const host = { memory, nowMs: () => performance.now() };
      const core = instantiateCore(module as WebAssembly.Module, host);
      setJitThreshold(memory.buffer, threshold);
      return { buffer: memory.buffer, core };
    },
  });
  vm.boot({ kernel: image("float.bin", bytes) });
  const result = vm.run({ maxInstructions: 50_000_000 });
  const hart = vm.hart(0);
  const end = hart.x(8);
  const log = vm.board.memory.copy(Number(LOG), Number(end - LOG));
  const f = Array.from({ length: 32 }, (_, i) => hart.u64("f", i));
  return { kind: result.kind, end, translated: hart.u32("jitFunctions") > 0, f, log };
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  "to nearest, inexact already noted": { fcsr: () => 1, special: 10 },
  "special values": { fcsr: () => 1, special: 70 },
  "no flags yet": { fcsr: () => 0, special: 30 },
  "all flags and rounding modes, the reserved ones too": {
    fcsr: (random) => random.below(256),
    special: 40,
  },
  "state not dirty yet": { fcsr: (random) => random.below(2), special: 30, fs: 1 },
  "state off": { fcsr: () => 1, special: 30, fs: 0 },
  "exact results, no flags yet": { fcsr: () => 0, special: 0, short: 99 },
  "exact f64 results alone": {
    fcsr: () => 0,
    special: 10,
    short: 99,
    rows: ({ name }) => /^f(n?m(add|sub)|add|sub|mul|div|sqrt)\.d$/.test(name),
  },
  "exact f32 results alone": {
    fcsr: () => 0,
    special: 10,
    short: 99,
    rows: ({ name }) => /^f(n?m(add|sub)|add|sub|mul|div|sqrt)\.s$/.test(name),
  },
  "underflow and inexact noted": { fcsr: () => 3, special: 50, short: 30 },
  "fcsr accessed in between": { fcsr: () => 1, special: 20, csrs: 35 },
  "fcsr accessed in between, state not dirty yet": { fcsr: () => 1, special: 20, csrs: 35, fs: 1 },
  "fcsr accessed in between, state off": { fcsr: () => 1, special: 20, csrs: 35, fs: 0 },
  "f32 alone": { fcsr: () => 1, special: 15, rows: ({ ext }) => ext === "f" },
};

describe.skipIf(!built)("floating point of translated code", () => {
  it.each(Object.keys(SETTINGS))(
    "equals the interpreter's: %s",
    (name) => {
      const random = new Random(BigInt(SEED));
      const text = source(SETTINGS[name] as Setting, random);
      const { bytes } = assemble(text, { origin: 0x8000_0000n });
      const interpreted = outcome(bytes, 0);
      const translated = outcome(bytes, 1);
      expect(interpreted.kind).toBe("power");
      expect([interpreted.translated, translated.translated]).toEqual([false, true]);
      expect({ ...translated, translated: false }).toEqual(interpreted);
    },
    120_000,
  );
});
