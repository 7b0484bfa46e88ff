import { StorageError } from "../../errors.ts";
import { type JsonObject, lineJson } from "../../json.ts";
import type { ImageOptions } from "../image-options.ts";

/** The names of a node: the one that opens it again where there is one, else its options. */
export function described(
  exactName: string | undefined,
  fullOptions: JsonObject,
): {
  readonly filename: string;
  readonly exactName: string | undefined;
  readonly fullOptions: JsonObject;
} {
  return { filename: exactName ?? `json:${lineJson(fullOptions)}`, exactName, fullOptions };
}

/** Options that every node has. */
const COMMON = new Set([
  "driver",
  "node-name",
  "filename",
  "read-only",
  "auto-read-only",
  "force-share",
  "discard",
  "detect-zeroes",
  "cache",
  "copy-on-read",
]);

/** Refuses options that a driver does not know. */
export function demandKnown(
  options: ImageOptions,
  driver: string,
  kind: "format" | "protocol",
  known: readonly string[],
): void {
  const strange = Object.keys(options).find((key) => !COMMON.has(key) && !known.includes(key));
  if (strange === undefined) return;
  const does = kind === "format" ? "does not" : "doesn't";
  throw new StorageError(
    "EINVAL",
    `Block ${kind} '${driver}' ${does} support the option '${strange}'`,
  );
}
