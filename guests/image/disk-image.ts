/** From the raw disk that a guest was made on to the image that is published. */
import { open, type FileHandle } from "node:fs/promises";
import { BLOCK_BYTES } from "./ext4/structures.ts";
import { usedBlocks } from "./ext4/used-blocks.ts";
import type { Bitmap } from "./ext4/bitmap.ts";
import { CLUSTER_BYTES, writeQcow2, type Cluster } from "./qcow2.ts";

const BLOCKS_PER_CLUSTER = CLUSTER_BYTES / BLOCK_BYTES;
const ZEROS = Buffer.alloc(CLUSTER_BYTES);

/**
 * Compresses a raw disk that holds an ext4 file system and nothing else. Blocks that no file has
 * are left out.
 *
 * @throws GuestError when the file system was not unmounted
 */
export async function compressDisk(rawPath: string, imagePath: string): Promise<void> {
  const raw = await open(rawPath, "r");
  try {
    const { size } = await raw.stat();
    await writeQcow2(imagePath, size, usedClusters(raw, size, await usedBlocks(raw)));
  } finally {
    await raw.close();
  }
}

async function* usedClusters(
  raw: FileHandle,
  sizeBytes: number,
  used: Bitmap,
): AsyncGenerator<Cluster> {
  for (let index = 0; index < sizeBytes / CLUSTER_BYTES; index++) {
    const first = index * BLOCKS_PER_CLUSTER;
    if (used.count(first, BLOCKS_PER_CLUSTER) === 0) {
      continue;
    }
    const bytes = Buffer.alloc(CLUSTER_BYTES);
    await raw.read(bytes, 0, CLUSTER_BYTES, index * CLUSTER_BYTES);
    for (let block = 0; block < BLOCKS_PER_CLUSTER; block++) {
      if (!used.has(first + block)) {
        bytes.fill(0, block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
      }
    }
    if (!bytes.equals(ZEROS)) {
      yield { index, bytes };
    }
  }
}
