/**
 * Loads and stores. Pointers: gp is the middle of the data, s8 points anywhere near, s9 to a multiple
 * of eight, s0 to the UART; t5 and t6 serve within a statement.
 */
import { calmStatement } from "./compute.ts";
import type { Statement } from "./compute.ts";
import { DATA_AT, LINEAR_AT, Mode, RAM, RAM_BYTES, TRAP_COST, WINDOW_AT } from "./layout.ts";
import type { Writer } from "./writer.ts";

const LOADS = ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"] as const;
const STORES = ["sb", "sh", "sw", "sd"] as const;
const FLOAT_LOADS = ["flw", "fld", "fld", "flh"] as const;
const FLOAT_STORES = ["fsw", "fsd", "fsd", "fsh"] as const;
const WIDTH: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, d: 8 };

/** Mostly aligned if the pointer is, at most `reach` bytes away. */
function offset(w: Writer, name: string, reach: number): number {
  const width = WIDTH[name.replace("u", "").at(-1) ?? ""] ?? 1;
  const at = w.chance(60) ? w.below(Math.min(reach, 64)) : w.below(2 * reach) - reach;
  return w.chance(80) ? at - (at % width) : at;
}

/** One access of any kind at an offset from `base`. */
export function access(w: Writer, base: string, reach = 1000): void {
  const kind = w.below(100);
  const at = (name: string): string => `${offset(w, name, reach)}(${base})`;
  if (kind < 50) {
    const name = w.pick(LOADS);
    w.line(`${name} ${w.pick([w.work(), w.work(), w.work(), "zero"])}, ${at(name)}`);
  } else if (kind < 80) {
    const name = w.pick(STORES);
    w.line(`${name} ${w.pick([w.work(), w.work(), w.work(), "zero"])}, ${at(name)}`);
  } else {
    const name = w.pick(kind < 90 ? FLOAT_LOADS : FLOAT_STORES);
    w.line(`${name} ${w.float()}, ${at(name)}`);
  }
}

function pointer(w: Writer): string {
  return w.pick(["s8", "s9", "s9", "gp"]);
}

export const load: Statement = (w) => {
  const name = w.pick(LOADS);
  w.line(
    `${name} ${w.pick([w.work(), w.work(), "zero"])}, ${offset(w, name, 1000)}(${pointer(w)})`,
  );
  return 2;
};

export const store: Statement = (w) => {
  const name = w.pick(STORES);
  w.line(`${name} ${w.work()}, ${offset(w, name, 1000)}(${pointer(w)})`);
  return 2;
};

export const floatMemory: Statement = (w) => {
  const name = w.pick([...FLOAT_LOADS, ...FLOAT_STORES]);
  w.line(`${name} ${w.float()}, ${offset(w, name, 1000)}(${pointer(w)})`);
  return 2;
};

export const walk: Statement = (w) => {
  const at = w.pick(["s8", "s9"]);
  w.line(`addi ${at}, ${at}, ${at === "s9" ? w.below(32) * 8 : w.below(300)}`);
  w.keepInReach(at);
  return 5;
};

export const seek: Statement = (w) => {
  const at = w.pick(["s8", "s9"]);
  const bits = at === "s9" ? "0x7ff8" : "0x7fff";
  w.line(`li t6, ${bits}; and t5, ${w.work()}, t6; add ${at}, gp, t5`);
  return 4;
};

/** The last bytes of a page: wide accesses from here cross into the next. */
export const seekPageEnd: Statement = (w) => {
  w.line(`li t5, ${0x1000 * (1 + w.below(7)) - w.below(9)}; add s8, gp, t5`);
  const name = w.pick(["ld", "lwu", "lh", "sd", "sw"]);
  w.line(`lbu ${w.work()}, 0(s8)`, `${name} ${w.work()}, 0(s8)`);
  return 5;
};

/** Where absent memory, devices, the sign of addresses and their wrap-around lie. */
function edges(mode: Mode): readonly number[] {
  const always = [0x1000_0000, RAM_BYTES + RAM, 0];
  if (mode === Mode.M) return always;
  const linear = [WINDOW_AT, WINDOW_AT + 0x1_0000, WINDOW_AT + 0xb000, WINDOW_AT + 0xc000];
  const ends = [0, 0, 0, 0x1000, -0x1000, -0x2000, 0x2000, 2 ** 38, -(2 ** 38)];
  return [...ends, ...linear.map((at) => LINEAR_AT + at)];
}

/** t6 = a place near a page's edge. @returns whether accesses there often trap */
function seekEdge(w: Writer): boolean {
  const near = w.chance(50) ? -w.below(17) : w.below(4096) - 2048;
  if (w.chance(50)) {
    w.line(`li t6, ${0x1000 * w.below(8) + near}; add t6, gp, t6`);
    return false;
  }
  const edge = w.pick(edges(w.mode));
  w.line(`li t6, ${edge + near}`);
  return true;
}

/** Accesses through one base register, which something in between may change. */
function group(w: Writer, base: string, count: number, reach: number): void {
  for (let i = 0; i < count; i++) {
    access(w, base, reach);
    if (w.chance(15)) calmStatement(w);
    if (base !== "gp" && w.chance(6)) w.line(`addi ${base}, ${base}, ${w.below(256) * 8 - 1024}`);
  }
}

const REACHES = [8, 24, 64, 500, 2040] as const;

export const pointerGroup: Statement = (w) => {
  const base = pointer(w);
  const count = 2 + w.below(7);
  group(w, base, count, w.pick(REACHES));
  if (base !== "gp") w.keepInReach(base);
  // Only s9 is thought to be aligned, by statements that align it themselves.
  return count + 6;
};

/** At the edges of pages and of the address space. M-mode only reads there: it would write devices. */
export const edgeGroup: Statement = (w) => {
  const traps = seekEdge(w);
  const count = 2 + w.below(5);
  const reach = w.pick(REACHES);
  if (traps && w.mode === Mode.M) {
    for (let i = 0; i < count; i++) {
      const name = w.pick(LOADS);
      w.line(`${name} ${w.work()}, ${offset(w, name, reach)}(t6)`);
    }
  } else {
    group(w, "t6", count, reach);
  }
  return traps ? (count * TRAP_COST) / 2 : count + 4;
};

/** The same bytes, perhaps, through two bases; one may be loaded through the other. */
export const aliasedGroup: Statement = (w) => {
  const views = w.mode === Mode.M ? [RAM + DATA_AT] : [LINEAR_AT + DATA_AT, LINEAR_AT + WINDOW_AT];
  w.line(`slli t6, ${w.pick(["s8", "s9"])}, 52; srli t6, t6, 52`);
  w.line(`li t5, ${w.pick(views) + 0x1000 * (1 + w.below(12))}; add t6, t6, t5`);
  const count = 2 + w.below(4);
  for (let i = 0; i < count; i++) {
    access(w, "t6", 32);
    access(w, pointer(w), 32);
  }
  if (w.chance(30)) {
    w.line("sd s9, 0(gp)", `${w.chance(50) ? "ld t6, 0(gp)" : "lwu t6, 0(gp)"}`);
    group(w, "t6", 2, 24);
  }
  return 4 * count + TRAP_COST / 4;
};

const AMOS = "amoswap amoadd amoxor amoand amoor amomin amomax amominu amomaxu".split(" ");

export const atomic: Statement = (w) => {
  const width = w.pick(["w", "d"]);
  w.line(w.chance(90) ? "andi t5, s8, -8" : "mv t5, s8");
  w.line(`${w.pick(AMOS)}.${width} ${w.pick([w.work(), "zero"])}, ${w.work()}, (t5)`);
  return 3;
};

export const reservation: Statement = (w) => {
  const width = w.pick(["w", "d"]);
  const rd = w.work();
  w.line("andi t5, s9, -8", `lr.${width} t6, (t5)`);
  if (w.chance(30)) w.line(`sw ${w.work()}, 0(t5)`);
  w.line(`add t6, t6, ${w.work()}`, `sc.${width} ${rd}, t6, (t5)`);
  return 5;
};

/** Compare-and-swap, and a cache block of zeros (illegal in U-mode as CBZE is clear). */
export const rareAccess: Statement = (w) => {
  w.line(
    w.pick([
      `andi t5, s8, -8; amocas.d ${w.work()}, ${w.work()}, (t5)`,
      `andi t5, s8, -8; amocas.w ${w.work()}, ${w.work()}, (t5)`,
      `andi t5, s8, -64; cbo.zero (t5)`,
      `andi t5, s8, -16; amocas.q a0, a2, (t5)`,
    ]),
  );
  return w.mode === Mode.M ? 4 : TRAP_COST / 2;
};

/** Accesses only. Its cost counts the traps that some of the window's pages give. */
export function memoryStatement(w: Writer): number {
  const statements = [load, load, store, walk, atomic, seekPageEnd, floatMemory, pointerGroup];
  return w.pick([...statements, edgeGroup, aliasedGroup])(w) + 60;
}
