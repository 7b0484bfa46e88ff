import { canCreate } from "../../storage/graph/create-options.ts";
import type { OptionRow } from "../../storage/formats/driver.ts";
import { splitOptions } from "../../storage/graph/image-options.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { CommandError } from "./tools.ts";

const SIZE_HINT =
  "\nOptional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.";

/** What can be opened, by QEMU or here, but not made. */
const READ_ONLY_FORMATS = ["bochs", "cloop", "dmg", "null-aio", "null-co"];

export type OptionValue = string | number | boolean;

/** @throws CommandError when no image of a format can be made */
export function demandCreatable(format: string): void {
  if (READ_ONLY_FORMATS.includes(format))
    throw new CommandError(`Format driver '${format}' does not support image creation`);
  if (!canCreate(format)) throw new CommandError(`Unknown file format '${format}'`);
}

/** True when `-o` asks for help: `help` or `?` among the options, whatever commas follow. */
export function asksForHelp(texts: readonly string[]): boolean {
  return texts.some((text) =>
    splitOptions(text).some(
      ([key, value]) => value === undefined && /^(?:help|\?)(?:,|$)/.test(key),
    ),
  );
}

/**
 * Reads what `-o` gave, by a format's table.
 *
 * @throws CommandError with QEMU's words
 */
export function typedOptions(
  texts: readonly string[],
  rows: readonly OptionRow[],
): Map<string, OptionValue> {
  const out = new Map<string, OptionValue>();
  for (const text of texts) {
    for (const [key, value] of splitOptions(text)) {
      const negated = value === undefined && key.startsWith("no") ? key.slice(2) : undefined;
      const row =
        rows.find(({ name }) => name === key) ?? rows.find(({ name }) => name === negated);
      if (row === undefined) throw new CommandError(`Invalid parameter '${key}'`);
      const word = value ?? (row.name === key ? "on" : "off");
      out.set(row.name, typedValue(row, word));
    }
  }
  return out;
}

function typedValue({ name, type }: OptionRow, text: string): OptionValue {
  if (type === "str") return text;
  if (type === "bool") {
    if (text === "on" || text === "yes" || text === "true" || text === "y") return true;
    if (text === "off" || text === "no" || text === "false" || text === "n") return false;
    throw new CommandError(`Parameter '${name}' expects 'on' or 'off'`);
  }
  if (type === "num") {
    // A negative number is one of 64 bits without a sign, too large for any use.
    if (!/^-?\d+$/.test(text)) throw new CommandError(`Parameter '${name}' expects a number`);
    return Number(text) < 0 ? 2 ** 64 + Number(text) : Number(text);
  }
  const size = parseSize(text);
  if (size === undefined) {
    throw new CommandError(
      `Parameter '${name}' expects a non-negative number below 2^64${SIZE_HINT}`,
    );
  }
  if (size === Infinity)
    throw new CommandError(`Value '${text}' is out of range for parameter '${name}'`);
  return size;
}

/** The list that `-o help` prints. */
export function optionsHelp(title: string, rows: readonly OptionRow[]): string {
  const types = { str: "<str>", size: "<size>", bool: "<bool (on/off)>", num: "<num>" } as const;
  const lines = [...rows]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help }) => `  ${`${name}=${types[type]}`.padEnd(22)} - ${help}\n`);
  return `${title}\n${lines.join("")}`;
}

/** A value as the `Formatting` line has it. */
export function optionText(value: OptionValue): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  // Large numbers are sums of powers of two: all digits, not the shortest text.
  return typeof value === "number" ? BigInt(value).toString() : value;
}
