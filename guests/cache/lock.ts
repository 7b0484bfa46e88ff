import { mkdir, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../errors.ts";

/** The holder touches its lock this often; one not touched for STALE_MS belongs to nobody. */
const HEARTBEAT_MS = 3_000;
const STALE_MS = 15_000;
const POLL_MS = 250;

/**
 * Runs `work` while holding the lock `path`, waiting for another process that holds it. The lock is
 * a directory, since mkdir is atomic everywhere; a holder that was killed stops touching it and
 * loses it after STALE_MS.
 *
 * @param onWait called once when somebody else holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: () => void = () => {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, onWait);
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS);
  // It must not keep a process alive whose work has stopped for ever.
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { recursive: true, force: true });
  }
}

async function acquire(path: string, onWait: () => void): Promise<void> {
  let told = false;
  for (;;) {
    try {
      await mkdir(path);
      return;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") {
        throw error;
      }
    }
    if (await isStale(path)) {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    if (!told) {
      onWait();
      told = true;
    }
    await sleep(POLL_MS);
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch {
    // Released between our mkdir and this look: the next mkdir decides.
    return false;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch {
    // Somebody took a lock that looked stale (the machine slept); the rename at the end is atomic
    // anyway, so the worst case is work done twice.
  }
}
