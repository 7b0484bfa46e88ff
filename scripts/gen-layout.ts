/**
 * Writes asm/generated/layout.ts: every constant that the core shares with the workers and with the
 * CSR and cause tables.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { CAUSE_INTERRUPT, Exception, Interrupt } from "../src/isa/cause.ts";
import { ABSENT_CSRS, CSRS } from "../src/isa/csr.ts";
import type { Block } from "../src/protocol/block.ts";
import * as layout from "../src/protocol/layout.ts";
import { upperSnake } from "./names.ts";

type Value = number | bigint;

const hex = (value: Value): string => `0x${value.toString(16)}`;

/** Collects constants and refuses a name that two tables claim. */
class Constants {
  readonly #lines: string[] = [];
  readonly #names = new Set<string>();

  add(name: string, type: string, value: Value): void {
    if (this.#names.has(name)) throw new Error(`two layout constants are named ${name}`);
    this.#names.add(name);
    this.#lines.push(`export const ${name}: ${type} = ${hex(value)};`);
  }

  addAll(prefix: string, type: string, values: Readonly<Record<string, Value>>): void {
    for (const [name, value] of Object.entries(values)) {
      const wide = value > 0xffff_ffff;
      this.add(`${prefix}_${upperSnake(name)}`, wide ? "u64" : type, value);
    }
  }

  text(): string {
    return `// Written by scripts/gen-layout.ts; do not edit.\n${this.#lines.join("\n")}\n`;
  }
}

type Group = Block<string> | Readonly<Record<string, Value>>;

function isBlock(value: Group): value is Block<string> {
  return "at" in value && "fields" in value;
}

function addLayout(constants: Constants): void {
  const exported: Readonly<Record<string, unknown>> = layout;
  for (const [name, value] of Object.entries(exported)) addExport(constants, name, value);
}

function addExport(constants: Constants, name: string, value: unknown): void {
  if (typeof value === "number") constants.add(upperSnake(name), "usize", value);
  if (typeof value !== "object" || value === null) return;
  const group = value as Group;
  if (isBlock(group)) constants.addAll(upperSnake(name), "usize", group.at);
  else constants.addAll(upperSnake(name), "u32", group);
}

function addIsa(constants: Constants): void {
  for (const { name, address, write, reset } of CSRS) {
    const upper = upperSnake(name);
    constants.add(`CSR_${upper}`, "u32", address);
    // Numbered registers share their rule with the first one of their kind.
    if (/[1-9]\d*$/.test(name)) continue;
    if (write !== undefined) constants.add(`CSR_WRITE_${upper}`, "u64", write);
    if (reset !== undefined) constants.add(`CSR_RESET_${upper}`, "u64", reset);
  }
  constants.addAll("CSR", "u32", ABSENT_CSRS);
  constants.addAll("CAUSE", "u64", Exception);
  for (const [name, bit] of Object.entries(Interrupt)) {
    constants.add(`CAUSE_${upperSnake(name)}`, "u64", CAUSE_INTERRUPT | BigInt(bit));
    constants.add(`IRQ_${upperSnake(name)}`, "u32", bit);
  }
}

const constants = new Constants();
addLayout(constants);
addIsa(constants);
mkdirSync("asm/generated", { recursive: true });
writeFileSync("asm/generated/layout.ts", constants.text());
