import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { findSnapshot } from "../../storage/formats/qcow2/snapshots.ts";
import { snapshotView } from "../../storage/formats/qcow2/snapshot-view.ts";
import { isFormatNode } from "../../storage/formats/driver.ts";
import {
  type ImageOptions,
  splitOptions,
  parseImageOptions,
} from "../../storage/graph/image-options.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { createOptions, formatOptions } from "../../storage/graph/create-options.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { StorageError } from "../../storage/errors.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import { isExport } from "../../storage/graph/new-file.ts";
import { run } from "../../storage/task.ts";
import { parseSize } from "../../storage/parse-size.ts";
import {
  type OptionValue,
  asksForHelp,
  demandCreatable,
  typedOptions,
} from "../image/typed-options.ts";
import { CommandError } from "../image/tools.ts";
import type { Scanned } from "../image/getopt.ts";
import { demandBitmaps, transferBitmaps } from "./convert-bitmaps.ts";
import { type CopyJob, copyImages } from "./copy.ts";
import { Progress } from "./progress.ts";
import { printCreateHelp } from "./create.ts";
import {
  type Subcommand,
  demandCacheMode,
  has,
  lastOf,
  messageOf,
  openImage,
  optionTexts,
  orFail,
  scan,
} from "./common.ts";

const LONG = {
  help: "h",
  "source-image-opts": "image-opts",
  "object:": "object",
  "image-opts": "image-opts",
  "force-share": "U",
  "target-image-opts": "target-image-opts",
  salvage: "salvage",
  "target-is-zero": "target-is-zero",
  bitmaps: "bitmaps",
  "skip-broken-bitmaps": "skip-broken-bitmaps",
};
const SHORT = "hf:O:B:CcF:o:l:S:pt:T:qnm:WUr:";

export async function convertCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: SHORT, long: LONG });
  const outFormat = lastOf(scanned, "O") ?? "raw";
  const texts = optionTexts(scanned);
  if (texts.length > 0 && asksForHelp(texts)) {
    printCreateHelp(command.tools, outFormat, scanned.words.length > 0);
    return 0;
  }
  demandConsistent(scanned);
  const sources = scanned.words.slice(0, -1);
  const target = scanned.words.at(-1);
  if (target === undefined || sources.length < 1)
    throw new CommandError("Must specify image file name");
  const opened: OpenImage[] = [];
  try {
    for (const name of sources) opened.push(await openSource(command, scanned, name));
    return await convert(command, scanned, opened, { name: target, format: outFormat, texts });
  } finally {
    for (const image of opened.toReversed()) await image.node.close();
  }
}

function demandConsistent(scanned: Scanned): void {
  demandCacheMode(lastOf(scanned, "t"));
  demandCacheMode(lastOf(scanned, "T"), "source cache");
  const sparse = lastOf(scanned, "S");
  if (sparse !== undefined && parseSize(sparse) === undefined)
    throw new CommandError(
      "Invalid buffer size for sparse output specified. Valid sizes are multiples of 512 up to 1073741823. Select 0 to disable sparse detection (fully allocates output).",
    );
  const count = lastOf(scanned, "m");
  if (count !== undefined && !(Number(count) >= 1 && Number(count) <= 16))
    throw new CommandError(
      "Invalid number of coroutines. Allowed number of coroutines is between 1 and 16",
    );
  if (has(scanned, "n") && lastOf(scanned, "o") !== undefined)
    throw new CommandError("-o has no effect when skipping image creation");
  if (has(scanned, "skip-broken-bitmaps") && !has(scanned, "bitmaps"))
    throw new CommandError("Use of --skip-broken-bitmaps requires --bitmaps");
  if (has(scanned, "target-is-zero") && !has(scanned, "n"))
    throw new CommandError("--target-is-zero requires use of -n flag");
  if (has(scanned, "target-image-opts") && !has(scanned, "n"))
    throw new CommandError("--target-image-opts requires use of -n flag");
  if (has(scanned, "C")) demandOffloadable(scanned);
}

/** Offloading itself (`-C`) is up to the host; here data are always copied by us. */
function demandOffloadable(scanned: Scanned): void {
  const refused = ["S", "c"].find((option) => has(scanned, option));
  if (refused !== undefined)
    throw new CommandError(`Cannot enable copy offloading when -${refused} is used`);
  if (has(scanned, "salvage"))
    throw new CommandError("Cannot use copy offloading in salvaging mode");
}

async function openSource(command: Subcommand, scanned: Scanned, name: string): Promise<OpenImage> {
  return openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: false,
    share: has(scanned, "U"),
    imageOpts: has(scanned, "image-opts"),
  });
}

interface Target {
  readonly name: string;
  readonly format: string;
  readonly texts: readonly string[];
}

async function convert(
  command: Subcommand,
  scanned: Scanned,
  sources: OpenImage[],
  target: Target,
): Promise<number> {
  const wanted = lastOf(scanned, "l");
  if (wanted !== undefined) await useSnapshot(sources, wanted);
  const total = sources.reduce((sum, { node }) => sum + node.sizeBytes, 0);
  const options = targetOptions(scanned, target);
  const isNew = !has(scanned, "n");
  const backing = options.get("backing_file");
  const compressed = has(scanned, "c");
  const canCompress = target.format === "qcow2" || target.format === "vmdk";
  if (compressed && !canCompress)
    throw new CommandError("Compression not supported for this file format");
  if (compressed && (options.get("encryption") === true || options.has("encrypt.format")))
    throw new CommandError("Compression and encryption not supported at the same time");
  if (backing !== undefined && sources.length > 1)
    throw new CommandError(
      "Having a backing file for the target makes no sense when concatenating multiple input images",
    );
  if (backing !== undefined && isNew) await demandBacking(command, target, options);
  const bitmaps = has(scanned, "bitmaps");
  if (bitmaps) await demandBitmaps(sources, target.format, has(scanned, "skip-broken-bitmaps"));
  if (isNew) {
    const size = (options.get("size") as number | undefined) ?? total;
    await orFail(
      () =>
        createImage(command.tools.files, {
          filename: target.name,
          format: target.format,
          sizeBytes: size,
          options,
          nowMs: command.tools.nowMs(),
          keys: command.keys,
          sockets: command.tools.sockets,
          report: (message) => command.tools.err(`${message}\n`),
        }),
      `${target.name}: error while converting ${target.format}: `,
    );
  }
  const out = await openTarget(command, scanned, target, isNew ? keySecrets(options) : {});
  const quiet = has(scanned, "q");
  const progress = new Progress(command.tools, has(scanned, "p") && !quiet);
  try {
    if (!isNew && out.node.sizeBytes < total)
      throw new CommandError("output file is smaller than input file");
    const job: CopyJob = {
      sources,
      target: out,
      compressed: compressed || needsCompression(out),
      targetIsZero: (isNew && startsAsZeroes(out)) || has(scanned, "target-is-zero"),
      hasBacking: backing !== undefined,
      sparseBytes: parseSize(lastOf(scanned, "S") ?? "4k") ?? 4096,
      salvage: has(scanned, "salvage"),
      warn: (text) => {
        if (!quiet) command.tools.err(`qemu-img: warning: ${text}\n`);
      },
      progress: (part) => progress.at(part, 1),
    };
    await orFail(() => copyImages(job));
    if (bitmaps) await orFail(() => transferBitmaps(sources, out, job.warn));
    progress.end();
  } finally {
    await out.node.close();
  }
  return 0;
}

function targetOptions(scanned: Scanned, target: Target): Map<string, OptionValue> {
  const { format, texts } = target;
  demandCreatable(format);
  const options = typedOptions(texts, createOptions(format));
  const base = lastOf(scanned, "B");
  const baseFormat = lastOf(scanned, "F");
  if (base !== undefined) {
    if (!formatOptions(format).some(({ name }) => name === "backing_file"))
      throw new CommandError(`Backing file not supported for file format '${format}'`);
    options.set("backing_file", base);
  }
  if (baseFormat !== undefined) options.set("backing_fmt", baseFormat);
  return options;
}

async function demandBacking(
  command: Subcommand,
  target: Target,
  options: ReadonlyMap<string, OptionValue>,
): Promise<void> {
  if (!options.has("backing_fmt"))
    throw new CommandError("Use of backing file requires explicit backing format");
  const filename = resolveBacking(target.name, String(options.get("backing_file")));
  const driver = String(options.get("backing_fmt"));
  const image = await orFail(
    () => command.opener.open({ filename, driver, write: false, share: true }),
    `Could not open '${target.name}': Could not open backing file: `,
  );
  await image.node.close();
}

/** Some images can only be written compressed. */
function needsCompression({ node }: OpenImage): boolean {
  return isFormatNode(node) && node.needsCompressedWrites === true;
}

async function openTarget(
  command: Subcommand,
  scanned: Scanned,
  { name, format }: Target,
  options: ImageOptions,
): Promise<OpenImage> {
  if (has(scanned, "target-image-opts")) {
    try {
      return await command.opener.open({ options: parseImageOptions(name), write: true });
    } catch (error) {
      throw new CommandError(`Could not open '${name}': ${messageOf(error)}`);
    }
  }
  const request = { filename: name, driver: format, write: true, options };
  return orFail(() => command.opener.open(request));
}

/** What of the options that an image was made with is needed to open it. */
function keySecrets(options: ReadonlyMap<string, OptionValue>): ImageOptions {
  const own = options.get("key-secret");
  const inside = options.get("encrypt.key-secret");
  return {
    ...(own !== undefined && { "key-secret": own }),
    ...(inside !== undefined && { encrypt: { "key-secret": inside } }),
  };
}

/**
 * What a new image holds where nothing was written; ciphertext of zeroes is something else, and so is what a
 * server's export held before.
 */
function startsAsZeroes({ node, filename, driver }: OpenImage): boolean {
  if (driver === "raw" && isExport(filename)) return false;
  if (isFormatNode(node)) return node.startsWithGarbage !== true;
  if (!(node instanceof Qcow2Node) || node.image.encryption === undefined) return true;
  return node.image.l1Offset(0) === 0;
}

/** Makes the only source show one of its snapshots. */
async function useSnapshot(sources: OpenImage[], text: string): Promise<void> {
  if (sources.length > 1) throw new CommandError("No support for concatenating multiple snapshot");
  const source = sources[0] as OpenImage;
  const wanted = snapshotName(text);
  try {
    if (!(source.node instanceof Qcow2Node)) throw new StorageError("ENOTSUP");
    const found = findSnapshot(source.node.image.snapshots, wanted);
    if (found === undefined) throw new StorageError("ENOENT", "Can't find snapshot");
    await run(snapshotView(source.node.image, found));
  } catch (error) {
    throw new CommandError(`Failed to load snapshot: ${messageOf(error)}`);
  }
}

/** `snapshot.id=1,snapshot.name=x` or just a name. */
function snapshotName(text: string): string {
  if (!text.startsWith("snapshot.")) return text;
  const options = new Map(splitOptions(text));
  return options.get("snapshot.name") ?? options.get("snapshot.id") ?? text;
}
