import { StorageError } from "../errors.ts";

/** Options of a node as QEMU's `-blockdev` has them, nested: `file.filename` is `{ file: { filename } }`. */
export interface ImageOptions {
  [key: string]: string | number | boolean | null | ImageOptions;
}

/** Splits `a=1,b=2`; a comma in a value is written twice. */
export function splitOptions(text: string): (readonly [string, string | undefined])[] {
  const out: (readonly [string, string | undefined])[] = [];
  let at = 0;
  while (at < text.length) {
    let item = "";
    for (; at < text.length; at++) {
      if (text[at] === ",") {
        if (text[at + 1] !== ",") break;
        at++;
      }
      item += text[at];
    }
    at++;
    const equals = item.indexOf("=");
    out.push(equals < 0 ? [item, undefined] : [item.slice(0, equals), item.slice(equals + 1)]);
  }
  return out;
}

/** `driver=qcow2,file.filename=x` as nested options. A word alone is a switch that is on. */
export function parseImageOptions(text: string): ImageOptions {
  const out: ImageOptions = {};
  for (const [key, value] of splitOptions(text)) {
    if (value === undefined && key.startsWith("no") && key.length > 2)
      set(out, key.slice(2), "off");
    else set(out, key, value ?? "on");
  }
  return out;
}

function set(into: ImageOptions, path: string, value: string): void {
  const keys = path.split(".");
  let at = into;
  for (const key of keys.slice(0, -1)) at = childOf(at, key);
  const key = keys.at(-1) as string;
  const before = at[key];
  if (typeof before === "object" && before !== null) before[""] = value;
  else at[key] = value;
}

/** The options under a key; a value that is there already stays, under an empty key. */
function childOf(at: ImageOptions, key: string): ImageOptions {
  const next = at[key];
  if (typeof next === "object" && next !== null) return next;
  return (at[key] = next === undefined || next === null ? {} : { "": next });
}

/** Options out of `json:{…}`, with dotted keys taken apart. */
export function parseJsonName(text: string): ImageOptions {
  let parsed: unknown;
  try {
    parsed = JSON.parse(doubleQuoted(text.slice("json:".length)));
  } catch (error) {
    throw new StorageError("EINVAL", "Could not parse the JSON options", error);
  }
  if (typeof parsed !== "object" || parsed === null)
    throw new StorageError("EINVAL", "Invalid JSON object given");
  return crumple(parsed as ImageOptions);
}

/** QEMU's JSON has strings in single quotes too. */
function doubleQuoted(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, (word) => {
    if (word.startsWith('"')) return word;
    return `"${word
      .slice(1, -1)
      .replaceAll("\\'", "'")
      .replaceAll('"', String.raw`\"`)}"`;
  });
}

/** Dotted keys taken apart; the items of a list become members `0`, `1` …, as dotted keys name them. */
function crumple(options: ImageOptions): ImageOptions {
  const out: ImageOptions = {};
  for (const [path, value] of Object.entries(options)) {
    const keys = path.split(".");
    let at = out;
    for (const key of keys.slice(0, -1)) at = childOf(at, key);
    const key = keys.at(-1) as string;
    const before = at[key];
    const isObject = typeof value === "object" && value !== null;
    const isBoth = isObject && typeof before === "object" && before !== null;
    if (isBoth) at[key] = mergeOptions(before, crumple(value));
    else at[key] = isObject ? crumple(value) : value;
  }
  return out;
}

/** Both, member by member; `over` decides where they disagree. */
export function mergeOptions(base: ImageOptions, over: ImageOptions): ImageOptions {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = out[key];
    const areObjects =
      typeof value === "object" && value !== null && typeof before === "object" && before !== null;
    out[key] = areObjects ? mergeOptions(before, value) : value;
  }
  return out;
}

/** The options of a child node; none when there are none, or it is named by a reference. */
export function childOptions(options: ImageOptions, name: string): ImageOptions {
  const child = options[name];
  return typeof child === "object" && child !== null ? child : {};
}

/** The members of a list of options (`rules.0.event`), in order. */
export function listOf(options: ImageOptions, name: string): readonly ImageOptions[] {
  return Object.values(childOptions(options, name)).filter(
    (item): item is ImageOptions => typeof item === "object" && item !== null,
  );
}

/** Text, or a number or switch as text; undefined when it is absent. */
export function textOf(options: ImageOptions, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || value === null || typeof value === "object") return undefined;
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
