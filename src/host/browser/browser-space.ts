/** What this origin may store, and what of that is left. */
export async function browserSpace(): Promise<{
  readonly capacityBytes: number;
  readonly availableBytes: number;
}> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { capacityBytes: quota, availableBytes: Math.max(0, quota - usage) };
}
