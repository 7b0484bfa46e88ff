/**
 * Litmus tests as a program for bare harts: each hart runs its part of every test, in batches of
 * races that start together; hart 0 counts the outcomes of a batch and prints those of a test.
 *
 *     s0 race in the batch    s6 words            gp barrier's next count
 *     s1 batches left         s7 harts' progress  tp this hart's random number
 *     s2–s5 results           s8 results' memory  s11 races so far
 *     a0–a2 addresses of the race's words         a4–a6 the numbers 1 to 3
 *     s9 the race's code      s10 all code        a7 the instruction that patches write
 */
import { halvesOf, valueHalves, wordsOf } from "./litmus-test.ts";
import type { Layout, LitmusTest, Load, Op, Order, Part, Store } from "./litmus-test.ts";

/** Races of a batch: their words fit the cache. */
export const BATCH = 256;

/** The words of race 0. */
const WORDS_AT: Readonly<Record<Layout, number>> = {
  lines: 0x8100_0000,
  base: 0x8100_0000,
  "across lines": 0x8100_003c,
  pages: 0x8200_0000,
  "across pages": 0x8200_0ffc,
};
/** log2 of the distance between two races' words: 256 bytes or a page. */
const RACE_BITS: Readonly<Record<Layout, number>> = {
  lines: 8,
  base: 8,
  "across lines": 9,
  pages: 12,
  "across pages": 12,
};
/** log2 of the distance between two words. 4 MiB: both have the same entry of the TLB. */
const WORD_BITS: Readonly<Record<Layout, number>> = {
  lines: 6,
  base: 6,
  "across lines": 7,
  pages: 22,
  "across pages": 22,
};
/** 64 bytes a race. */
const RESULTS_AT = 0x8110_0000;
/** Of one hart's results in one race. */
const RESULT_BYTES = 16;
/** 64 bytes a race: an instruction that sets t2, and a return. */
const CODE_AT = 0x8114_0000;
const OLD_CODE = 0x0000_0393;
const NEW_CODE = 0x0010_0393;
const RETURN = 0x0000_8067;
const COUNTS_AT = 0x8120_0000;
/** The harts' progress, 64 bytes apart, and behind it the barrier. */
const PROGRESS_AT = 0x8130_0000;
const BARRIER = 1024;
const UART = 0x1000_0000;
const POWER = 0x10_0000;
/** Bits of a half's value in an outcome's number. */
const BITS = 2;

/** Looks at the other harts before a race starts without them: they may have no processor now. */
const PATIENCE = 1000;

const RESULT_REGISTERS = ["s2", "s3", "s4", "s5"] as const;
const WORD_REGISTERS = ["a0", "a1", "a2"] as const;
const NUMBERS = ["zero", "a4", "a5", "a6"] as const;

const WIDTH: Readonly<Record<Part, "w" | "d">> = { low: "w", high: "w", whole: "d" };

function suffix(order: Order): string {
  return order === "" ? "" : `.${order}`;
}

/** Registers of one hart's results by name, and its words'. */
interface Names {
  readonly results: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, string>;
  /** Of the words from their registers. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** Lines before an access, and the registers of its address and its value. */
function prepare(op: Load | Store, names: Names): { lines: string[]; at: string; value: string } {
  const base = names.words.get(op.at) ?? "a0";
  const number = op.op === "store" ? (NUMBERS[op.value] ?? "zero") : "zero";
  const on = names.results.get(op.dependency?.on ?? "") ?? "zero";
  const whole = op.op === "store" && op.part === "whole";
  const widen = whole ? [`slli t1, ${number}, 32; or t1, t1, ${number}`] : [];
  const value = whole ? "t1" : number;
  switch (op.dependency?.kind) {
    case "address":
      return { lines: [...widen, `xor t0, ${on}, ${on}; add t0, t0, ${base}`], at: "t0", value };
    case "data":
      return {
        lines: [...widen, `xor t0, ${on}, ${on}; add t1, t0, ${value}`],
        at: base,
        value: "t1",
      };
    case "control":
      return { lines: [...widen, `bnez ${on}, 9f`, "9:"], at: base, value };
    default:
      return { lines: widen, at: base, value };
  }
}

/** An AMO's address has no offset. */
function atOffset(at: string, offset: number): { lines: string[]; at: string } {
  return offset === 0 ? { lines: [], at } : { lines: [`addi t0, ${at}, ${offset}`], at: "t0" };
}

function accessLines(op: Load | Store, names: Names): string[] {
  const { lines, at, value } = prepare(op, names);
  const offset = (names.offsets.get(op.at) ?? 0) + (op.part === "high" ? 4 : 0);
  const rd = op.op === "load" ? (names.results.get(op.to) ?? "t2") : "t2";
  const { means, order } = op;
  const width = WIDTH[op.part ?? "low"];
  if (means === "plain") {
    const access = op.op === "load" ? `l${width} ${rd}` : `s${width} ${value}`;
    return [...lines, `${access}, ${offset}(${at})`];
  }
  const place = atOffset(at, offset);
  if (means === "amo") {
    const name = op.op === "load" ? "amoor" : "amoswap";
    const amo = `${name}.${width}${suffix(order)} ${rd}, ${value}, (${place.at})`;
    return [...lines, ...place.lines, amo];
  }
  const lr = suffix(order.includes("aq") ? "aq" : "");
  const sc = suffix(order.includes("rl") ? "rl" : "");
  const written = op.op === "load" ? rd : value;
  const pair = [
    `8: lr.${width}${lr} ${rd}, (${place.at})`,
    `sc.${width}${sc} t3, ${written}, (${place.at})`,
  ];
  return [...lines, ...place.lines, ...pair, "bnez t3, 8b"];
}

function opLines(op: Op, names: Names): string[] {
  if (op.op === "fence.tso" || op.op === "fence.i") return [op.op];
  if (op.op === "patch") return ["sw a7, 0(s9)"];
  if (op.op === "fetch") return ["jalr ra, 0(s9)", `mv ${names.results.get(op.to) ?? "s5"}, t2`];
  if (op.op === "fence") return [`fence ${op.before}, ${op.after}`];
  return accessLines(op, names);
}

function layoutOf({ layout = "lines" }: LitmusTest): Layout {
  return layout;
}

function namesOf(test: LitmusTest, hart: number): Names {
  const own = (test.harts[hart] ?? []).flatMap((op) => ("to" in op ? [op.to] : []));
  const words = wordsOf(test);
  const layout = layoutOf(test);
  const one = layout === "base";
  return {
    results: new Map(own.map((name, i) => [name, RESULT_REGISTERS[i] ?? "s5"])),
    words: new Map(words.map((name, i) => [name, (one ? "a0" : WORD_REGISTERS[i]) ?? "a0"])),
    offsets: new Map(words.map((name, i) => [name, one ? i << WORD_BITS[layout] : 0])),
  };
}

/** Everybody waits until everybody is here. */
const BARRIER_LINES = `
  fence rw, rw
  addi t0, s7, ${BARRIER}
  li t1, 1; amoadd.w.aqrl zero, t1, (t0)
  1: pause; lw t1, 0(t0); bltu t1, gp, 1b
  fence rw, rw
`;

/** This hart is ready for race s11, and so are the others, unless that takes long. */
function meet(hart: number, harts: number): string {
  const others = Array.from({ length: harts }, (_, i) => i).filter((i) => i !== hart);
  const looks = others.map((i) => `ld t1, ${64 * i}(s7); bltu t1, s11, 1b`);
  return `
    addi s11, s11, 1; sd s11, ${64 * hart}(s7)
    li t0, ${PATIENCE}
    1: addi t0, t0, -1; beqz t0, 2f
    ${looks.join("\n")}
    2: slli t0, tp, 2; add tp, tp, t0; addi tp, tp, ${2 * hart + 1}
    srli t0, tp, 20; andi t0, t0, 15; beqz t0, 2f
    1: addi t0, t0, -1; bnez t0, 1b
    2:
  `;
}

/** rd = address of the words of race s0. */
function wordsOfRace(test: LitmusTest, rd: string): string {
  return `slli ${rd}, s0, ${RACE_BITS[layoutOf(test)]}; add ${rd}, ${rd}, s6`;
}

/** Addresses of the words in their registers, from that of the first in t0. */
function wordLines(test: LitmusTest): string[] {
  const bits = WORD_BITS[layoutOf(test)];
  const used = layoutOf(test) === "base" ? 1 : wordsOf(test).length;
  return WORD_REGISTERS.slice(0, used).map((register, i) =>
    i === 0 ? `mv ${register}, t0` : `li t1, ${i * 2 ** bits}; add ${register}, t0, t1`,
  );
}

/** A result as it is counted: the values of a whole word's halves side by side. */
function packLines(test: LitmusTest, hart: number, names: Names): string[] {
  return (test.harts[hart] ?? []).flatMap((op) => {
    if (!("to" in op) || !("at" in op) || halvesOf(op).length < 2) return [];
    const register = names.results.get(op.to) ?? "s5";
    return [`srli t1, ${register}, ${32 - BITS}; or ${register}, ${register}, t1`];
  });
}

function race(test: LitmusTest, hart: number): string {
  const names = namesOf(test, hart);
  const kept = [...names.results.values()].map(
    (name, i) => `sw ${name}, ${RESULT_BYTES * hart + 4 * i}(t0)`,
  );
  return `
    slli t0, s0, 6; add s9, t0, s10
    ${wordsOfRace(test, "t0")}
    ${wordLines(test).join("\n")}
    ${meet(hart, test.harts.length)}
    ${(test.harts[hart] ?? []).flatMap((op) => opLines(op, names)).join("\n")}
    ${packLines(test, hart, names).join("\n")}
    slli t0, s0, 6; add t0, t0, s8
    ${kept.join("\n")}
  `;
}

/** The code of race s0 as it is at first. */
const WRITE_CODE = `
    slli t0, s0, 6; add t0, t0, s10; li t2, ${OLD_CODE}; sw t2, 0(t0); li t2, ${RETURN}; sw t2, 4(t0)
`;

/** Appends t2, a value with so many halves, to the outcome a3. */
function append(halves: number): string {
  const bits = BITS * halves;
  return `andi t2, t2, ${2 ** bits - 1}; slli a3, a3, ${bits}; or a3, a3, t2`;
}

/** a3 = the outcome of race s0 as a number, first value highest. The words are zero afterwards. */
function outcomeOf(test: LitmusTest): string {
  const lines = ["li a3, 0", "slli t0, s0, 6; add t0, t0, s8"];
  const halves = [...valueHalves(test)];
  test.harts.forEach((ops, hart) => {
    const loads = ops.filter((op) => "to" in op);
    loads.forEach((_, i) => {
      lines.push(`lw t2, ${RESULT_BYTES * hart + 4 * i}(t0)`, append(halves.shift() ?? 1));
    });
  });
  const words = wordsOf(test);
  const names = namesOf(test, 0);
  const place = (at: string): string => `${names.offsets.get(at) ?? 0}(${names.words.get(at)})`;
  lines.push(wordsOfRace(test, "t0"), ...wordLines(test));
  for (const at of test.finals) {
    const wide = `ld t2, ${place(at)}; srli t1, t2, ${32 - BITS}; or t2, t2, t1`;
    const wideness = halves.shift() ?? 1;
    lines.push(wideness === 2 ? wide : `lw t2, ${place(at)}`, append(wideness));
  }
  lines.push(...words.map((at) => `sd zero, ${place(at)}`));
  if (test.allowed !== undefined) lines.push(WRITE_CODE);
  return lines.join("\n");
}

function count(test: LitmusTest, index: number): string {
  return `
    li s0, 0
    count_${index}:
    ${outcomeOf(test)}
    li t0, ${COUNTS_AT}; slli a3, a3, 2; add t0, t0, a3; lw t1, 0(t0); addi t1, t1, 1; sw t1, 0(t0)
    addi s0, s0, 1; li t0, ${BATCH}; bltu s0, t0, count_${index}
  `;
}

function keyBits(test: LitmusTest): number {
  return valueHalves(test).reduce((sum, halves) => sum + BITS * halves, 0);
}

/** Hart `hart`'s part of a test. */
function part(test: LitmusTest, index: number, hart: number, batches: number): string {
  const harts = test.harts.length;
  const own = `${index}_${hart}`;
  const report = `li a0, ${index}; li a1, ${1 << keyBits(test)}; jal ra, report`;
  return `
    li s1, ${batches}
    li s6, ${WORDS_AT[layoutOf(test)]}
    batch_${own}:
    addi gp, gp, ${harts}
    ${BARRIER_LINES}
    li s0, 0
    fence.i
    race_${own}:
    ${race(test, hart)}
    addi s0, s0, 1; li t0, ${BATCH}; bltu s0, t0, race_${own}
    addi gp, gp, ${harts}
    ${BARRIER_LINES}
    ${hart === 0 ? count(test, index) : ""}
    addi s1, s1, -1; beqz s1, 1f; j batch_${own}
    1:
    ${hart === 0 ? report : ""}
  `;
}

/** Prints the counts of test a0, a1 of them, that are not zero, and clears them. */
const REPORT = `
  report: li s2, ${COUNTS_AT}; li s3, 0; mv s4, a0; mv s5, ra; mv t6, a1
  1: lw a2, 0(s2); beqz a2, 2f
  mv a0, s4; jal ra, hex; mv a0, s3; jal ra, hex; mv a0, a2; jal ra, hex
  li a0, 10; jal ra, put
  sw zero, 0(s2)
  2: addi s2, s2, 4; addi s3, s3, 1; bltu s3, t6, 1b
  mv ra, s5; ret
  hex: mv t5, ra; li t4, 28
  1: srlw t0, a0, t4; andi t0, t0, 15; li t1, 10; bltu t0, t1, 2f; addi t0, t0, 39
  2: addi t0, t0, 48; mv t3, a0; mv a0, t0; jal ra, put; mv a0, t3
  addi t4, t4, -4; bgez t4, 1b
  li a0, 32; jal ra, put; mv ra, t5; ret
  put: li t0, ${UART}
  1: lbu t1, 5(t0); andi t1, t1, 32; beqz t1, 1b
  sb a0, 0(t0); ret
`;

/**
 * The program, to be loaded as firmware of a machine with as many harts as every test has. It prints a
 * line with three hexadecimal numbers (test, outcome, count) for each outcome that it saw, and powers
 * off.
 *
 * @param batches of each test
 */
export function litmusProgram(
  tests: readonly LitmusTest[],
  harts: number,
  batches: number,
): string {
  const parts = Array.from({ length: harts }, (_, hart) => {
    const all = tests.map((test, index) => part(test, index, hart, batches)).join("\n");
    return `hart_${hart}:\n${all}\n${hart === 0 ? "j end" : "1: wfi; j 1b"}`;
  });
  const table = Array.from({ length: harts }, (_, hart) => `.dword hart_${hart}`);
  return `
    li s7, ${PROGRESS_AT}; li s8, ${RESULTS_AT}
    li gp, 0; li s11, 0; li a4, 1; li a5, 2; li a6, 3
    csrw mie, zero
    li s10, ${CODE_AT}; li a7, ${NEW_CODE}; li s0, 0
    csrr t0, mhartid; bnez t0, 2f
    1: ${WRITE_CODE}
    addi s0, s0, 1; li t0, ${BATCH}; bltu s0, t0, 1b
    2: csrr t0, mhartid; addi tp, t0, 77; slli t0, t0, 3; la t1, table; add t0, t0, t1; ld t0, 0(t0); jr t0
    .align 3
    table: ${table.join("\n")}
    ${parts.join("\n")}
    end: li t0, ${POWER}; li t1, 0x5555; sw t1, 0(t0)
    1: j 1b
    ${REPORT}
  `;
}

/** The outcome that a printed number stands for. */
export function outcomeText(test: LitmusTest, key: number): string {
  let shift = keyBits(test);
  const next = (): number => {
    shift -= BITS;
    return (key >> shift) & (2 ** BITS - 1);
  };
  const texts = valueHalves(test).map((halves) => {
    const [first, second] = [next(), halves === 2 ? next() : undefined];
    // The higher half stands in the higher bits.
    return second === undefined ? `${first}` : `${second}:${first}`;
  });
  return texts.join(" ");
}
