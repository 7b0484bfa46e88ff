import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { makeEmpty } from "../../storage/formats/qcow2/make-empty.ts";
import { pathOf, resolveBacking } from "../../storage/graph/filename.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { run } from "../../storage/task.ts";
import { formatInfo } from "../image/format-specific.ts";
import { CommandError } from "../image/tools.ts";
import { Progress } from "./progress.ts";
import {
  type Subcommand,
  demandCacheMode,
  has,
  lastOf,
  onlyWord,
  openImage,
  orFail,
  scan,
} from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts" };
const CHUNK = 2 << 20;

export async function commitCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "f:ht:b:dpqr:", long: LONG });
  const name = onlyWord(scanned);
  demandCacheMode(lastOf(scanned, "t"));
  const image = await openImage(command, name, {
    driver: lastOf(scanned, "f"),
    write: true,
    writeBacking: true,
    imageOpts: has(scanned, "image-opts"),
  });
  const quiet = has(scanned, "q");
  try {
    const base = baseOf(command, image, lastOf(scanned, "b"), name);
    const progress = new Progress(command.tools, has(scanned, "p") && !quiet);
    await orFail(() => commit(image, base, progress), "Block job failed: ");
    // A base that is named keeps the top as it is: layers in between may not have what it has.
    const keeps = has(scanned, "d") || has(scanned, "b");
    if (!keeps) await orFail(() => empty(image), `Failed to empty ${image.filename}: `);
    progress.end();
  } finally {
    await image.node.close();
  }
  if (!quiet) command.tools.out("Image committed.\n");
  return 0;
}

/** By the name in the image above it, or by the file that it is, seen from there. */
function baseOf(
  { tools }: Subcommand,
  image: OpenImage,
  base: string | undefined,
  name: string,
): OpenImage {
  if (base === undefined) {
    if (image.backing === undefined) throw new CommandError("Image does not have a backing file");
    return image.backing;
  }
  const { identity } = tools.files;
  let overlay = image;
  for (let at = image.backing; at !== undefined; at = at.backing) {
    const stored = formatInfo(overlay).backingFile;
    const wanted = identity(pathOf(resolveBacking(overlay.filename, base)));
    if (stored === base || identity(pathOf(at.filename)) === wanted) return at;
    overlay = at;
  }
  throw new CommandError(`Did not find '${base}' in the backing chain of '${name}'`);
}

async function commit(image: OpenImage, base: OpenImage, progress: Progress): Promise<void> {
  const size = image.node.sizeBytes;
  if (base.node.sizeBytes < size) await base.node.truncate(size);
  for (let at = 0; at < size;) {
    progress.at(at, size);
    const found = await above(image, base, at, Math.min(CHUNK, size - at));
    if (found.allocated) {
      if (found.zero) await base.node.writeZeroes(at, found.length, { mayUnmap: true });
      else {
        const bytes = new Uint8Array(found.length);
        await image.node.read(at, [bytes]);
        await base.node.write(at, [bytes]);
      }
    }
    at += found.length;
  }
  await base.node.flush();
}

/** Whether any layer over the base has a range. */
async function above(
  image: OpenImage,
  base: OpenImage,
  start: number,
  most: number,
): Promise<{ readonly length: number; readonly allocated: boolean; readonly zero: boolean }> {
  let length = most;
  for (let at: OpenImage | undefined = image; at !== undefined && at !== base; at = at.backing) {
    const size = at.node.sizeBytes;
    if (start >= size) return { length, allocated: true, zero: true };
    const status = await at.node.status(start, Math.min(length, size - start));
    length = Math.min(length, status.length);
    if (status.allocated) return { length, allocated: true, zero: status.zero };
  }
  return { length, allocated: false, zero: false };
}

async function empty(image: OpenImage): Promise<void> {
  // What other formats have stays: they have no way to be emptied, and nobody minds.
  if (!(image.node instanceof Qcow2Node)) return;
  const { image: qcow2 } = image.node;
  await run(qcow2.exclusive(makeEmpty(qcow2)));
}
