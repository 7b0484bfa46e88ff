/** Register names of the standard calling convention (RISC-V ABIs specification §1). */

/** ABI names of x0 to x31. */
export const X_NAMES: readonly string[] =
  "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split(
    " ",
  );

/** ABI names of f0 to f31. */
export const F_NAMES: readonly string[] =
  "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11".split(
    " ",
  );

function numbers(names: readonly string[], prefix: string): Map<string, number> {
  const map = new Map<string, number>();
  for (const [number, name] of names.entries()) map.set(name, number).set(prefix + number, number);
  return map;
}

const X_NUMBERS: ReadonlyMap<string, number> = numbers(X_NAMES, "x").set("fp", 8);
const F_NUMBERS: ReadonlyMap<string, number> = numbers(F_NAMES, "f");

/** The number of an integer register by its ABI name, `x` name or `fp`; undefined if none. */
export function xNumber(name: string): number | undefined {
  return X_NUMBERS.get(name);
}

/** The number of a floating-point register by its ABI or `f` name; undefined if none. */
export function fNumber(name: string): number | undefined {
  return F_NUMBERS.get(name);
}

/** Rounding modes by the value of rm and frm; 5 and 6 are reserved (unprivileged manual, chapter "F"). */
export const ROUNDING_MODES: readonly (string | undefined)[] = [
  "rne",
  "rtz",
  "rdn",
  "rup",
  "rmm",
  undefined,
  undefined,
  "dyn",
];

/** Letters of FENCE's sets, from bit 3 down: device input and output, memory reads and writes. */
export const ORDER_LETTERS: readonly string[] = ["i", "o", "r", "w"];
