/** Sub-options as they were given, each with the row that knows it. */
import { ToolError } from "./errors.ts";
import { switchValue } from "./numbers.ts";
import type { OptionRow, OptionRows } from "./option-row.ts";
import type { Value } from "./part.ts";
import { type SubOptions, isNamed } from "./suboptions.ts";

export interface Known {
  readonly row: OptionRow;
  readonly key: string;
  readonly value: Value;
}

/** In the order of the rows. @throws Error, ToolError where a value lacks or is none */
export function sortByRows(
  options: SubOptions,
  rows: OptionRows,
): { known: Known[]; unknown: string[] } {
  const left = new Map(options);
  const known = rows.flatMap((row) =>
    [...left]
      .filter(([key]) => isNamed(row, key))
      .map(([key, raw]): Known => {
        left.delete(key);
        return { row, key, value: valueOf(row, key, raw) };
      }),
  );
  return { known, unknown: [...left.keys()] };
}

function valueOf(row: OptionRow, key: string, raw: string | null): Value {
  if (raw === null) throw new Error(`Option '${key}' had no value set.`);
  if (raw === "") return null;
  if (row.onOff !== true) return raw;
  const value = switchValue(raw);
  if (value === undefined) throw new ToolError(`${key} must be 'yes' or 'no'`);
  return value;
}
