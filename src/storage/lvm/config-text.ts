/** LVM2's configuration text, in which volume groups are described. */
import { StorageError } from "../errors.ts";

export type ConfigValue = string | number | readonly (string | number)[];

export interface ConfigSection {
  readonly [key: string]: ConfigValue | ConfigSection;
}

/** Deeper than any description is. */
const MAX_DEPTH = 16;

/** @throws StorageError EINVAL for what is no such text */
export function parseConfig(text: string): ConfigSection {
  const tokens =
    text
      .match(/#[^\n]*|"(?:[^"\\]|\\.)*"|[{}[\]=,]|[^\s{}[\]=,"#]+/g)
      ?.filter((token) => !token.startsWith("#")) ?? [];
  const at = { index: 0 };
  const root = parseSection(tokens, at, 0);
  if (at.index < tokens.length) throw bad(tokens[at.index]);
  return root;
}

function parseSection(
  tokens: readonly string[],
  at: { index: number },
  depth: number,
): ConfigSection {
  if (depth > MAX_DEPTH) throw bad("{");
  const section: Record<string, ConfigValue | ConfigSection> = Object.create(null) as never;
  while (at.index < tokens.length && tokens[at.index] !== "}") {
    const key = tokens[at.index++] as string;
    const next = tokens[at.index++];
    if (next === "{") {
      section[key] = parseSection(tokens, at, depth + 1);
      if (tokens[at.index++] !== "}") throw bad("the end");
    } else if (next === "=") section[key] = parseValue(tokens, at);
    else throw bad(next);
  }
  return section;
}

function parseValue(tokens: readonly string[], at: { index: number }): ConfigValue {
  if (tokens[at.index] !== "[") return parseScalar(tokens[at.index++]);
  at.index++;
  const values: (string | number)[] = [];
  while (tokens[at.index] !== "]") {
    if (tokens[at.index] === ",") at.index++;
    else values.push(parseScalar(tokens[at.index++]));
  }
  at.index++;
  return values;
}

function parseScalar(token: string | undefined): string | number {
  if (token === undefined) throw bad("the end");
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  const value = Number(token);
  if (!Number.isSafeInteger(value)) throw bad(token);
  return value;
}

function bad(token: string | undefined): StorageError {
  return new StorageError("EINVAL", `Parse error near ${token ?? "the end"}`);
}

/** The text of a section's contents. */
export function formatConfig(section: ConfigSection, depth = 0): string {
  const indent = "\t".repeat(depth);
  return Object.entries(section)
    .map(([key, value]) =>
      typeof value === "object" && !isList(value)
        ? `${indent}${key} {\n${formatConfig(value, depth + 1)}${indent}}\n`
        : `${indent}${key} = ${formatValue(value)}\n`,
    )
    .join("");
}

function isList(value: ConfigValue | ConfigSection): value is readonly (string | number)[] {
  return Array.isArray(value);
}

function formatValue(value: ConfigValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return `[${value.map(formatValue).join(", ")}]`;
}

export function sectionOf(value: ConfigSection[string] | undefined): ConfigSection {
  if (typeof value !== "object" || isList(value)) throw bad("a section that is missing");
  return value;
}

export function numberOf(value: ConfigSection[string] | undefined): number {
  if (typeof value !== "number" || value < 0) throw bad("a number that is missing");
  return value;
}

export function textOf(value: ConfigSection[string] | undefined): string {
  if (typeof value !== "string") throw bad("a text that is missing");
  return value;
}

export function listOf(value: ConfigSection[string] | undefined): readonly (string | number)[] {
  if (value === undefined || !Array.isArray(value)) throw bad("a list that is missing");
  return value as readonly (string | number)[];
}
