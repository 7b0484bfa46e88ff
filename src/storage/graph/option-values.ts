import { StorageError } from "../errors.ts";
import { parseSize } from "../parse-size.ts";
import { type ImageOptions, textOf } from "./image-options.ts";

const SIZE_HINT =
  "\nOptional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.";

/** A size in bytes: `64k`. */
export function sizeOption(options: ImageOptions, name: string): number | undefined {
  const text = textOf(options, name);
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined) {
    throw new StorageError(
      "EINVAL",
      `Parameter '${name}' expects a non-negative number below 2^64${SIZE_HINT}`,
    );
  }
  if (size === Infinity) {
    throw new StorageError("EINVAL", `Value '${text}' is out of range for parameter '${name}'`);
  }
  return size;
}

/** A whole number. */
export function numberOption(options: ImageOptions, name: string): number | undefined {
  const text = textOf(options, name);
  if (text === undefined) return undefined;
  if (!/^-?(?:\d+|0x[0-9a-f]+)$/i.test(text))
    throw new StorageError("EINVAL", `Parameter '${name}' expects a number`);
  return Number(text);
}

/** A switch: on, yes, true, y; off, no, false, n. */
export function switchOption(options: ImageOptions, name: string): boolean | undefined {
  const text = textOf(options, name);
  if (text === undefined) return undefined;
  if (["on", "yes", "true", "y"].includes(text)) return true;
  if (["off", "no", "false", "n"].includes(text)) return false;
  throw new StorageError("EINVAL", `Parameter '${name}' expects 'on' or 'off'`);
}
