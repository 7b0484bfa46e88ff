import type { OpenImage, OpenRequest } from "../../storage/graph/opener.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";
import { parseImageOptions } from "../../storage/graph/image-options.ts";
import type { Keys } from "../../storage/crypto/secrets.ts";
import { StorageError } from "../../storage/errors.ts";
import { type OptionTable, type Scanned, getopt } from "../image/getopt.ts";
import { CommandError, type ImageTools, UsageMistake } from "../image/tools.ts";

/** One subcommand at work: its arguments and where its words go. */
export interface Subcommand {
  readonly tools: ImageTools;
  readonly opener: ImageOpener;
  /** What `--object` gave. */
  readonly keys: Keys;
  readonly args: readonly string[];
}

export function scan(args: readonly string[], table: OptionTable): Scanned {
  return getopt(args, table, {
    unknown: (word) => new UsageMistake(`unrecognized option '${word}'`),
    missing: (word) => new UsageMistake(`missing argument for option '${word}'`),
  });
}

/** The last value of an option. */
export function lastOf(scanned: Scanned, name: string): string | undefined {
  return scanned.options.findLast((option) => option.name === name)?.value;
}

export function allOf(scanned: Scanned, name: string): string[] {
  return scanned.options.filter((option) => option.name === name).map(({ value }) => value);
}

/**
 * What all `-o` gave, one text each.
 *
 * @throws CommandError when one does not begin and end with an option: joined to the next it would
 *   mean something else
 */
export function optionTexts(scanned: Scanned): string[] {
  const texts = allOf(scanned, "o");
  const bad = texts.find((text) => !/^[^,](.*[^,])?(,,)*$/s.test(text));
  if (bad !== undefined) throw new CommandError(`Invalid option list: ${bad}`);
  return texts;
}

export function has(scanned: Scanned, name: string): boolean {
  return scanned.options.some((option) => option.name === name);
}

/** The message of a failure that is not a bug. */
export function messageOf(error: unknown): string {
  if (error instanceof StorageError || error instanceof CommandError) return error.message;
  throw error;
}

/** Runs something whose failure ends the command with words in front of the cause. */
export async function orFail<T>(work: () => T | Promise<T>, prefix = "", status = 1): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(prefix + messageOf(error), status);
  }
}

const CACHE_MODES = ["none", "off", "writeback", "unsafe", "writethrough", "directsync"];

export function demandCacheMode(mode: string | undefined, which = "cache"): void {
  if (mode !== undefined && !CACHE_MODES.includes(mode))
    throw new CommandError(`Invalid ${which} option: ${mode}`);
}

/** Opens an image by name, or by options when `--image-opts` was given. */
export async function openImage(
  { opener }: Subcommand,
  name: string,
  request: Omit<OpenRequest, "filename" | "options"> & { imageOpts?: boolean },
): Promise<OpenImage> {
  const { imageOpts = false, ...rest } = request;
  const open = (): Promise<OpenImage> =>
    imageOpts
      ? opener.open({ ...rest, options: parseImageOptions(name) })
      : opener.open({ ...rest, filename: name });
  return orFail(open, `Could not open '${name}': `);
}

/** Closes images whatever happened in between. */
export async function withImage<T>(
  image: OpenImage,
  work: (image: OpenImage) => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await work(image);
  } catch (error) {
    try {
      await image.node.close();
    } catch {
      // The first failure is the one to tell.
    }
    throw error;
  }
  await image.node.close();
  return result;
}

export const COMMON_LONG = { help: "h", "object:": "object", "image-opts": "image-opts" } as const;

/** `json` and `human`. */
export function outputFormat(scanned: Scanned): "human" | "json" {
  const format = lastOf(scanned, "output") ?? "human";
  if (format !== "human" && format !== "json")
    throw new CommandError("--output must be used with human or json as argument.");
  return format;
}

export function onlyWord(scanned: Scanned, what = "Expecting one image file name"): string {
  const [word, ...more] = scanned.words;
  if (word === undefined || more.length > 0) throw new UsageMistake(what);
  return word;
}
