import { inFolder } from "./picked-folders.ts";

/** What this origin may store, and what of that is left. Of picked folders nobody says: 0. */
export async function browserSpace(path: string): Promise<{
  readonly capacityBytes: number;
  readonly availableBytes: number;
}> {
  if (inFolder(path) !== null) return { capacityBytes: 0, availableBytes: 0 };
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { capacityBytes: quota, availableBytes: Math.max(0, quota - usage) };
}
