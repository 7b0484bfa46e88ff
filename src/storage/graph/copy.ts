import type { BlockNode } from "../block-node.ts";
import { isZero } from "../segments.ts";
import { chainExtent } from "./chain-status.ts";
import type { OpenImage } from "./opener.ts";

const CHUNK = 1 << 20;
/** Zeroes in the source's data are left out in units of this. */
const UNIT = 4096;

export interface CopyOptions {
  /** The target's backing image has what the source's has: only what is the source's own is copied. */
  readonly ownOnly?: boolean;
  /** Told after each step, of bytes of the source that are done; may end the copy by throwing. */
  step(doneBytes: number): Promise<void>;
}

/** Copies what a guest would read into a target that reads as zeroes (or as its backing image). */
export async function copyImage(
  source: OpenImage,
  target: BlockNode,
  { ownOnly = false, step }: CopyOptions,
): Promise<void> {
  const size = source.node.sizeBytes;
  for (let at = 0; at < size;) {
    const most = Math.min(CHUNK, size - at);
    const extent = ownOnly
      ? await ownExtent(source.node, at, most)
      : await chainExtent(source, at, most);
    if (extent.present && !extent.zero) await copyData(source.node, target, at, extent.length);
    // Over a backing image zeroes must be written.
    else if (ownOnly && extent.present) await target.writeZeroes(at, extent.length);
    at += extent.length;
    await step(at);
  }
  await target.flush();
}

async function ownExtent(
  node: BlockNode,
  at: number,
  most: number,
): Promise<{ length: number; present: boolean; zero: boolean }> {
  const { length, allocated, zero } = await node.status(at, most);
  return { length, present: allocated, zero };
}

async function copyData(from: BlockNode, to: BlockNode, at: number, length: number): Promise<void> {
  const bytes = new Uint8Array(length);
  await from.read(at, [bytes]);
  for (let start = 0; start < length;) {
    const zero = isZero(bytes.subarray(start, start + UNIT));
    let end = Math.min(length, start + UNIT);
    while (end < length && isZero(bytes.subarray(end, end + UNIT)) === zero)
      end = Math.min(length, end + UNIT);
    if (!zero) await to.write(at + start, [bytes.subarray(start, end)]);
    start = end;
  }
}
