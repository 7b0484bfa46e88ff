import { statfs } from "node:fs/promises";

/** Bytes of the file system that a path is on, and those that this user may still take. */
export async function nodeSpace(
  path: string,
): Promise<{ readonly capacityBytes: number; readonly availableBytes: number }> {
  const { bsize, blocks, bavail } = await statfs(path);
  return { capacityBytes: blocks * bsize, availableBytes: bavail * bsize };
}
