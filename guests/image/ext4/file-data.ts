import { ByteSource } from "../../deb/byte-source.ts";
import { GuestError } from "../../errors.ts";
import type { BlockAllocator } from "./allocator.ts";
import type { BlockSink } from "./block-sink.ts";
import { BLOCK_BYTES } from "./structures.ts";

/** Blocks of a file that lie together: `logical` counts from the file's beginning. */
export interface Extent {
  readonly logical: number;
  readonly start: number;
  readonly count: number;
}

/** Contents that were written to the image. */
export interface StoredData {
  readonly sizeBytes: number;
  /** Ascending; what they leave out are holes, which read as zeros. */
  readonly extents: readonly Extent[];
}

/** An extent's length is 16 bits, of which the upper half means "unwritten". */
const MAX_EXTENT_BLOCKS = 32768;
/** ext4 counts a file's blocks in 32 bits. */
const MAX_FILE_BYTES = (2 ** 32 - 1) * BLOCK_BYTES;
const ZEROS = Buffer.alloc(BLOCK_BYTES);
const CHUNK_BYTES = 256 * BLOCK_BYTES;

/**
 * Writes a file's contents and says where they are. Blocks of zeros become holes. Takes a megabyte
 * of memory however long the file is.
 */
export async function storeData(
  contents: Uint8Array | AsyncIterable<Uint8Array>,
  allocator: BlockAllocator,
  sink: BlockSink,
): Promise<StoredData> {
  const extents: Extent[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunksOf(contents)) {
    if (sizeBytes + chunk.length > MAX_FILE_BYTES) {
      throw new GuestError("A file is larger than ext4 can hold: 16 TiB.");
    }
    for (const { at, end } of runsOf(chunk)) {
      await storeRun(chunk.subarray(at, end), (sizeBytes + at) / BLOCK_BYTES);
    }
    sizeBytes += chunk.length;
  }
  return { sizeBytes, extents };

  async function storeRun(bytes: Uint8Array, firstLogical: number): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { start, count } = allocator.take(Math.ceil((bytes.length - at) / BLOCK_BYTES));
      await sink.write(start * BLOCK_BYTES, bytes.subarray(at, at + count * BLOCK_BYTES));
      appendExtent(extents, { logical: firstLogical + at / BLOCK_BYTES, start, count });
      at += count * BLOCK_BYTES;
    }
  }
}

/** Adds an extent at the end of the list, as part of the last one when it goes on there. */
export function appendExtent(extents: Extent[], { logical, start, count }: Extent): void {
  const last = extents.at(-1);
  const isNext =
    last !== undefined &&
    last.logical + last.count === logical &&
    last.start + last.count === start &&
    last.count + count <= MAX_EXTENT_BLOCKS;
  if (isNext) {
    extents[extents.length - 1] = { ...last, count: last.count + count };
    return;
  }
  for (let done = 0; done < count; done += MAX_EXTENT_BLOCKS) {
    const piece = Math.min(count - done, MAX_EXTENT_BLOCKS);
    extents.push({ logical: logical + done, start: start + done, count: piece });
  }
}

/** The contents in pieces that begin at whole blocks. */
async function* chunksOf(
  contents: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (contents instanceof Uint8Array) {
    yield contents;
    return;
  }
  const source = new ByteSource(contents);
  try {
    for (;;) {
      const chunk = await source.read(CHUNK_BYTES);
      if (chunk.length > 0) {
        yield chunk;
      }
      if (chunk.length < CHUNK_BYTES) {
        return;
      }
    }
  } finally {
    await source.close();
  }
}

/** Parts of a chunk that are not zeros, in whole blocks. */
function* runsOf(chunk: Uint8Array): Generator<{ at: number; end: number }> {
  let at = -1;
  for (let block = 0; block < chunk.length; block += BLOCK_BYTES) {
    const isHole = isZeros(chunk.subarray(block, block + BLOCK_BYTES));
    if (isHole && at >= 0) {
      yield { at, end: block };
    }
    at = isHole ? -1 : at < 0 ? block : at;
  }
  if (at >= 0) {
    yield { at, end: chunk.length };
  }
}

function isZeros(block: Uint8Array): boolean {
  return Buffer.compare(block, ZEROS.subarray(0, block.length)) === 0;
}
