import type { Preallocation } from "../../storage/block-node.ts";
import { StorageError } from "../../storage/errors.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { CommandError, UsageMistake } from "../image/tools.ts";
import { type Subcommand, has, lastOf, openImage, scan, withImage } from "./common.ts";

const LONG = {
  help: "h",
  "object:": "object",
  "image-opts": "image-opts",
  "preallocation:": "preallocation",
  shrink: "shrink",
};

const MODES: readonly Preallocation[] = ["off", "metadata", "falloc", "full"];

export async function resizeCommand(command: Subcommand): Promise<number> {
  // The size comes last and may begin with a minus.
  const { args } = command;
  if (args.length < 1) throw new UsageMistake("Not enough arguments");
  const scanned = scan(args.slice(0, -1), { short: "f:hq", long: LONG });
  if (has(scanned, "h") || args.length < 2) throw new UsageMistake("Not enough arguments");
  const [filename, extra] = scanned.words;
  if (filename === undefined || extra !== undefined)
    throw new UsageMistake("Expecting image file name and size");
  const preallocation = modeOf(lastOf(scanned, "preallocation"));
  const change = changeOf(args.at(-1) as string);
  const image = await openImage(command, filename, {
    driver: lastOf(scanned, "f"),
    write: true,
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async ({ node }) => {
    const before = node.sizeBytes;
    const wanted = change.relative === 0 ? change.size : before + change.relative * change.size;
    if (wanted <= 0) throw new CommandError("New image size must be positive");
    if (wanted < before && !has(scanned, "shrink")) {
      throw new CommandError(
        "Use the --shrink option to perform a shrink operation.\n" +
          "qemu-img: warning: Shrinking an image will delete all data beyond the shrunken image's end. " +
          "Before performing such an operation, make sure there is no important data there.",
      );
    }
    if (wanted <= before && preallocation !== "off")
      throw new CommandError("Preallocation can only be used for growing images");
    try {
      await node.truncate(wanted, { preallocation });
    } catch (error) {
      if (error instanceof StorageError) throw new CommandError(error.message);
      throw error;
    }
    if (!has(scanned, "q")) command.tools.out("Image resized.\n");
    return 0;
  });
}

function modeOf(text: string | undefined): Preallocation {
  const mode = MODES.find((known) => known === (text ?? "off"));
  if (mode === undefined) throw new CommandError(`Invalid preallocation mode '${text}'`);
  return mode;
}

function changeOf(text: string): { relative: -1 | 0 | 1; size: number } {
  const relative = text.startsWith("+") ? 1 : text.startsWith("-") ? -1 : 0;
  const size = parseSize(relative === 0 ? text : text.slice(1));
  if (size === undefined) {
    throw new CommandError(
      "Parameter 'size' expects a non-negative number below 2^64\n" +
        "Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.",
    );
  }
  return { relative, size };
}
