/** The one instruction table: every extension in the order of the manual. */
import { isShort, patternOf } from "./insn.ts";
import type { Insn, LongInsn, Pattern, Row, ShortInsn } from "./insn.ts";
import { RV_A } from "./rv_a.ts";
import { RV_C } from "./rv_c.ts";
import { RV_C_D } from "./rv_c_d.ts";
import { RV_D } from "./rv_d.ts";
import { RV_F } from "./rv_f.ts";
import { RV_I } from "./rv_i.ts";
import { RV_M } from "./rv_m.ts";
import { RV_S } from "./rv_s.ts";
import { RV_SVINVAL } from "./rv_svinval.ts";
import { RV_SYSTEM } from "./rv_system.ts";
import { RV_ZACAS } from "./rv_zacas.ts";
import { RV_ZAWRS } from "./rv_zawrs.ts";
import { RV_ZBA } from "./rv_zba.ts";
import { RV_ZBB } from "./rv_zbb.ts";
import { RV_ZBC } from "./rv_zbc.ts";
import { RV_ZBS } from "./rv_zbs.ts";
import { RV_ZFA } from "./rv_zfa.ts";
import { RV_ZFHMIN } from "./rv_zfhmin.ts";
import { RV_ZICBO } from "./rv_zicbo.ts";
import { RV_ZICOND } from "./rv_zicond.ts";
import { RV_ZICSR } from "./rv_zicsr.ts";
import { RV_ZIFENCEI } from "./rv_zifencei.ts";
import { RV_ZIHINTNTL } from "./rv_zihintntl.ts";

/** The rows of one or a few extensions. */
export interface Extension {
  /** As in the device tree, several joined by spaces where one file holds them. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export const EXTENSIONS: readonly Extension[] = [
  { name: "i", title: "Base integer instructions", rows: RV_I },
  { name: "zicsr", title: "Control and status registers", rows: RV_ZICSR },
  { name: "zifencei", title: "Instruction-fetch fence", rows: RV_ZIFENCEI },
  { name: "zihintntl", title: "Non-temporal locality hints", rows: RV_ZIHINTNTL },
  { name: "m", title: "Multiplication and division", rows: RV_M },
  { name: "a", title: "Atomics", rows: RV_A },
  { name: "zacas", title: "Compare-and-swap", rows: RV_ZACAS },
  { name: "zawrs", title: "Wait on a reservation set", rows: RV_ZAWRS },
  { name: "f", title: "Single-precision floating point", rows: RV_F },
  { name: "d", title: "Double-precision floating point", rows: RV_D },
  { name: "zfhmin", title: "Half-precision moves and conversions", rows: RV_ZFHMIN },
  { name: "zfa", title: "Additional floating point", rows: RV_ZFA },
  { name: "zca", title: "Compressed instructions", rows: RV_C },
  { name: "zcd", title: "Compressed loads and stores of doubles", rows: RV_C_D },
  { name: "zba", title: "Address generation", rows: RV_ZBA },
  { name: "zbb", title: "Basic bit manipulation", rows: RV_ZBB },
  { name: "zbs", title: "Single-bit operations", rows: RV_ZBS },
  { name: "zbc", title: "Carry-less multiplication", rows: RV_ZBC },
  { name: "zicond", title: "Conditional zeroing", rows: RV_ZICOND },
  { name: "zicbom zicboz zicbop", title: "Cache-block operations", rows: RV_ZICBO },
  { name: "machine", title: "Machine mode", rows: RV_SYSTEM },
  { name: "s", title: "Supervisor mode", rows: RV_S },
  { name: "svinval", title: "Fine-grained translation invalidation", rows: RV_SVINVAL },
];

/** Every instruction, in the order of EXTENSIONS. */
export const INSNS: readonly Insn[] = EXTENSIONS.flatMap(({ name, rows }) =>
  rows.map((row) => ({ ...row, ext: name })),
);

/** The 4-byte instructions. */
export const LONG_INSNS: readonly LongInsn[] = INSNS.filter(
  (row): row is LongInsn => !isShort(row),
);

/** The 2-byte instructions. */
export const SHORT_INSNS: readonly ShortInsn[] = INSNS.filter((row): row is ShortInsn =>
  isShort(row),
);

const BY_NAME: ReadonlyMap<string, Insn> = new Map(INSNS.map((row) => [row.name, row]));

/** The instruction called `name` (without .aq and .rl), or undefined. */
export function insnNamed(name: string): Insn | undefined {
  return BY_NAME.get(name);
}

/** An instruction with its fixed bits. */
export interface Matcher<T extends Insn = Insn> {
  readonly insn: T;
  readonly pattern: Pattern;
}

/** Number of rows that `insn` is nested in by `within`. */
function depth(insn: Insn): number {
  const parent = insn.within === undefined ? undefined : BY_NAME.get(insn.within);
  return parent === undefined ? 0 : 1 + depth(parent);
}

/** Fixed bits of `insns`, the more special rows before those that they lie within. */
export function matchers<T extends Insn>(insns: readonly T[]): readonly Matcher<T>[] {
  return insns
    .toSorted((a, b) => depth(b) - depth(a))
    .map((insn) => ({ insn, pattern: patternOf(insn) }));
}
