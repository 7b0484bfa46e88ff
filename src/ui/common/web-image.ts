/** What is at an address of the web: the beginning of an image, or all of it. */
import { VmError, vmError } from "../../protocol/vm-error.ts";
import type { Content } from "../../virt/manager/upload-stream.ts";
import { HEAD_BYTES, type ImageKind, imageKind, isGuess, standsOnOther } from "./image-kind.ts";

export interface WebImage {
  readonly url: string;
  /** Null where the server does not say. */
  readonly sizeBytes: number | null;
  /** Whether parts of it can be read. */
  readonly acceptsRanges: boolean;
  readonly kind: ImageKind;
  /** Whether nothing in it tells that it is a disk. */
  readonly isGuess: boolean;
  /** Whether it stands on another image, without which it is of no use. */
  readonly hasBacking: boolean;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Why an image of the web cannot be read: a web page is there; nobody answers, or not to this page; a status. */
export type WebProblem = "page" | "silent" | "status";

/** `systemError`, of which the page can tell in its language. */
export class WebRefusal extends VmError {
  readonly why: WebProblem;
  /** The server's, 0 where there is none. */
  readonly status: number;

  constructor(words: string, { why, status = 0, cause }: WebReason) {
    super(vmError("systemError", words).toData(), cause);
    this.why = why;
    this.status = status;
  }
}

interface WebReason {
  readonly why: WebProblem;
  readonly status?: number;
  readonly cause?: unknown;
}

/** @throws WebRefusal where the server does not answer or does not let this page read */
export async function lookAtWeb(url: string, get: Fetch, signal?: AbortSignal): Promise<WebImage> {
  const headers = { Range: `bytes=0-${HEAD_BYTES - 1}` };
  const response = await answer(url, get, { headers, ...(signal && { signal }) });
  // What is not there is answered with a page by many servers.
  if (/^text\/html/i.test(response.headers.get("Content-Type") ?? "")) {
    await response.body?.cancel();
    throw unreadable(url, "the server sends a web page", { why: "page" });
  }
  const head = await firstBytes(response);
  const kind = imageKind(head, url);
  return {
    url,
    sizeBytes: totalBytes(response),
    acceptsRanges: response.status === 206,
    kind,
    isGuess: isGuess(head, kind),
    hasBacking: standsOnOther(head),
  };
}

/** All of it, as it comes from the server. Reading rejects as `lookAtWeb` does. */
export function webContent(url: string, sizeBytes: number | null): Content {
  return {
    sizeBytes,
    async *read(signal) {
      const abort = new AbortController();
      signal.throwIfAborted();
      signal.addEventListener("abort", () => abort.abort());
      const { body } = await answer(url, fetch, { signal: abort.signal });
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

function unreadable(url: string, words: string, reason: WebReason): Error {
  return new WebRefusal(`cannot read '${url}': ${words}`, reason);
}

async function answer(url: string, get: Fetch, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await get(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    // A browser does not tell the one from the other.
    const words = "the server does not answer, or does not allow this page to read it";
    throw unreadable(url, words, { why: "silent", cause });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  const { status } = response;
  throw unreadable(url, `the server answers ${status}`, { why: "status", status });
}

/** Servers without ranges send all of it: the rest is let go. */
async function firstBytes({ body }: Response): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  const reader = body?.getReader();
  let length = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    const piece = part.value.subarray(0, HEAD_BYTES - length);
    head.set(piece, length);
    length += piece.length;
    if (length === HEAD_BYTES) break;
  }
  await reader?.cancel();
  return head.subarray(0, length);
}

/** `bytes 0-9/1234`, or the length of the whole; what was compressed on the way is longer than it says. */
function totalBytes({ headers, status }: Response): number | null {
  const range = /\/(\d+)$/.exec(headers.get("Content-Range") ?? "")?.[1];
  if (range !== undefined) return Number(range);
  const length = headers.get("Content-Length");
  const isPlain = status === 200 && !headers.has("Content-Encoding");
  return isPlain && length !== null ? Number(length) : null;
}
