/** `--disk=?`: the names of an option's sub-options. */
import { type OptionTable, rowsOf } from "./option-row.ts";

function group(name: string): string {
  if (name === "clearxml") return `0${name}`;
  if (name.startsWith("address.")) return `1${name}`;
  return name.startsWith("xpath") ? `2${name}` : name;
}

export function listRows(table: OptionTable): string {
  const names = rowsOf(table).map((row) => (row.names[0] ?? "").replaceAll("#", "[0-9]*"));
  const sorted = names.toSorted((a, b) => (group(a) < group(b) ? -1 : 1));
  return `${table.flag} options:\n${sorted.map((name) => `  ${name}\n`).join("")}\n`;
}
