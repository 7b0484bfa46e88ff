/** Text of asm/generated/decode.ts: the decision tree as nested switches. */
import { buildTree } from "../../src/isa/decode-tree.ts";
import type { Leaf, Switch, Tree } from "../../src/isa/decode-tree.ts";
import { FORMATS, SHORT_FORMATS } from "../../src/isa/formats.ts";
import type { FieldSource, ShortFormat } from "../../src/isa/formats.ts";
import { isShort } from "../../src/isa/insn.ts";
import type { Insn, LongInsn, ShortInsn } from "../../src/isa/insn.ts";
import { DECODED_INSNS, isPure } from "../../src/isa/opcodes.ts";
import { OPERANDS } from "../../src/isa/operands.ts";
import { insnNamed, matchers } from "../../src/isa/table.ts";
import { upperSnake } from "../names.ts";
import { DECODE_PRELUDE } from "./decode-prelude.ts";
import { hex, registerExpression, valueExpression } from "./field-expressions.ts";
import type { RecordField } from "./field-expressions.ts";

const op = (name: string): string => `OP_${upperSnake(name)}`;
const slowOp = (name: string): string => `SLOW_${upperSnake(name)}`;

/** The immediate of a 4-byte format, or undefined. */
function immediateOf(insn: LongInsn): string | undefined {
  const names = FORMATS[insn.format].match(/\b(?:i12|s12|b13|j21|u32|shamt[56])\b/);
  return names === null ? undefined : valueExpression(OPERANDS[names[0] as keyof typeof OPERANDS]);
}

/** The record of a 4-byte instruction. */
function longRecord(insn: LongInsn): string {
  const { name, sem } = insn;
  const imm = immediateOf(insn) ?? "0";
  if (name === "addi") return `addi(insn, ${imm})`;
  if (name === "lui") return `pure(OP_LI, LONG | ((insn << 4) & RD), ${imm})`;
  if (name === "auipc") return `pure(OP_AUIPC, LONG | ((insn << 4) & RD), ${imm})`;
  if ("special" in sem) return `${name}(insn, ${imm})`;
  if ("nop" in sem) return "record(OP_NOP, LONG, 0)";
  if ("slow" in sem) return `${sem.rm ? "slowRm" : "slow"}(insn, ${slowOp(name)})`;
  if ("load" in sem) return `loadTo(insn, ${op(name)}, ${slowOp(name)})`;
  if ("fload" in sem) return `target(insn, ${op(name)}, ${imm})`;
  if (!isPure(insn)) return `source2(insn, ${op(name)}, ${imm})`;
  if (insn.format === "R") return `pureR(insn, ${op(name)})`;
  return `pureI(insn, ${op(name)}, ${imm})`;
}

/** Register fields of a short instruction's expansion, or'ed together. */
function shortRegisters(format: ShortFormat): string {
  const fields: readonly RecordField[] = ["rd", "rs1", "rs2"];
  const terms = fields
    .map((field) => [field, format[field] ?? 0] as const)
    .filter(([, source]) => source !== 0)
    .map(([field, source]) => registerExpression(field, source));
  return terms.length > 0 ? terms.join(" | ") : "0";
}

function valueOf(source: FieldSource): string {
  return typeof source === "number" ? hex(source) : valueExpression(OPERANDS[source]);
}

/** The operation of an expansion, given what is known of its registers. */
function shortOp(name: string, format: ShortFormat): string {
  if (name === "addi" && format.rs1 === 0) return "OP_LI";
  if (name === "lui") return "OP_LI";
  if (name === "jal" && format.rd === 0) return "OP_J";
  if (name === "jalr" && format.rd === 0) return "OP_JR";
  return op(name);
}

/** The record of a 2-byte instruction. */
function shortRecord(insn: ShortInsn): string {
  const long = insnNamed(insn.expand);
  if (long === undefined || isShort(long)) throw new Error(`${insn.name} expands to no known row`);
  if ("slow" in long.sem) return `record(OP_SLOW, 0, ${slowOp(long.name)})`;
  const format: ShortFormat = SHORT_FORMATS[insn.format];
  const writesX = isPure(long) || long.name === "lui";
  const maker = writesX ? "pure" : "record";
  const imm = valueOf(format.imm ?? 0);
  return `${maker}(${shortOp(long.name, format)}, ${shortRegisters(format)}, ${imm})`;
}

/** A condition that holds when a field which must not be zero is zero. */
function reservedCondition(insn: Insn): string | undefined {
  if (!isShort(insn) || insn.nonzero === undefined) return undefined;
  const source = (SHORT_FORMATS[insn.format] as ShortFormat)[insn.nonzero];
  if (typeof source !== "string") throw new Error(`${insn.name} has no ${insn.nonzero} to check`);
  const mask = OPERANDS[source].pieces.reduce(
    (bits, { count, from }) => bits | ((2 ** count - 1) << from),
    0,
  );
  return `(insn & ${hex(mask)}) == 0`;
}

class Writer {
  readonly #lines: string[] = [];
  readonly #illegal: string;

  constructor(illegal: string) {
    this.#illegal = `return ${illegal}(insn);`;
  }

  #line(depth: number, text: string): void {
    this.#lines.push("  ".repeat(depth) + text);
  }

  #leaf({ insn, check }: Leaf<Insn>, depth: number): void {
    if (check.mask !== 0) {
      const differs = `(insn & ${hex(check.mask)}) != ${hex(check.value)}`;
      this.#line(depth, `if (${differs}) ${this.#illegal}`);
    }
    const reserved = reservedCondition(insn);
    if (reserved !== undefined) this.#line(depth, `if (${reserved}) ${this.#illegal}`);
    this.#line(depth, `return ${isShort(insn) ? shortRecord(insn) : longRecord(insn)};`);
  }

  #switch({ shift, mask, cases, otherwise }: Switch<Insn>, depth: number): void {
    this.#line(depth, `switch ((insn >> ${shift}) & ${hex(mask)}) {`);
    for (const [value, tree] of cases) {
      const note = "insn" in tree ? ` // ${tree.insn.name}` : "";
      this.#line(depth + 1, `case ${hex(value)}: {${note}`);
      this.tree(tree, depth + 2);
      this.#line(depth + 1, "}");
    }
    this.#line(depth, "}");
    if (otherwise === undefined) this.#line(depth, this.#illegal);
    else this.tree(otherwise, depth);
  }

  tree(tree: Tree<Insn>, depth: number): void {
    if ("insn" in tree) this.#leaf(tree, depth);
    else this.#switch(tree, depth);
  }

  text(): string {
    return this.#lines.join("\n");
  }
}

function decoder(name: string, rows: readonly Insn[], known: number, illegal: string): string {
  const writer = new Writer(illegal);
  writer.tree(buildTree(matchers(rows), known), 1);
  return `export function ${name}(insn: u32): u64 {\n${writer.text()}\n}\n`;
}

export function emitDecode(): string {
  const long = DECODED_INSNS.filter((row) => !isShort(row));
  const short = DECODED_INSNS.filter((row) => isShort(row));
  const body =
    `/** Decodes a 4-byte instruction: bits 1–0 are 11. */\n` +
    decoder("decode32", long, 3, "illegal32") +
    `\n/** Decodes a 2-byte instruction: bits 31–16 are zero and bits 1–0 are not 11. */\n` +
    decoder("decode16", short, 0, "illegal16");
  const used = new Set((DECODE_PRELUDE + body).match(/\b(?:OP|SLOW)_[A-Z0-9_]+\b/g));
  const imports = `import {\n${[...used].map((name) => `  ${name},\n`).join("")}} from "./opcodes";\n`;
  return `// Written by scripts/gen-isa.ts; do not edit.\n${imports}${DECODE_PRELUDE}\n${body}`;
}
