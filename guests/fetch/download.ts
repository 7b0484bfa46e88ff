import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../cache/paths.ts";
import { errorCode, GuestError, isNetworkError } from "../errors.ts";
import { BusyError, openUrl } from "./open.ts";
import type { Progress } from "./progress.ts";

/** What a download must turn out to be. */
export interface Expected {
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Who asks for downloads, and who hears of them. */
export interface Fetcher {
  readonly env: Environment;
  readonly progress: Progress;
}

const TRIES = 4;
const FIRST_PAUSE_MS = 1_000;

class ShortReadError extends Error {}

/**
 * Makes `path` hold the file at `url`, hashing it on its way to the disk. A file that is there
 * already is checked and kept. Nothing unverified ever stands under `path`.
 *
 * @throws GuestError when the mirror lacks the file, cannot be reached, or serves other bytes
 */
export async function download(
  url: URL,
  path: string,
  expected: Expected,
  fetcher: Fetcher,
): Promise<void> {
  if (await holds(path, expected)) {
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await retrying(url, () => transfer(url, part, expected, fetcher));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * The bytes at `url`, for small files that carry their own proof.
 *
 * @param limitBytes more than this is refused
 */
export async function fetchBytes(url: URL, limitBytes: number, env: Environment): Promise<Buffer> {
  return retrying(url, async () => {
    const { stream, length } = await openUrl(url, env);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limitBytes) {
        throw new GuestError(`${url.href} is larger than the ${limitBytes} bytes it may have.`);
      }
      chunks.push(chunk);
    }
    if (length !== null && size !== length) {
      throw new ShortReadError();
    }
    return Buffer.concat(chunks);
  });
}

async function retrying<T>(url: URL, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const passing =
        isNetworkError(error) || error instanceof ShortReadError || error instanceof BusyError;
      if (!passing) {
        throw error;
      }
      if (tries === TRIES) {
        throw unreachable(url, error);
      }
    }
    await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

function unreachable(url: URL, cause: unknown): GuestError {
  if (cause instanceof BusyError) {
    return cause;
  }
  const why = cause instanceof ShortReadError ? "the connection breaks off" : errorCode(cause);
  return new GuestError(
    `${url.origin} cannot be reached (${why}): check the network and its proxy, or set DEBIAN_MIRROR to another Debian mirror.`,
    { cause },
  );
}

async function transfer(
  url: URL,
  part: string,
  expected: Expected,
  fetcher: Fetcher,
): Promise<void> {
  const { stream } = await openUrl(url, fetcher.env);
  const file = await open(part, "w");
  const hash = createHash("sha256");
  let done = 0;
  try {
    for await (const chunk of stream) {
      hash.update(chunk);
      await file.writeFile(chunk);
      done += chunk.length;
      if (done > expected.sizeBytes) {
        break;
      }
      fetcher.progress.bytes(done, expected.sizeBytes);
    }
  } finally {
    await file.close();
  }
  if (done < expected.sizeBytes) {
    throw new ShortReadError();
  }
  if (done > expected.sizeBytes || hash.digest("hex") !== expected.sha256) {
    throw new GuestError(
      `${url.href} is not the file that the signed index describes (size or SHA-256 differs): the mirror or a proxy serves something else.`,
    );
  }
}

async function holds(path: string, expected: Expected): Promise<boolean> {
  try {
    if ((await stat(path)).size !== expected.sizeBytes) {
      return false;
    }
  } catch {
    return false;
  }
  return (await hashFile(path)) === expected.sha256;
}

/** SHA-256 of a file in lower-case hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}
