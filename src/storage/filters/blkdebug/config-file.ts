import { StorageError } from "../../errors.ts";

/** A section `[inject-error]` with its `key = "value"` lines. */
export interface Section {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads a configuration file as QEMU's `-readconfig` has them.
 *
 * @param name of the file, for the error
 * @throws StorageError EINVAL for a line that is none
 */
export function parseConfig(text: string, name: string): readonly Section[] {
  const sections: { name: string; values: Record<string, string> }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const head = /^\s*\[([^\]"\s]+)(?:\s+"[^"]*")?\s*\]/.exec(line);
    const pair = /^\s*([^\s=]+)\s*=\s*"([^"]*)"/.exec(line);
    const last = sections.at(-1);
    if (head !== null) sections.push({ name: head[1] as string, values: {} });
    else if (pair !== null && last !== undefined)
      last.values[pair[1] as string] = pair[2] as string;
    else if (pair !== null) throw failure(name, index, "no group defined");
    else throw failure(name, index, "parse error");
  }
  return sections;
}

function failure(name: string, index: number, what: string): StorageError {
  return new StorageError("EINVAL", `${name}:${index + 1}: ${what}`);
}
