import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../errors.ts";

/** The holder touches its lock this often; one not touched for STALE_MS belongs to nobody. */
const HEARTBEAT_MS = 3_000;
const STALE_MS = 15_000;
const POLL_MS = 250;

/** In the lock: who holds it. */
const HOLDER = "holder.json";

/**
 * Runs `work` while holding the lock `path`, waiting for another process that holds it. The lock is
 * a directory, since mkdir is atomic everywhere. A holder that was killed loses it at once on its own
 * machine, and elsewhere (a cache on a network) when it has not touched it for STALE_MS.
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
      await writeFile(join(path, HOLDER), JSON.stringify({ host: hostname(), pid: process.pid }));
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
    const isSilent = Date.now() - (await stat(path)).mtimeMs > STALE_MS;
    return isSilent || (await isHolderDead(path));
  } catch {
    // Released between our mkdir and this look: the next mkdir decides.
    return false;
  }
}

async function isHolderDead(path: string): Promise<boolean> {
  const text = await readFile(join(path, HOLDER), "utf8");
  const holder = JSON.parse(text) as { host: string; pid: number };
  if (holder.host !== hostname()) {
    return false;
  }
  try {
    // Signal 0 only asks whether there is such a process.
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
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
