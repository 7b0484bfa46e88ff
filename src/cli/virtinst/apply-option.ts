/** One use of an option: its sub-options into the guest. */
import { adjustSubOptions } from "./adjust.ts";
import { ToolError, messageOf } from "./errors.ts";
import type { Guest } from "./guest.ts";
import { sortByRows } from "./given-suboptions.ts";
import { type OptionTable, rowsOf } from "./option-row.ts";
import type { Part } from "./part.ts";
import { quotedList } from "./python-text.ts";
import { applyRow } from "./rules.ts";
import { memberOf } from "./row-target.ts";
import { parseSubOptions } from "./suboptions.ts";
import { checkPart, finishPart, partsInstead } from "./whole-values.ts";

export interface OptionUse {
  readonly guest: Guest;
  readonly table: OptionTable;
  readonly text: string;
}

/**
 * Applies `text` to a new part of the guest, or to `edited`.
 *
 * @returns the parts that were made or changed
 * @throws ToolError in the real tool's words
 */
export async function applyOption(use: OptionUse, edited?: Part): Promise<Part[]> {
  const { table, text } = use;
  if (text === "" || (table.noneIsValue !== true && text === "none")) return [];
  try {
    const special = partsInstead(use);
    if (special) return special;
    const part = edited ?? partFor(use);
    await setAll(use, part, edited !== undefined);
    if (edited === undefined) {
      await checkPart(use, part);
      if (table.part !== undefined && table.many === true) {
        use.guest.domain.include(table.part, part);
      }
    }
    return [part];
  } catch (error) {
    throw failureOf(use, error);
  }
}

/** What an option's failure is told as. */
export function failureOf({ table, text }: OptionUse, error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  return new ToolError(`Error: ${table.flag} ${text}: ${messageOf(error)}`, { cause: error });
}

function partFor({ guest, table: { part, many } }: OptionUse): Part {
  if (part === undefined) return guest.domain;
  if (many === true) return guest.domain.fresh(part);
  return part.split(":").reduce((at, name) => at.one(name), guest.domain);
}

async function setAll(use: OptionUse, part: Part, isEditing: boolean): Promise<void> {
  const { guest, table, text } = use;
  const rows = rowsOf(table);
  const options = parseSubOptions(text, rows, table.first ?? []);
  adjustSubOptions(use, options);
  const { known, unknown } = sortByRows(options, rows);
  for (const { row, key, value } of known) {
    if (value === "default" && row.skipDefault === true) continue;
    const target = memberOf(part, row, key, true) ?? part;
    const words = typeof value === "string" ? value : "";
    // eslint-disable-next-line no-await-in-loop -- later sub-options build on earlier ones
    await applyRow({
      guest,
      table,
      whole: text,
      part: target,
      row,
      key,
      value,
      text: words,
      options,
      isEditing,
    });
  }
  if (unknown.length > 0) throw unknownOptions(table, unknown);
  await finishPart(use, part, options);
}

export function unknownOptions({ flag }: OptionTable, names: readonly string[]): ToolError {
  return new ToolError(`Unknown ${flag} options: ${quotedList(names)}`);
}
