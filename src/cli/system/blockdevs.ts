/** `-blockdev`: block nodes by name, in QEMU's two forms (keys and JSON). */
import type { DriveConfig } from "../../api/types.ts";
import type { BlockOptions } from "../../protocol/drive-spec.ts";
import { detectZeroesOf } from "./detect-zeroes.ts";
import { onOff } from "./device-properties.ts";
import { UsageError } from "./usage-error.ts";
import { parseKeyed } from "./values.ts";

type Value = BlockOptions[string];

/** The parameter without which a protocol makes no sense; null where there is none. */
const PROTOCOLS: ReadonlyMap<string, string | null> = new Map([
  ["file", "filename"],
  ["http", "url"],
  ["https", "url"],
  ["null-co", null],
  ["null-aio", null],
]);
/** Drivers that are a layer over `file`. Those that cannot be opened yet are refused when opened. */
const FORMATS = ["raw", "qcow2", "qed", "qcow", "vdi", "vmdk", "vpc", "vhdx", "luks"];

/** The nodes of a command line; each may stand on those before it. */
export class Blockdevs {
  readonly #nodes = new Map<string, DriveConfig & { readonly options: BlockOptions }>();

  readonly #below = new Set<string>();

  /** Nodes that no other stands on: an image has one user. */
  get drives(): readonly DriveConfig[] {
    const tops = [...this.#nodes.values()].filter(({ id }) => !this.#below.has(id));
    return tops.map(({ options, ...drive }) => ({
      ...drive,
      image: { kind: "options", options },
    }));
  }

  /** @throws UsageError in QEMU's words */
  add(text: string): void {
    const option = `-blockdev ${text}`;
    const given = text.startsWith("{") ? parseJson(option, text) : nest(text);
    const id = given["node-name"];
    if (typeof id !== "string") {
      throw new UsageError(`${option}: 'node-name' must be specified for the root node`);
    }
    if (this.#nodes.has(id)) {
      throw new UsageError(`${option}: Duplicate nodes with node-name='${id}'`);
    }
    const options = this.#resolve(option, given);
    this.#nodes.set(id, { id, ...flags(option, given), options, option });
  }

  /** The node with the nodes that it names put in their place. */
  #resolve(option: string, given: BlockOptions): BlockOptions {
    const driver = textOf(given["driver"]);
    if (driver === "") throw new UsageError(`${option}: Parameter 'driver' is missing`);
    const needed = PROTOCOLS.get(driver);
    if (needed !== undefined) {
      if (needed === null || given[needed] !== undefined) return given;
      throw new UsageError(`${option}: Parameter '${needed}' is missing`);
    }
    if (!FORMATS.includes(driver)) {
      throw new UsageError(`${option}: Parameter 'driver' does not accept value '${driver}'`);
    }
    const { backing } = given;
    const file = this.#child(option, given["file"]);
    return {
      ...given,
      file,
      ...(backing !== undefined && { backing: this.#child(option, backing) }),
    };
  }

  #child(option: string, child: Value | undefined): BlockOptions {
    if (child === undefined) throw new UsageError(`${option}: Parameter 'file' is missing`);
    if (typeof child === "object") return this.#resolve(option, child);
    const options = this.#nodes.get(String(child))?.options;
    if (options) {
      this.#below.add(String(child));
      return options;
    }
    throw new UsageError(`${option}: Cannot find device='${child}' nor node-name='${child}'`);
  }
}

function flags(option: string, given: BlockOptions) {
  const flag = (key: string, value: Value | undefined): boolean =>
    value === undefined ? false : value === true || onOff(option, key, textOf(value));
  const { cache } = given;
  const discard = given["discard"] === "unmap";
  const noFlush = typeof cache === "object" ? cache["no-flush"] : undefined;
  return {
    readOnly: flag("read-only", given["read-only"]),
    noFlush: flag("cache.no-flush", noFlush),
    discard,
    ...detectZeroesOf(option, textOf(given["detect-zeroes"]) || "off", discard),
  };
}

function textOf(value: Value | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

function parseJson(option: string, text: string): BlockOptions {
  try {
    return JSON.parse(text) as BlockOptions;
  } catch {
    throw new UsageError(`${option}: JSON parse error`);
  }
}

/** `file.driver=x` is the `driver` of `file`. */
function nest(text: string): BlockOptions {
  const root: Record<string, unknown> = {};
  for (const [key, value] of parseKeyed(text).keys) {
    const path = key.split(".");
    const last = path.pop() ?? "";
    let at = root;
    for (const part of path) {
      if (typeof at[part] !== "object") at[part] = {};
      at = at[part] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root as unknown as BlockOptions;
}
