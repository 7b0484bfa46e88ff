/** Text of docs/isa.md. */
import { Exception, Interrupt } from "../../src/isa/cause.ts";
import { CSRS, csrIsReadOnly, csrPrivilege } from "../../src/isa/csr.ts";
import { isShort } from "../../src/isa/insn.ts";
import type { Row } from "../../src/isa/insn.ts";
import { OPERANDS } from "../../src/isa/operands.ts";
import { syntaxOfInsn } from "../../src/isa/encoding.ts";
import { EXTENSIONS, INSNS } from "../../src/isa/table.ts";

const INTRODUCTION = `# Instructions and registers

<!-- Written by scripts/gen-isa.ts --docs from src/isa; do not edit. -->

What the core executes, from the tables in \`src/isa\`. Bits are written most significant first; a
dot is an operand bit. The last column says how the interpreter executes a row: with an opcode of its
own in the main switch, as one of the slow operations, or as another instruction.
`;

const PRIVILEGES = ["U", "S", "HS", "M"];

/** A table with aligned columns, as the formatter leaves them. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, at) =>
    Math.max(3, ...[header, ...rows].map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |\n`;
  const rule = widths.map((width) => "-".repeat(width));
  return [header, rule, ...rows].map(line).join("");
}

/** The operands with the names that readers expect: imm for every immediate. */
function operandsOf(row: Row): string {
  const insn = { ...row, ext: "" };
  const text = syntaxOfInsn(insn).positions.map((position) => position.text);
  return text.join(", ").replaceAll(/\w+/g, (name) => readable(name));
}

function readable(name: string): string {
  if (!Object.hasOwn(OPERANDS, name)) return name;
  const operand = OPERANDS[name as keyof typeof OPERANDS];
  if (operand.kind === "offset") return "target";
  if (operand.kind === "x" || operand.kind === "f") return shortRegister(name);
  return /^(?:i12|s12|u32|prefetch12|c\w+)$/.test(name) && name !== "csr" ? "imm" : name;
}

function shortRegister(name: string): string {
  const names: Readonly<Record<string, string>> = {
    crs2: "rs2",
    cfs2: "fs2",
    crd3: "rd′",
    crs13: "rs1′",
    cfd3: "fd′",
  };
  return names[name] ?? name;
}

function execution(row: Row): string {
  if (isShort(row)) return `as ${row.expand}`;
  if ("nop" in row.sem) return "nothing";
  if (row.name === "lui") return "as li";
  return row.hot ? "main switch" : "slow";
}

function extension({ name, title, rows }: (typeof EXTENSIONS)[number]): string {
  const lines = rows.map((row) => [
    `\`${row.name}\``,
    operandsOf(row),
    `\`${row.bits}\``,
    execution(row),
  ]);
  const header = ["Instruction", "Operands", "Bits", "Executed"];
  return `\n## ${name}: ${title}\n\n${table(header, lines)}`;
}

function registers(): string {
  const lines = CSRS.map(({ name, address, ext, write, reset }) => [
    `\`${name}\``,
    `0x${address.toString(16).padStart(3, "0")}`,
    PRIVILEGES[csrPrivilege(address)] ?? "",
    csrIsReadOnly(address) ? "read-only" : `0x${(write ?? 0n).toString(16)}`,
    reset === undefined ? "" : `0x${reset.toString(16)}`,
    ext,
  ]);
  const header = ["CSR", "Address", "Lowest privilege", "Writable bits", "Reset", "Extension"];
  return `\n## Control and status registers\n\n${table(header, lines)}`;
}

/** supervisorTimer → supervisor timer. */
function words(name: string): string {
  return name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

function causes(): string {
  const rows = (kind: string, numbers: Readonly<Record<string, number>>): string[][] =>
    Object.entries(numbers).map(([name, number]) => [kind, `${number}`, words(name)]);
  const lines = [...rows("interrupt", Interrupt), ...rows("exception", Exception)];
  return `\n## Trap causes\n\n${table(["Kind", "Number", "Cause"], lines)}`;
}

export function emitDocs(): string {
  const count = `\n${INSNS.length} rows, ${CSRS.length} CSRs.\n`;
  return INTRODUCTION + count + EXTENSIONS.map(extension).join("") + registers() + causes();
}
