/**
 * A browser says nothing when it ends a worker, or when a worker ends itself. A Web Lock says it: a
 * worker holds one of a name of its own for as long as it lives, and who made the worker waits for
 * that lock. It costs nothing while both live, and needs no event loop in the worker.
 */

/**
 * Takes a lock that ends with this worker.
 *
 * @returns its name; empty where there are no locks: such a worker cannot be watched
 */
export async function holdSignOfLife(): Promise<string> {
  const name = `tabvisor worker ${crypto.randomUUID()}`;
  try {
    await new Promise<void>((resolve, reject) => {
      const hold = (): Promise<never> => {
        resolve();
        return new Promise(() => {});
      };
      navigator.locks.request(name, hold).catch(reject);
    });
    return name;
  } catch {
    return "";
  }
}

/**
 * Calls back when the worker that holds the lock `name` is gone.
 *
 * @param signal ends the watch
 */
export function watchSignOfLife(name: string, signal: AbortSignal, onGone: () => void): void {
  if (name === "") return;
  // Rejects when the watch ends, or the page may not use locks any more: there is nothing to tell.
  navigator.locks.request(name, { signal }, onGone).catch(() => {});
}
