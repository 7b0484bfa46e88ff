import { joinQcow2Options } from "../../storage/graph/drivers/qcow2-options.ts";
import {
  type ImageOptions,
  childOptions,
  mergeOptions,
  parseImageOptions,
  textOf,
} from "../../storage/graph/image-options.ts";
import type { OpenImage, OpenRequest } from "../../storage/graph/opener.ts";
import { switchOption } from "../../storage/graph/option-values.ts";
import { StorageError } from "../../storage/errors.ts";
import type { Arguments } from "./arguments.ts";
import type { Session } from "./session.ts";

const CACHE_OPTIONS = ["cache.direct", "cache.no-flush", "cache.writeback"];

/** Opens the image again in another way; when that fails it stays open as it was. */
export async function reopenCommand(session: Session, args: Arguments): Promise<boolean> {
  try {
    const given = parseImageOptions(args.value("o") ?? "");
    demandFitting(args, given);
    const image = session.image as OpenImage;
    const request = session.request as OpenRequest;
    demandUnchanged(image, request.options ?? {}, given);
    const write = args.has("w") ? true : args.has("r") ? false : request.write;
    const join = image.driver === "qcow2" ? joinQcow2Options : mergeOptions;
    const options = join(request.options ?? {}, given);
    await session.replace({ ...request, write, options });
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    session.tools.err(`qemu-io: ${error.message}\n`);
    return false;
  }
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

function demandFitting(args: Arguments, given: ImageOptions): void {
  if ((args.has("r") || args.has("w")) && given["read-only"] !== undefined)
    throw invalid("Cannot set both -r/-w and 'read-only'");
  const cache = flatten(childOptions(given, "cache"), "cache.");
  if (args.has("c") && CACHE_OPTIONS.some((name) => name in cache))
    throw invalid("Cannot set both -c and the cache options");
  for (const name of ["read-only", "auto-read-only"]) switchOption(given, name);
  for (const name of CACHE_OPTIONS) switchOption(cache, name);
}

function flatten(options: ImageOptions, prefix: string): ImageOptions {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`${prefix}${key}`, value]),
  );
}

/** What makes an image the one that it is stays. */
function demandUnchanged(image: OpenImage, before: ImageOptions, given: ImageOptions): void {
  const { driver: fileDriver } = (image.fullOptions["file"] ?? {}) as { driver?: string };
  const layers = [
    { was: { "node-name": textOf(before, "node-name"), driver: image.driver }, now: given },
    ...["file", "backing"].map((child) => ({
      was: {
        "node-name": textOf(childOptions(before, child), "node-name"),
        driver: child === "file" ? fileDriver : image.backing?.driver,
      },
      now: childOptions(given, child),
    })),
  ];
  for (const { was, now } of layers) {
    for (const [name, value] of Object.entries(was)) {
      const wanted = textOf(now, name);
      if (wanted !== undefined && wanted !== value)
        throw invalid(`Cannot change the option '${name}'`);
    }
  }
}
