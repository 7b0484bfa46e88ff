/** Parts of a guest that sub-options describe: `--edit target=vda --disk …`. */
import { type OptionUse, failureOf, unknownOptions } from "./apply-option.ts";
import { sourceOfDisk } from "./disk-parts.ts";
import { type Known, sortByRows } from "./given-suboptions.ts";
import type { Guest } from "./guest.ts";
import { isSameHostDevice } from "./host-device.ts";
import { type OptionTable, rowsOf } from "./option-row.ts";
import type { Part, Value } from "./part.ts";
import { memberOf } from "./row-target.ts";
import { filesystemPath, networkSource } from "./rules-devices.ts";
import { type SubOptions, parseSubOptions } from "./suboptions.ts";

type Match = (guest: Guest, part: Part, value: Value) => boolean | Promise<boolean>;

const isSource: Match = (_guest, part, value) => (networkSource(part) ?? null) === value;

/** By option and sub-option, where a path alone does not tell. */
const MATCHES: Readonly<Record<string, Match>> = {
  "disk path": async (guest, part, value) =>
    ((await sourceOfDisk(guest, part))?.path ?? null) === value,
  "network source": isSource,
  "network network": isSource,
  "network bridge": isSource,
  "filesystem source": (_guest, part, value) => part.holds(filesystemPath(part), value),
  "hostdev name": (guest, part, value) => isSameHostDevice(guest, part, String(value)),
};

/**
 * Of the guest's parts that the option speaks of, those that `text` describes.
 *
 * @throws ToolError in the real tool's words
 */
export async function matchingParts(use: OptionUse): Promise<Part[]> {
  const { guest, table, text } = use;
  const rows = rowsOf(table);
  const found: Part[] = [];
  try {
    const options: SubOptions = parseSubOptions(text, rows, table.first ?? []);
    for (const part of partsOf(guest, table)) {
      const { known, unknown } = sortByRows(options, rows);
      // eslint-disable-next-line no-await-in-loop -- the first failure counts
      if (await isMatch(use, part, known)) found.push(part);
      if (unknown.length > 0) throw unknownOptions(table, unknown);
    }
  } catch (error) {
    throw failureOf(use, error);
  }
  return found;
}

/** All parts of the guest that an option may speak of. */
export function partsOf({ domain }: Guest, { part, many }: OptionTable): readonly Part[] {
  if (part === undefined) return [domain];
  return many === true ? domain.list(part) : [part.split(":").reduce((at, n) => at.one(n), domain)];
}

async function isMatch(
  { guest, table }: OptionUse,
  part: Part,
  known: readonly Known[],
): Promise<boolean> {
  for (const { row, key, value } of known) {
    const match = MATCHES[`${table.name} ${row.names[0]}`];
    if (row.rule === "xpath") return false;
    if (!match && row.path === undefined) {
      const device = table.part?.startsWith("devices:") === true ? part.shape.name : "";
      throw new Error(`Don't know how to match device type '${device}' property '${key}'`);
    }
    const target = memberOf(part, row, key, false);
    if (!target) return false;
    // eslint-disable-next-line no-await-in-loop -- the first one that differs decides
    const fits = match ? await match(guest, target, value) : target.holds(row.path ?? "", value);
    if (!fits) return false;
  }
  return true;
}
