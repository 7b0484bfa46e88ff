/** `path=a,size=5` to names and values. */
import type { OptionRow, OptionRows } from "./option-row.ts";
import { cutAt } from "./shell-words.ts";

/** Values by name, in the order given; null where there is no `=`. */
export type SubOptions = Map<string, string | null>;

export function namesAndValues(text: string): [string, string | null][] {
  return cutAt(text, (char) => char === ",").map((word) => {
    const at = word.indexOf("=");
    return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
  });
}

/** Whether `name` is one of the row's spellings. */
export function isNamed(row: OptionRow, name: string): boolean {
  return row.names.some((spelling) => {
    if (!spelling.includes("#")) return spelling === name;
    const pattern = spelling.replaceAll(".", "\\.").replaceAll("#", "[0-9]*");
    return new RegExp(`^${pattern}$`).test(name);
  });
}

/** `first` names the values that stand alone at the beginning. */
export function parseSubOptions(
  text: string,
  rows: OptionRows,
  first: readonly string[],
): SubOptions {
  const pairs = namesAndValues(text);
  for (const [index, name] of first.entries()) {
    const pair = pairs[index];
    if (!pair || pair[1] !== null) break;
    pairs[index] = [name, pair[0]];
  }
  const found: SubOptions = new Map();
  while (pairs.length > 0) {
    const [name, value] = pairs.shift() as [string, string | null];
    const row = rows.find((each) => isNamed(each, name));
    found.set(name, row?.comma === true ? withCommas(value, pairs, rows) : value);
  }
  return found;
}

function withCommas(
  value: string | null,
  pairs: [string, string | null][],
  rows: OptionRows,
): string | null {
  let whole = value;
  for (;;) {
    const next = pairs[0];
    if (!next || rows.some((row) => isNamed(row, next[0]))) return whole;
    pairs.shift();
    whole = `${whole ?? ""},${next[0]}${next[1] === null || next[1] === "" ? "" : `=${next[1]}`}`;
  }
}
