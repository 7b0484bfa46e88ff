/** `--disk=?`: the names of an option's sub-options. */
import type { OptionTable } from "./option-row.ts";

const XPATHS = ["create", "delete", "set", "value"].map((name) => `xpath[0-9]*.${name}`);

function group(name: string): string {
  if (name === "clearxml") return `0${name}`;
  if (name.startsWith("address.")) return `1${name}`;
  return name.startsWith("xpath") ? `2${name}` : name;
}

export function listRows({ flag, part, rows }: OptionTable): string {
  const own = rows.map(({ names }) => (names[0] ?? "").replaceAll("#", "[0-9]*"));
  const all = ["clearxml", ...(part === undefined ? [] : XPATHS), ...own];
  const sorted = all.toSorted((a, b) => (group(a) < group(b) ? -1 : 1));
  return `${flag} options:\n${sorted.map((name) => `  ${name}\n`).join("")}\n`;
}
