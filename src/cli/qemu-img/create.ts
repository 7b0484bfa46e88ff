import { amendOptions, createOptions, formatOptions } from "../../storage/graph/create-options.ts";
import { newImage } from "../image/new-image.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { asksForHelp, demandCreatable, optionsHelp } from "../image/typed-options.ts";
import { CommandError, type ImageTools, UsageMistake } from "../image/tools.ts";
import { COMMON_LONG, type Subcommand, has, lastOf, optionTexts, scan } from "./common.ts";

export async function createCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "F:b:f:ho:qu", long: COMMON_LONG });
  const format = lastOf(scanned, "f") ?? "raw";
  const texts = optionTexts(scanned);
  const [filename, size, extra] = scanned.words;
  if (texts.length > 0 && asksForHelp(texts)) {
    printCreateHelp(command.tools, format, filename !== undefined);
    return 0;
  }
  if (filename === undefined) throw new UsageMistake("Expecting image file name");
  if (extra !== undefined) throw new UsageMistake(`Unexpected argument: ${extra}`);
  await newImage(command.tools, command.opener, command.keys, {
    filename,
    format,
    optionTexts: texts,
    sizeBytes: size === undefined ? undefined : imageSize(size),
    backingFile: lastOf(scanned, "b"),
    backingFormat: lastOf(scanned, "F"),
    quiet: has(scanned, "q"),
    unchecked: has(scanned, "u"),
  });
  return 0;
}

/** A size on the command line. */
export function imageSize(text: string, what = "image size"): number {
  const size = parseSize(text);
  if (size === undefined) {
    throw new CommandError(
      `Invalid ${what} specified. You may use k, M, G, T, P or E suffixes for\n` +
        "qemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.",
    );
  }
  if (size >= 2 ** 63)
    throw new CommandError(`Invalid ${what} specified. Must be between 0 and 9223372036854775807.`);
  return size;
}

export function printCreateHelp(tools: ImageTools, format: string, withFile: boolean): void {
  demandCreatable(format);
  const rows = withFile ? createOptions(format) : formatOptions(format);
  tools.out(optionsHelp(withFile ? "Supported options:" : `Supported ${format} options:`, rows));
  if (withFile) return;
  tools.out(
    "\nThe protocol level may support further options.\n" +
      "Specify the target filename to include those options.\n",
  );
}

export function printAmendHelp(tools: ImageTools, format: string): void {
  const rows = amendOptions(format);
  if (rows.length === 0)
    throw new CommandError(`Format driver '${format}' does not support option amendment`);
  tools.out(optionsHelp(`Amend options for '${format}':`, rows));
}
