import type { BlockStatus } from "../block-node.ts";
import type { OpenImage } from "./opener.ts";

/** What a stretch of an image is, and which layer of its chain says so. */
export interface ChainExtent {
  readonly start: number;
  readonly length: number;
  /** 0 for the image itself, 1 for its backing image … */
  readonly depth: number;
  readonly image: OpenImage;
  /** Some layer has it. */
  readonly present: boolean;
  readonly zero: boolean;
  readonly data: boolean;
  readonly offset: number | undefined;
  /** The name of the file that `offset` is in. */
  readonly file: string;
}

/** The first extent of a range, looked for down the backing chain. */
export async function chainExtent(
  image: OpenImage,
  start: number,
  length: number,
): Promise<ChainExtent> {
  let at = image;
  let most = length;
  for (let depth = 0; ; depth++) {
    const status = await at.node.status(start, most);
    most = Math.min(most, status.length);
    const { backing } = at;
    if (status.allocated || backing === undefined)
      return await settled(at, depth, start, { ...status, length: most });
    const below = backing.node.sizeBytes - start;
    if (below <= 0) return beyond(at, depth, start, most);
    most = Math.min(most, below);
    at = backing;
  }
}

/** Past the end of a shorter backing image the layer above reads as zeroes, and has nothing there. */
function beyond(image: OpenImage, depth: number, start: number, length: number): ChainExtent {
  const rest = { present: false, zero: true, data: false, offset: undefined };
  return { start, length, depth, image, file: image.dataName, ...rest };
}

async function settled(
  image: OpenImage,
  depth: number,
  start: number,
  status: BlockStatus,
): Promise<ChainExtent> {
  const { allocated, offset, data } = status;
  let { length, zero } = status;
  // Data in a hole of the file are zeroes: preallocated clusters that were never written.
  const below = status.file;
  if (status.mayHaveHoles === true && offset !== undefined && below !== undefined) {
    const end = Math.max(0, below.sizeBytes - offset);
    if (end === 0) zero = true;
    else {
      const hole = await below.status(offset, Math.min(length, end));
      if (hole.zero) zero = true;
      if (hole.length < length) length = hole.length;
    }
  }
  const common = { start, length, depth, image, file: image.dataName };
  return { ...common, present: allocated, zero, data, offset };
}
