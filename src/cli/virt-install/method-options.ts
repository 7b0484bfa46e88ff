/** The options of an installation's method, and their sub-options. */
import { ToolError } from "../virtinst/errors.ts";
import { switchValue } from "../virtinst/numbers.ts";
import { type OptionRows, option } from "../virtinst/option-row.ts";
import { quotedList } from "../virtinst/python-text.ts";
import { parseSubOptions } from "../virtinst/suboptions.ts";

/** Values by name; switches are `yes` or `no`. */
export type MethodOptions = ReadonlyMap<string, string>;

export interface MethodTable {
  readonly flag: string;
  /** The name of a value that stands first and alone. */
  readonly first?: string;
  readonly rows: OptionRows;
}

export const INSTALL: MethodTable = {
  flag: "--install",
  first: "os",
  rows: [
    option("bootdev", undefined, { comma: true }),
    option("kernel", undefined, { comma: true }),
    option("initrd", undefined, { comma: true }),
    option("kernel_args", undefined, { comma: true }),
    option("kernel_args_overwrite", undefined, { onOff: true }),
    option("os"),
    option("no_install", undefined, { onOff: true }),
  ],
};

export const LOCATION: MethodTable = {
  flag: "--location",
  first: "location",
  rows: [
    option("location", undefined, { comma: true }),
    option("kernel", undefined, { comma: true }),
    option("initrd", undefined, { comma: true }),
  ],
};

export const CLOUD_INIT: MethodTable = {
  flag: "--cloud-init",
  rows: [
    option("root-password-generate", undefined, { onOff: true }),
    option("root-password-file"),
    option("disable", undefined, { onOff: true }),
    option("root-ssh-key ssh-key"),
    option("clouduser-ssh-key"),
    option("user-data"),
    option("meta-data"),
    option("network-config"),
  ],
};

export const UNATTENDED: MethodTable = {
  flag: "--unattended",
  rows: [
    option("profile"),
    option("admin-password-file"),
    option("user-login"),
    option("user-password-file"),
    option("product-key"),
    option("reg-login"),
  ],
};

/** @throws ToolError in the real tool's words */
export function methodOptions({ flag, first, rows }: MethodTable, text: string): MethodOptions {
  const given = parseSubOptions(text, rows, first === undefined ? [] : [first]);
  const found = new Map<string, string>();
  const unknown: string[] = [];
  for (const [name, value] of given) {
    const row = rows.find(({ names }) => names.includes(name));
    if (!row) unknown.push(name);
    else found.set(row.names[0] ?? name, checked(name, value, row.onOff === true, flag, text));
  }
  if (unknown.length > 0) throw new ToolError(`Unknown ${flag} options: ${quotedList(unknown)}`);
  return found;
}

function checked(
  name: string,
  value: string | null,
  isSwitch: boolean,
  flag: string,
  text: string,
): string {
  if (value === null) {
    throw new ToolError(`Error: ${flag} ${text}: Option '${name}' had no value set.`);
  }
  if (!isSwitch) return value;
  const on = switchValue(value);
  if (on === undefined) throw new ToolError(`${name} must be 'yes' or 'no'`);
  return on ? "yes" : "no";
}
