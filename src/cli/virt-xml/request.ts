/** What a command line asks for: one action on the parts that one option speaks of. */
import type { Given } from "../virtinst/arguments.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { OptionTable } from "../virtinst/option-row.ts";
import { OPTION_TABLES } from "../virtinst/options/index.ts";
import { quotedList } from "../virtinst/python-text.ts";

export type Action = "edit" | "add-device" | "remove-device" | "build-xml";

const ACTIONS: readonly Action[] = ["edit", "add-device", "remove-device", "build-xml"];

/** @throws ToolError where there is none, or more than one */
export function chosenAction(given: Given): Action {
  const chosen = ACTIONS.filter((name) => given.has(name));
  const flags = (names: readonly string[]): string => names.map((name) => `--${name}`).join(", ");
  if (chosen.length > 1) throw new ToolError(`Conflicting options ${flags(chosen)}`);
  if (!chosen[0]) throw new ToolError(`One of ${flags(ACTIONS)} must be specified.`);
  return chosen[0];
}

/** The option with sub-options, or `xml` for changes by path. */
export type Subject = OptionTable | "xml";

/** Where conflicting options stand when they are told. */
const FIRST = ["disk", "network", "graphics", "metadata", "memory", "cpu", "vcpus"];
const LAST = ["boot", "idmap"];

function place({ name, part = "" }: OptionTable): number {
  const first = FIRST.indexOf(name);
  if (first >= 0) return first;
  if (LAST.includes(name)) return FIRST.length + 1;
  return part.startsWith("devices:") ? FIRST.length + 2 : FIRST.length;
}

/** @throws ToolError where there is none, or more than one */
export function chosenSubject(given: Given): Subject {
  const tables = OPTION_TABLES.filter(({ name }) => given.has(name)).toSorted(
    (one, other) => place(one) - place(other),
  );
  const flags = [...tables.map(({ flag }) => flag), ...(given.has("xml") ? ["--xml"] : [])];
  if (flags.length === 0) throw new ToolError("No change specified.");
  if (flags.length > 1) {
    const list = quotedList(flags);
    throw new ToolError(`Only one change operation may be specified (conflicting options ${list})`);
  }
  return tables[0] ?? "xml";
}

/** What the real tool calls the option in its messages. */
export function subjectName(subject: Subject): string {
  return subject === "xml" ? "xml" : subject.name;
}

/** Whether the option speaks of a part of the guest, not of the guest as a whole. */
export function hasPart(subject: Subject): subject is OptionTable & { readonly part: string } {
  return subject !== "xml" && subject.part !== undefined;
}
