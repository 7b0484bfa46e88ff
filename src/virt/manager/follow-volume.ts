/** Work on a volume, told of as it goes and given up when asked. */
import type { Connect } from "../driver/connect.ts";
import type { GiveUp } from "./upload-stream.ts";

export interface WorkControl {
  readonly signal: GiveUp;
  /** Bytes. Not called on connections that do not tell. */
  progress(done: number, total: number): void;
}

/** The volume, which need not be there yet. */
export interface VolumePlace {
  readonly pool: string;
  readonly name: string;
}

/**
 * Does work that makes or changes a volume by one call.
 *
 * @throws what the work throws; VmError operationAborted where it was given up, AbortError where it was
 * before it began
 */
export async function followVolume<T>(
  connect: Connect,
  { pool, name }: VolumePlace,
  { signal, progress }: WorkControl,
  work: () => Promise<T>,
): Promise<T> {
  // A connection that does not tell does the work all the same.
  const stop = await connect
    .connectVolumeJobs(({ volume, doneBytes, totalBytes }) => {
      if (volume.pool === pool && volume.name === name) progress(doneBytes, totalBytes);
    })
    .catch(() => () => {});
  let isOver = false;
  const giveUp = async (): Promise<void> => {
    if (isOver) return;
    const ref = await connect.storagePoolLookupByName(pool);
    await connect.storageVolAbortJob(await connect.storageVolLookupByName(ref, name));
  };
  try {
    signal.throwIfAborted();
    // What cannot be given up, or is over meanwhile, comes to its own end.
    signal.addEventListener("abort", () => void giveUp().catch(() => {}));
    return await work();
  } finally {
    isOver = true;
    stop();
  }
}
