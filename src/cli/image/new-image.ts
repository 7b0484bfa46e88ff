import { createImage } from "../../storage/graph/creator.ts";
import { createOptions, formatOptions } from "../../storage/graph/create-options.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import type { ImageOpener } from "../../storage/graph/opener.ts";
import type { Keys } from "../../storage/crypto/secrets.ts";
import { StorageError } from "../../storage/errors.ts";
import { type OptionValue, demandCreatable, optionText, typedOptions } from "./typed-options.ts";
import { CommandError, type ImageTools } from "./tools.ts";

export interface NewImage {
  readonly filename: string;
  readonly format: string;
  /** The texts of `-o`. */
  readonly optionTexts: readonly string[];
  readonly sizeBytes: number | undefined;
  readonly backingFile: string | undefined;
  readonly backingFormat: string | undefined;
  readonly quiet: boolean;
  /** Makes the image without looking at its backing file. */
  readonly unchecked: boolean;
}

/** `qemu-img create`: reads the options, looks at the backing image, says what it does, does it. */
export async function newImage(
  tools: ImageTools,
  opener: ImageOpener,
  keys: Keys,
  image: NewImage,
): Promise<void> {
  const fail = (message: string): CommandError => new CommandError(`${image.filename}: ${message}`);
  try {
    const options = judge(image);
    const sizeBytes = await sizeOf(opener, image, options);
    if (!image.quiet) tools.out(formattingLine(image, options, sizeBytes));
    tools.flush?.();
    await createImage(tools.files, {
      filename: image.filename,
      format: image.format,
      sizeBytes,
      options,
      nowMs: tools.nowMs(),
      keys,
      sockets: tools.sockets,
      report: (message) => tools.err(`${message}\n`),
    });
  } catch (error) {
    if (error instanceof StorageError && error.errno === "EFBIG") throw fail(tooLarge(image));
    if (error instanceof StorageError || error instanceof CommandError) throw fail(error.message);
    throw error;
  }
}

function tooLarge({ format }: NewImage): string {
  const hasClusters = createOptions(format).some(({ name }) => name === "cluster_size");
  const hint = hasClusters ? " (try using a larger cluster size)" : "";
  return `The image size is too large for file format '${format}'${hint}`;
}

function judge(image: NewImage): Map<string, OptionValue> {
  const { format, backingFile, backingFormat } = image;
  demandCreatable(format);
  const options = typedOptions(image.optionTexts, createOptions(format));
  const knowsBacking = formatOptions(format).some(({ name }) => name === "backing_file");
  if (backingFile !== undefined) {
    if (!knowsBacking)
      throw new CommandError(`Backing file not supported for file format '${format}'`);
    if (options.has("backing_file")) options.delete("backing_file");
    options.set("backing_file", backingFile);
  }
  if (backingFormat !== undefined) {
    if (!knowsBacking)
      throw new CommandError(`Backing format not supported for file format '${format}'`);
    options.set("backing_fmt", backingFormat);
  }
  if (options.has("size") && image.sizeBytes !== undefined)
    throw new CommandError("The image size must be specified only once");
  if (options.get("backing_file") === "")
    throw new CommandError("Expected backing file name, got empty string");
  if (options.get("backing_file") === image.filename)
    throw new CommandError(
      "Error: Trying to create an image with the same filename as the backing file",
    );
  return options;
}

async function sizeOf(
  opener: ImageOpener,
  image: NewImage,
  options: ReadonlyMap<string, OptionValue>,
): Promise<number> {
  const given = image.sizeBytes ?? (options.get("size") as number | undefined);
  const name = String(options.get("backing_file") ?? "");
  const format = options.get("backing_fmt");
  if (name === "" || image.unchecked) {
    if (given === undefined) throw new CommandError("Image creation needs a size parameter");
    if (name !== "" && format === undefined)
      throw new CommandError("Backing file specified without backing format");
    return given;
  }
  const backing = await openBacking(opener, image, name, format);
  try {
    if (format === undefined) {
      throw new CommandError(
        `Backing file specified without backing format\nDetected format of ${backing.driver}.`,
      );
    }
    return given ?? backing.node.sizeBytes;
  } finally {
    await backing.node.close();
  }
}

async function openBacking(
  opener: ImageOpener,
  image: NewImage,
  name: string,
  format: OptionValue | undefined,
): ReturnType<ImageOpener["open"]> {
  const filename = resolveBacking(image.filename, name);
  const driver = format === undefined ? undefined : String(format);
  try {
    return await opener.open({ filename, driver, write: false, share: true, lookOnly: true });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError(`${error.message}\nCould not open backing image.`);
  }
}

/** `Formatting 'a', fmt=qcow2 cluster_size=65536 …`: in the order of the format's table. */
function formattingLine(
  image: NewImage,
  options: ReadonlyMap<string, OptionValue>,
  sizeBytes: number,
): string {
  const words = createOptions(image.format).flatMap(({ name, preset }) => {
    const value = name === "size" ? sizeBytes : (options.get(name) ?? preset);
    return value === undefined ? [] : [`${name}=${quoted(optionText(value))}`];
  });
  return `Formatting '${image.filename}', fmt=${image.format} ${words.join(" ")}\n`;
}

/** Values with spaces or quotes are told apart from the next option. */
function quoted(text: string): string {
  return text.includes(",") ? text.replaceAll(",", ",,") : text;
}
