import { isFormatNode } from "../../storage/formats/driver.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { changeBacking } from "../../storage/formats/qcow2/amend.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { StorageError, strerror } from "../../storage/errors.ts";
import { run } from "../../storage/task.ts";
import { CommandError, UsageMistake } from "../image/tools.ts";
import { Progress } from "./progress.ts";
import {
  type Subcommand,
  demandCacheMode,
  has,
  lastOf,
  messageOf,
  onlyWord,
  openImage,
  orFail,
  scan,
} from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts", "force-share": "U" };
const CHUNK = 2 << 20;

export async function rebaseCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hf:F:b:upt:T:qU", long: LONG });
  const name = onlyWord(scanned, "Expecting one image file name");
  const unsafe = has(scanned, "u");
  const backing = lastOf(scanned, "b");
  if (!unsafe && backing === undefined)
    throw new UsageMistake("Use backing file (-b) option or use unsafe mode (-u)");
  demandCacheMode(lastOf(scanned, "t"));
  demandCacheMode(lastOf(scanned, "T"), "source cache");
  const backingFormat = lastOf(scanned, "F");
  const image = await openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: true,
    share: has(scanned, "U"),
    noBacking: unsafe,
    imageOpts: has(scanned, "image-opts"),
  });
  const quiet = has(scanned, "q");
  const progress = new Progress(command.tools, has(scanned, "p") && !quiet);
  try {
    if (backing !== undefined && backing !== "" && backingFormat === undefined) {
      throw new CommandError(
        `Could not change the backing file to '${backing}': backing format must be specified`,
      );
    }
    if (!unsafe) await rebaseData(command, image, backing ?? "", backingFormat, progress);
    await changeHeader(image, backing ?? "", backingFormat);
    progress.end();
  } finally {
    await image.node.close();
  }
  return 0;
}

async function rebaseData(
  command: Subcommand,
  image: OpenImage,
  backing: string,
  driver: string | undefined,
  progress: Progress,
): Promise<void> {
  const fresh = await openNew(command, image, backing, driver);
  try {
    await orFail(() => copyDifferences(image, fresh, progress));
  } finally {
    await fresh?.node.close();
  }
}

async function openNew(
  { opener }: Subcommand,
  image: OpenImage,
  backing: string,
  driver: string | undefined,
): Promise<OpenImage | undefined> {
  if (backing === "") return undefined;
  const filename = resolveBacking(image.filename, backing);
  try {
    return await opener.open({ filename, driver, write: false, share: true });
  } catch (error) {
    const inner = messageOf(error);
    throw new CommandError(`Could not open new backing file '${backing}': ${inner}`);
  }
}

/** What the new backing image has otherwise than the old one goes into the image itself. */
async function copyDifferences(
  image: OpenImage,
  fresh: OpenImage | undefined,
  progress: Progress,
): Promise<void> {
  const size = image.node.sizeBytes;
  for (let at = 0; at < size;) {
    progress.at(at, size);
    const status = await image.node.status(at, Math.min(CHUNK, size - at));
    const { length } = status;
    if (!status.allocated) {
      const before = await contents(image.backing, at, length);
      const after = await contents(fresh, at, length);
      await writeWhereDifferent(image, at, before, after);
    }
    at += length;
  }
}

async function contents(
  image: OpenImage | undefined,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const there = Math.max(0, Math.min(length, (image?.node.sizeBytes ?? 0) - at));
  if (there > 0) await image?.node.read(at, [bytes.subarray(0, there)]);
  return bytes;
}

const UNIT = 512;

async function writeWhereDifferent(
  { node, backing }: OpenImage,
  at: number,
  before: Uint8Array,
  after: Uint8Array,
): Promise<void> {
  /** Where the old backing image ends. */
  const end = (backing?.node.sizeBytes ?? 0) - at;
  const unit = node instanceof Qcow2Node ? node.image.subclusterSize : UNIT;
  const differs = (from: number): boolean => {
    const stop = Math.min(before.length, from + unit - ((at + from) % unit));
    for (let i = from; i < stop; i++) if (before[i] !== after[i]) return true;
    return false;
  };
  const next = (from: number): number =>
    Math.min(before.length, from + unit - ((at + from) % unit));
  for (let from = 0; from < before.length;) {
    if (!differs(from)) {
      from = next(from);
      continue;
    }
    let to = next(from);
    while (to < before.length && to !== end && differs(to)) to = next(to);
    // Past the end of the old backing image there were zeroes, which take no space.
    if (from >= end) await node.writeZeroes(at + from, to - from);
    else await node.write(at + from, [before.subarray(from, to)]);
    from = to;
  }
}

async function changeHeader(
  image: OpenImage,
  backing: string,
  format: string | undefined,
): Promise<void> {
  try {
    const { node } = image;
    if (isFormatNode(node) && node.changeBacking !== undefined)
      return await run(node.changeBacking(backing || undefined, format));
    if (!(node instanceof Qcow2Node)) throw new StorageError("ENOTSUP");
    const qcow2 = node.image;
    await run(qcow2.exclusive(changeBacking(qcow2, backing || undefined, format)));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.errno === "ENOSPC") {
      throw new CommandError(
        `Could not change the backing file to '${backing}': No space left in the file header`,
      );
    }
    const what = error.errno === "EINVAL" ? error.message : strerror(error.errno);
    throw new CommandError(`Could not change the backing file to '${backing}': ${what}`);
  }
}
