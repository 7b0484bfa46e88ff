import { type ChainExtent, chainExtent } from "../../storage/graph/chain-status.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { isZero } from "../../storage/segments.ts";
import { UsageMistake } from "../image/tools.ts";
import { Progress } from "./progress.ts";
import {
  type Subcommand,
  demandCacheMode,
  has,
  lastOf,
  openImage,
  orFail,
  scan,
  withImage,
} from "./common.ts";

const LONG = { help: "h", "object:": "object", "image-opts": "image-opts", "force-share": "U" };
const CHUNK = 2 << 20;
/** Status of `compare` when it could not compare. */
const TROUBLE = 2;
/** … and when an image cannot be read. */
const UNREADABLE = 4;

export async function compareCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "hf:F:T:pqsU", long: LONG });
  demandCacheMode(lastOf(scanned, "T"), "source cache");
  const [first, second, extra] = scanned.words;
  if (first === undefined || second === undefined || extra !== undefined)
    throw new UsageMistake("Expecting two image file names", TROUBLE);
  const say = (text: string): void => {
    if (!has(scanned, "q")) command.tools.out(text);
  };
  const open = (name: string, format: string): Promise<OpenImage> =>
    openImage(command, name, {
      driver: lastOf(scanned, format),
      write: false,
      share: has(scanned, "U"),
      imageOpts: has(scanned, "image-opts"),
    });
  const a = await orFail(() => open(first, "f"), "", TROUBLE);
  return withImage(a, async () =>
    withImage(await open(second, "F"), (b) => {
      const progress = new Progress(command.tools, has(scanned, "p") && !has(scanned, "q"));
      return orFail(() => compare(a, b, has(scanned, "s"), say, progress), "", TROUBLE);
    }),
  );
}

async function compare(
  a: OpenImage,
  b: OpenImage,
  strict: boolean,
  say: (text: string) => void,
  progress: Progress,
): Promise<number> {
  const [sizeA, sizeB] = [a.node.sizeBytes, b.node.sizeBytes];
  if (sizeA !== sizeB && strict) {
    say("Strict mode: Image size mismatch!\n");
    return 1;
  }
  const common = Math.min(sizeA, sizeB);
  for (let at = 0; at < common;) {
    progress.at(at, common);
    const one = await chainExtent(a, at, common - at);
    const two = await chainExtent(b, at, one.length);
    const length = two.length;
    if (strict && one.present !== two.present) {
      say(`Strict mode: Offset ${at} block status mismatch!\n`);
      return 1;
    }
    const mismatch = await firstMismatch(a, b, { at, length }, one, two);
    if (mismatch >= 0) {
      say(`Content mismatch at offset ${at + mismatch}!\n`);
      return 1;
    }
    at += length;
  }
  if (sizeA !== sizeB) {
    say("Warning: Image size mismatch!\n");
    const longer = sizeA > sizeB ? a : b;
    const mismatch = await firstNonZero(longer, common);
    if (mismatch >= 0) {
      say(`Content mismatch at offset ${mismatch}!\n`);
      return 1;
    }
  }
  progress.end();
  say("Images are identical.\n");
  return 0;
}

/** @returns where the two differ, from the start of the range; -1 when they do not */
async function firstMismatch(
  a: OpenImage,
  b: OpenImage,
  { at, length }: { at: number; length: number },
  one: ChainExtent,
  two: ChainExtent,
): Promise<number> {
  if (one.zero && two.zero) return -1;
  for (let done = 0; done < length; done += CHUNK) {
    const count = Math.min(CHUNK, length - done);
    const [x, y] = [new Uint8Array(count), new Uint8Array(count)];
    if (!one.zero) await readOrFail(a, at + done, x);
    if (!two.zero) await readOrFail(b, at + done, y);
    // The offset is that of the first sector that differs.
    for (let i = 0; i < count; i++) if (x[i] !== y[i]) return done + i - (i % 512);
  }
  return -1;
}

function readOrFail(image: OpenImage, offset: number, bytes: Uint8Array): Promise<void> {
  const prefix = `Error while reading offset ${offset} of ${image.filename}: `;
  return orFail(() => image.node.read(offset, [bytes]), prefix, UNREADABLE);
}

async function firstNonZero(image: OpenImage, from: number): Promise<number> {
  const size = image.node.sizeBytes;
  for (let at = from; at < size;) {
    const extent = await chainExtent(image, at, Math.min(CHUNK, size - at));
    if (!extent.zero) {
      const bytes = new Uint8Array(extent.length);
      await readOrFail(image, at, bytes);
      if (!isZero(bytes)) {
        const first = bytes.findIndex((byte) => byte !== 0);
        return at + first - (first % 512);
      }
    }
    at += extent.length;
  }
  return -1;
}
