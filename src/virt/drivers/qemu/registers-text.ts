/** Registers as QEMU's monitor prints them (`info registers`). */
import { F_NAMES, X_NAMES } from "../../../isa/registers.ts";
import { type HartRegisters, TOLD_CSRS } from "../../../protocol/hart-registers.ts";

const HEX_DIGITS = 16;
const PER_LINE = 4;
const PRIVILEGES = ["U", "S", "reserved", "M"];

/** Of one hart, with its number. Lines end with a line feed. */
export function registersText({ pc, x, f, csrs }: HartRegisters, index: number): string {
  const names = (all: readonly string[], letter: string): string[] =>
    all.map((name, n) => `${letter}${n}/${name}`);
  const lines = [
    `CPU#${index}`,
    ` ${cell("pc", pc)}`,
    ...TOLD_CSRS.map((name) => ` ${cell(name, csrs[name])}`),
    ...rows(names(X_NAMES, "x"), x),
    ...rows(names(F_NAMES, "f"), f),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Of all harts where a machine crashed: with the mode, which the monitor does not print. */
export function crashTrace(harts: readonly HartRegisters[]): string {
  return harts
    .map((hart, at) => {
      const [head, ...rest] = registersText(hart, at).split("\n");
      return [`${head} ${PRIVILEGES[hart.privilege] ?? "?"}-mode`, ...rest].join("\n");
    })
    .join("\n");
}

const cell = (name: string, value: bigint): string =>
  `${name.padEnd(8)} ${value.toString(16).padStart(HEX_DIGITS, "0")}`;

function rows(names: readonly string[], values: readonly bigint[]): string[] {
  const cells = names.map((name, n) => ` ${cell(name, values[n] ?? 0n)}`);
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += PER_LINE) {
    lines.push(cells.slice(at, at + PER_LINE).join(""));
  }
  return lines;
}
