/** Bytes of the user's files and of web servers, for new volumes. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Content } from "../../virt/manager/fill-volume.ts";
import type { WebImage } from "./around.ts";
import type { LocalFile } from "./draft.ts";
import { HEAD_BYTES, imageKind } from "./image-kind.ts";
import type { Contents } from "./plan.ts";

const PIECE_BYTES = 1 << 20;

export const CONTENTS: Contents = { file: fileContent, web: webContent };

function fileContent(file: File): Content {
  return {
    sizeBytes: file.size,
    async *read(signal) {
      for (let at = 0; at < file.size; at += PIECE_BYTES) {
        signal.throwIfAborted();
        yield new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
      }
    },
  };
}

function webContent(url: string, sizeBytes: number | null): Content {
  return {
    sizeBytes,
    async *read(signal) {
      const abort = new AbortController();
      signal.throwIfAborted();
      signal.addEventListener("abort", () => abort.abort());
      const { body } = await answer(url, { signal: abort.signal });
      const reader = body?.getReader();
      if (!reader) return;
      try {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          yield part.value;
        }
      } finally {
        await reader.cancel();
      }
    },
  };
}

/** Looks at a file that was picked or dropped. */
export async function localFile(file: File): Promise<LocalFile> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return { from: "computer", file, name: file.name, kind: imageKind(head, file.name) };
}

/**
 * Looks at the beginning of what is at an address.
 *
 * @throws VmError operationFailed when it cannot be read from here
 */
export async function lookAtWeb(url: string, signal: AbortSignal): Promise<WebImage> {
  const ranged = { Range: `bytes=0-${HEAD_BYTES - 1}` };
  const response = await answer(url, { headers: ranged, signal });
  const head = await firstBytes(response);
  const acceptsRanges = response.status === 206;
  return { url, sizeBytes: totalBytes(response), acceptsRanges, kind: imageKind(head, url) };
}

async function answer(url: string, init: RequestInit): Promise<Response> {
  const { hostname } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    const why = `'${hostname}' does not answer, or does not let this page read from it (CORS)`;
    throw vmError("operationFailed", why, { cause });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw vmError(
    "operationFailed",
    `'${hostname}' answers ${response.status} ${response.statusText}`,
  );
}

async function firstBytes(response: Response): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  const reader = response.body?.getReader();
  let length = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    head.set(part.value.subarray(0, HEAD_BYTES - length), length);
    length = Math.min(HEAD_BYTES, length + part.value.length);
    if (length === HEAD_BYTES) break;
  }
  // A server that does not know ranges sends all of it.
  await reader?.cancel();
  return head.subarray(0, length);
}

/** `bytes 0-9/1234`, or the length of the whole; null where it was compressed on its way. */
function totalBytes({ headers, status }: Response): number | null {
  const range = /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
  if (range !== undefined) return Number(range);
  const length = headers.get("content-length");
  const isPlain = status === 200 && headers.get("content-encoding") === null;
  return isPlain && length !== null ? Number(length) : null;
}
