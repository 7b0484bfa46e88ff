import type { Task } from "../../task.ts";
import type { Qcow2Image } from "./image.ts";

/**
 * Whether clearly more clusters are counted than the file takes space for on the host: only then is
 * it worth to look for its holes, which may be slow. QEMU judges by the same tenth.
 */
export function* looksPreallocated(image: Qcow2Image): Task<boolean> {
  const { file, clusterSize, refcounts } = image;
  const allocated = file.allocatedBytes?.();
  if (allocated === undefined) return false;
  const real = Math.floor(allocated / clusterSize);
  const threshold = Math.max(Math.floor((real * 10) / 9), real + 2);
  const end = Math.floor(file.sizeBytes / clusterSize);
  let counted = 0;
  for (let cluster = 0; cluster < end && counted < threshold; cluster++)
    if ((yield* refcounts.get(cluster)) > 0) counted++;
  return counted >= threshold;
}
