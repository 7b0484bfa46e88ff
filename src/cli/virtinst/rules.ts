/** What sub-options do that are more than a path's new value. */
import { messageOf } from "./errors.ts";
import type { Guest } from "./guest.ts";
import { charRules } from "./rules-character.ts";
import { cpuRules } from "./rules-cpu.ts";
import { deviceRules } from "./rules-devices.ts";
import { guestRules } from "./rules-guest.ts";
import { xmlRules } from "./rules-xml.ts";
import type { OptionRow, OptionTable } from "./option-row.ts";
import type { Part, Value } from "./part.ts";
import type { SubOptions } from "./suboptions.ts";

export interface RuleContext {
  readonly guest: Guest;
  readonly table: OptionTable;
  /** The option's text with all its sub-options. */
  readonly whole: string;
  readonly part: Part;
  readonly row: OptionRow;
  /** The row's name as it was given, with its numbers. */
  readonly key: string;
  readonly value: Value;
  /** The value where it is text, else nothing. */
  readonly text: string;
  readonly options: SubOptions;
  /** An element that exists is being changed. */
  readonly isEditing: boolean;
}

export type Rule = (context: RuleContext) => void | Promise<void>;

const RULES: Readonly<Record<string, Rule>> = {
  none: () => undefined,
  ...charRules,
  ...cpuRules,
  ...deviceRules,
  ...guestRules,
  ...xmlRules,
};

/** @throws Error in the real tool's words */
export async function applyRow(context: RuleContext): Promise<void> {
  const { row, part, value } = context;
  if (row.rule === undefined) {
    part.set(row.path ?? "", value);
    return;
  }
  const rule = RULES[row.rule];
  if (!rule) throw new Error(`no rule ${row.rule}: ${messageOf(row.names)}`);
  await rule(context);
}
