/** One writer, or any number of readers, of a file in all tabs of this browser: Web Locks. */
import { StorageError } from "../../storage/errors.ts";

/**
 * A worker or page that has just ended keeps what it held for a moment: whoever takes its place waits
 * this long.
 */
export const GRACE_MS = 2000;

/**
 * @param identity one text for all names of the file
 * @returns gives the lock back; it also ends with this worker or page
 * @throws StorageError EAGAIN when others have it
 */
export async function lockFile(identity: string, write: boolean): Promise<() => void> {
  const mode = write ? "exclusive" : "shared";
  const signal = AbortSignal.timeout(GRACE_MS);
  try {
    return await new Promise((resolve, reject) => {
      const hold = (): Promise<void> => new Promise((release) => resolve(release));
      navigator.locks.request(`tabvisor file ${identity}`, { mode, signal }, hold).catch(reject);
    });
  } catch (cause) {
    throw new StorageError(signal.aborted ? "EAGAIN" : "EACCES", undefined, cause);
  }
}
