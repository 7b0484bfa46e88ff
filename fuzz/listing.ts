/** Programs as text for people: what differed, initial state, disassembly with units. */
import { disassemble } from "../src/isa/disassemble.ts";
import type { Mismatch } from "./compare.ts";
import { isNop } from "./minimise.ts";
import type { Program } from "./program.ts";

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

const MODE_NAMES = ["U", "S", "?", "M"] as const;

/** Lines of a listing; runs of no-operations are left out. */
export function listing({ program, differences, reason }: Mismatch): string[] {
  const mode = MODE_NAMES[Number((program.mstatus >> 11n) & 3n)] ?? "?";
  return [
    `${program.profile} program, starts in ${mode}-mode, slot ${program.slot}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...differences.map(
      ({ field, ours, theirs }) => `  ${field}: ${hex(ours)} here, ${hex(theirs)} there`,
    ),
    `  mstatus ${hex(program.mstatus)}, fcsr ${hex(program.fcsr)}, harness x${program.harnessRegister}`,
    `  ${named(program.csrs)}`,
    ...(program.pmp === undefined ? [] : [`  ${named(program.pmp)}`]),
    ...registers(program),
    ...codeLines(program),
  ];
}

function named(values: Readonly<Record<string, bigint | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${hex(value ?? 0n)}`)
    .join(", ");
}

/** Register files, four a line. */
function registers({ x, f }: Program): string[] {
  const lines: string[] = [];
  for (const [name, values] of [
    ["x", x],
    ["f", f],
  ] as const) {
    for (let n = 0; n < 32; n += 4) {
      const row = values.slice(n, n + 4).map((value, i) => `${name}${n + i} ${hex(value)}`);
      lines.push(`  ${row.join(", ")}`);
    }
  }
  return lines;
}

function codeLines({ code, codeAt, codeOffset, units }: Program): string[] {
  const starts = new Map(units.map(({ from, kind }) => [from, kind]));
  const lines: string[] = [];
  let address = codeAt + BigInt(codeOffset);
  code.forEach((word, index) => {
    if (!isNop(word)) {
      const text = disassemble(word.bits, { address, aliases: false });
      const raw = word.bits.toString(16).padStart(2 * word.bytes, "0");
      const kind = starts.get(index);
      const note = kind === undefined ? "" : `  # ${kind}`;
      lines.push(`  ${address.toString(16)}: ${raw.padEnd(8)}  ${text}${note}`);
    }
    address += BigInt(word.bytes);
  });
  return lines;
}
