/** Floating-point statements: every rounding mode, all flags, and registers boxed for another format. */
import type { Statement } from "./compute.ts";
import { Mode, TRAP_COST } from "./layout.ts";
import type { Writer } from "./writer.ts";

const ROUNDED = "fadd fsub fmul fdiv".split(" ");
const UNROUNDED = "fsgnj fsgnjn fsgnjx fmin fmax fminm fmaxm".split(" ");
const FUSED = "fmadd fmsub fnmadd fnmsub".split(" ");
const COMPARE = "feq flt fle fltq fleq".split(" ");
const INTEGERS = "w wu l lu".split(" ");
const STATIC = ["rne", "rtz", "rdn", "rup", "rmm"] as const;

/** A rounding mode as an operand: mostly the dynamic one, which needs none. */
function rounding(w: Writer): string {
  return w.chance(75) ? "" : `, ${w.pick(STATIC)}`;
}

const arithmetic: Statement = (w) => {
  const p = w.pick(["s", "d", "d"]);
  const [d, a, b, c] = [w.float(), w.float(), w.float(), w.float()];
  switch (w.below(6)) {
    case 0:
      w.line(`${w.pick(FUSED)}.${p} ${d}, ${a}, ${b}, ${c}${rounding(w)}`);
      break;
    case 1:
      w.line(`fsqrt.${p} ${d}, ${a}${rounding(w)}`);
      break;
    case 2:
      w.line(`${w.pick(UNROUNDED)}.${p} ${d}, ${a}, ${b}`);
      break;
    default:
      w.line(`${w.pick(ROUNDED)}.${p} ${d}, ${a}, ${b}${rounding(w)}`);
  }
  return 2;
};

const toInteger: Statement = (w) => {
  const p = w.pick(["s", "d"]);
  const [rd, a] = [w.work(), w.float()];
  w.line(
    w.pick([
      `${w.pick(COMPARE)}.${p} ${rd}, ${a}, ${w.float()}`,
      `fcvt.${w.pick(INTEGERS)}.${p} ${rd}, ${a}, ${w.pick([...STATIC, "dyn", "rtz"])}`,
      `fclass.${p} ${rd}, ${a}`,
      `fmv.x.d ${rd}, ${a}`,
      `fmv.x.w ${rd}, ${a}`,
      `fcvtmod.w.d ${rd}, ${a}, rtz`,
    ]),
  );
  return 2;
};

const toFloat: Statement = (w) => {
  const p = w.pick(["s", "d"]);
  const [d, a] = [w.float(), w.float()];
  w.line(
    w.pick([
      `fcvt.${p}.${w.pick(INTEGERS)} ${d}, ${w.work()}`,
      `fmv.d.x ${d}, ${w.work()}`,
      `fmv.w.x ${d}, ${w.work()}`,
      `fcvt.s.d ${d}, ${a}${rounding(w)}`,
      `fcvt.d.s ${d}, ${a}`,
      `fcvt.h.${p} ${d}, ${a}`,
      `fcvt.${p}.h ${d}, ${a}`,
      `${w.pick(["fround", "froundnx"])}.${p} ${d}, ${a}`,
      `fli.${p} ${d}, ${w.pick(["1.0", "inf", "nan", "0.5", "min"])}`,
    ]),
  );
  return 2;
};

export const floating: Statement = (w) => {
  const kind = w.below(10);
  if (kind < 6) return arithmetic(w);
  return kind < 8 ? toInteger(w) : toFloat(w);
};

/** The same operation over and over, as in a sum or a product: results grow, shrink and cancel. */
export const accumulate: Statement = (w) => {
  const p = w.pick(["s", "d", "d"]);
  const [sum, a, b] = [w.float(), w.float(), w.float()];
  const count = 2 + w.below(4);
  for (let i = 0; i < count; i++) {
    w.line(
      w.pick([
        `fmadd.${p} ${sum}, ${a}, ${b}, ${sum}`,
        `fadd.${p} ${sum}, ${sum}, ${a}`,
        `fsub.${p} ${sum}, ${sum}, ${sum}`,
        `fmul.${p} ${sum}, ${sum}, ${b}`,
        `fdiv.${p} ${sum}, ${sum}, ${a}`,
      ]),
    );
  }
  return 2 * count;
};

/** Flags and rounding mode, read and changed in all the ways there are. */
export const floatState: Statement = (w) => {
  const mode = w.below(10) === 0 ? 5 + w.below(3) : w.below(5);
  w.line(
    w.pick([
      `csrr ${w.work()}, ${w.pick(["fcsr", "frm", "fflags"])}`,
      "csrw fflags, zero",
      "csrwi fflags, 1",
      `csrwi fflags, ${w.below(32)}`,
      `csrrwi ${w.work()}, fflags, ${w.below(2)}`,
      `csrci fflags, ${1 << w.below(5)}`,
      `csrsi fflags, ${1 << w.below(5)}`,
      `csrwi frm, ${mode}`,
      "csrwi frm, 0",
      `li t5, ${mode}; csrrw ${w.work()}, frm, t5`,
      `csrrw ${w.work()}, fcsr, ${w.work()}`,
      `li t5, ${(mode << 5) | w.below(32)}; csrw fcsr, t5`,
    ]),
  );
  return 2;
};

/** FS off, initial or clean and perhaps on again: FP instructions trap, or make it dirty. */
export const floatOff: Statement = (w) => {
  const status = w.mode === Mode.M ? "mstatus" : "sstatus";
  const to = w.pick([0, 0x2000, 0x2000, 0x4000, 0x4000, 0x6000, 0x6000]);
  w.line(`li t5, 0x6000; csrc ${status}, t5; li t5, ${to}; csrs ${status}, t5`);
  if (w.chance(50)) w.line(`csrr ${w.work()}, ${status}`);
  if (w.chance(50)) {
    floating(w);
    w.line(`csrr ${w.work()}, ${status}; li t5, 0x6000; csrs ${status}, t5`);
  }
  return w.mode === Mode.U || to === 0 ? 4 * TRAP_COST : 6;
};
