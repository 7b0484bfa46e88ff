/** What `--osinfo` asks for. */
import { ToolError, messageOf } from "./errors.ts";
import { switchValue } from "./numbers.ts";
import { osById, osByName } from "../../virt/os-table.ts";
import { quotedList } from "./python-text.ts";
import { namesAndValues } from "./suboptions.ts";

export interface OsChoice {
  readonly name?: string;
  /** Whether what the medium tells counts, even more than the name. */
  readonly detects: boolean;
  readonly require: "auto" | "on" | "off";
}

const FLAG = "--os-variant";

function flagValue(name: string, text: string): boolean {
  const value = switchValue(text);
  if (value === undefined) throw new ToolError(`${name} must be 'yes' or 'no'`);
  return value;
}

/** @throws ToolError in the real tool's words */
export function parseOsChoice(text: string | undefined): OsChoice {
  try {
    if (text === undefined || text === "auto") return { detects: true, require: "auto" };
    if (text === "none") return { name: "generic", detects: false, require: "off" };
    if (!text.includes("=")) {
      const os = text.includes("://") ? osById(text) : osByName(text);
      return { name: os.name, detects: false, require: "off" };
    }
    return parseParts(text);
  } catch (error) {
    throw error instanceof ToolError ? error : new ToolError(messageOf(error));
  }
}

function parseParts(text: string): OsChoice {
  let name: string | undefined;
  let isRequired = false;
  let detects = false;
  for (const [key, value] of namesAndValues(text)) {
    if (value === null) {
      throw new ToolError(`Error: ${FLAG} ${text}: Option '${key}' had no value set.`);
    }
    if (key === "name" || key === "short-id") name = osByName(value).name;
    else if (key === "id") name = osById(value).name;
    else if (key === "detect") detects = flagValue(key, value);
    else if (key === "require") isRequired = flagValue(key, value);
    else throw new ToolError(`Unknown ${FLAG} options: ${quotedList([key])}`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    detects,
    require: isRequired ? "on" : "off",
  };
}
