/** One use of an option: its sub-options into the guest. */
import { adjustSubOptions } from "./adjust.ts";
import { ToolError, messageOf } from "./errors.ts";
import type { Guest } from "./guest.ts";
import { switchValue } from "./numbers.ts";
import type { OptionRow, OptionTable } from "./option-row.ts";
import type { Part, Value } from "./part.ts";
import { quotedList } from "./python-text.ts";
import { applyRow } from "./rules.ts";
import { type SubOptions, isNamed, parseSubOptions } from "./suboptions.ts";
import { finishPart, partsInstead } from "./whole-values.ts";

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
  const { guest, table, text } = use;
  if (text === "" || (table.noneIsValue !== true && text === "none")) return [];
  try {
    const special = partsInstead(use);
    if (special) return special;
    const part = edited ?? partFor(guest, table);
    await setAll(use, part, edited !== undefined);
    if (edited === undefined) add(guest, table, part);
    return [part];
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw new ToolError(`Error: ${table.flag} ${text}: ${messageOf(error)}`);
  }
}

function partFor(guest: Guest, { part, many }: OptionTable): Part {
  if (part === undefined) return guest.domain;
  if (many === true) return guest.domain.fresh(part);
  return part.split(":").reduce((at, name) => at.one(name), guest.domain);
}

function add(guest: Guest, { part, many }: OptionTable, made: Part): void {
  if (part === undefined || many !== true) return;
  const list = guest.domain.list(part);
  if (!list.includes(made)) list.push(made);
}

async function setAll(use: OptionUse, part: Part, isEditing: boolean): Promise<void> {
  const { guest, table, text } = use;
  const options = parseSubOptions(text, table.rows, table.first ?? []);
  adjustSubOptions(use, options);
  const left = new Map(options);
  await setXmlPaths(left, part);
  for (const row of table.rows) {
    for (const [key, raw] of [...left]) {
      if (!isNamed(row, key)) continue;
      left.delete(key);
      const value = valueOf(row, key, raw);
      if (value === "default" && row.skipDefault === true) continue;
      const target = elementFor(part, row, key);
      const words = typeof value === "string" ? value : "";
      // eslint-disable-next-line no-await-in-loop -- later sub-options build on earlier ones
      await applyRow({ guest, part: target, row, value, text: words, options, isEditing });
    }
  }
  if (left.size > 0) {
    throw new ToolError(`Unknown ${table.flag} options: ${quotedList([...left.keys()])}`);
  }
  if (!isEditing) await finishPart(use, part, options);
}

/** @throws Error where a value lacks */
function valueOf(row: OptionRow, key: string, raw: string | null): Value {
  if (raw === null) throw new Error(`Option '${key}' had no value set.`);
  if (row.onOff !== true) return raw === "" ? null : raw;
  if (raw === "") return null;
  const value = switchValue(raw);
  if (value === undefined) throw new ToolError(`${key} must be 'yes' or 'no'`);
  return value;
}

/** The element of a list that `cell2.id` speaks of. */
function elementFor(part: Part, row: OptionRow, key: string): Part {
  return (row.each ?? "").split(" ").reduce((at, word) => {
    if (word === "") return at;
    const [spelling = "", list = spelling] = word.split("=");
    const digits = new RegExp(`${spelling}(\\d+)`).exec(key)?.[1] ?? "0";
    const parts = at.list(list);
    while (parts.length <= Number(digits)) at.add(list);
    return parts[Number(digits)] as Part;
  }, part);
}

const XPATH = /^xpath([0-9]*)\.(delete|set|create|value)$/;

async function setXmlPaths(options: SubOptions, part: Part): Promise<void> {
  for (const [key, value] of [...options]) {
    const [, digits, kind] = XPATH.exec(key) ?? [];
    if (digits === undefined || kind === undefined) {
      if (key === "clearxml") {
        options.delete(key);
        if (switchValue(value ?? "") === true) part.clear();
      }
      continue;
    }
    options.delete(key);
    while (part.actions.length <= Number(digits)) part.actions.push({});
    const action = part.actions[Number(digits)];
    if (!action || value === null) throw new Error(`Option '${key}' had no value set.`);
    if (kind === "value") action.value = value;
    else Object.assign(action, { kind, path: value });
  }
}
