import { StorageError } from "../../errors.ts";
import type { WebHost, WebResponse } from "../../ports.ts";

/** A resource without ranges is loaded as a whole up to this size. */
const MOST_WHOLE_BYTES = 64 * 2 ** 20;
const TRIES = 5;
const FIRST_PAUSE_MS = 250;

/** Answers after which it is worth trying again: timeouts, too many requests, the server's own errors. */
const isPassing = (status: number): boolean =>
  status === 408 || status === 429 || (status >= 500 && status !== 501);

/** What a resource must still be for its parts to belong together. */
interface Pin {
  readonly sizeBytes: number;
  /** Entity tag, with its `W/` where it has one; null where there is none to see. */
  readonly etag: string | null;
  readonly lastModified: string | null;
}

interface Part {
  readonly start: number;
  readonly totalBytes: number | null;
}

/**
 * A resource of a web server that is read in parts (RFC 9110 §14). It is pinned to what it was when it
 * was opened: parts of another state of it are an error, never data.
 */
export class WebResource {
  readonly url: string;
  readonly #web: WebHost;
  readonly #pin: Pin;
  /** All of it, of servers that send no parts. */
  readonly #whole: Uint8Array | null;
  /** Whether the server takes a condition with the request; other origins may have to allow that. */
  #conditional = true;

  private constructor(web: WebHost, url: string, pin: Pin, whole: Uint8Array | null) {
    this.#web = web;
    this.url = url;
    this.#pin = pin;
    this.#whole = whole;
  }

  /** @throws StorageError in QEMU's words */
  static async open(web: WebHost, url: string): Promise<WebResource> {
    try {
      return await WebResource.#opened(web, url);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StorageError("EIO", `CURL: Error opening file: ${why}`, error);
    }
  }

  static async #opened(web: WebHost, url: string): Promise<WebResource> {
    const response = await requested(web, url, { Range: "bytes=0-0" });
    const { etag, lastModified } = validatorsOf(response);
    const part = partOf(response);
    if (response.status === 206 && !isEncoded(response)) {
      response.cancel();
      const sizeBytes = part?.totalBytes ?? (await sizeByHead(web, url));
      return new WebResource(web, url, { sizeBytes, etag, lastModified }, null);
    }
    if (response.status === 416 && part?.totalBytes === 0) {
      response.cancel();
      return new WebResource(web, url, { sizeBytes: 0, etag, lastModified }, new Uint8Array(0));
    }
    const length = lengthOf(response);
    if (response.status !== 200 || length === null || length > MOST_WHOLE_BYTES) {
      response.cancel();
      if (response.status < 300) throw new Error("Server does not support 'range' (byte ranges).");
      throw new Error(`The requested URL returned error: ${response.status}`);
    }
    const whole = await response.body();
    return new WebResource(web, url, { sizeBytes: whole.length, etag, lastModified }, whole);
  }

  get sizeBytes(): number {
    return this.#pin.sizeBytes;
  }

  /** A text that is another one when the contents are; null where the server gives nothing for it. */
  get identity(): string | null {
    const { etag, lastModified, sizeBytes } = this.#pin;
    const validator = etag ?? lastModified;
    return validator === null ? null : `${this.url}\n${validator}\n${sizeBytes}`;
  }

  /** Whether nothing is loaded any more. */
  get isWhole(): boolean {
    return this.#whole !== null;
  }

  /**
   * Bytes `[start, start + length)`, which lie inside.
   *
   * @throws StorageError EIO when they cannot be had, or the resource is another one now
   */
  async load(start: number, length: number): Promise<Uint8Array> {
    if (this.#whole !== null) return this.#whole.subarray(start, start + length);
    const range = `bytes=${start}-${start + length - 1}`;
    let pauseMs = FIRST_PAUSE_MS;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try(start, length, range);
      } catch (error) {
        if (error instanceof StorageError) throw error;
        if (tries === TRIES) throw this.#failed(error);
      }
      await this.#web.sleep(pauseMs);
      pauseMs *= 2;
    }
  }

  /** Errors that are no StorageErrors may pass. */
  async #try(start: number, length: number, range: string): Promise<Uint8Array> {
    const response = await this.#request(range);
    const { status } = response;
    if (isPassing(status)) {
      response.cancel();
      throw new Error(`The requested URL returned error: ${status}`);
    }
    if (status !== 206 || this.#hasChanged(response, start)) {
      response.cancel();
      // 200: the condition did not hold. 412, 416: it is shorter now, or the server is strict.
      if ([200, 206, 412, 416].includes(status)) throw this.#changed();
      throw this.#failed(new Error(`The requested URL returned error: ${status}`));
    }
    const bytes = await response.body();
    if (bytes.length === length) return bytes;
    throw new Error(`${length} bytes were asked for, ${bytes.length} came`);
  }

  async #request(range: string): Promise<WebResponse> {
    const { etag } = this.#pin;
    // If-Range takes strong tags only (RFC 9110 §13.1.5).
    const isStrong = etag !== null && !etag.startsWith("W/");
    const condition = isStrong && this.#conditional ? { "If-Range": etag } : {};
    try {
      return await this.#web.request("GET", this.url, { Range: range, ...condition });
    } catch (error) {
      // Another origin may refuse the header; what comes is compared in any case.
      if (isStrong) this.#conditional = !this.#conditional;
      throw error;
    }
  }

  #hasChanged(response: WebResponse, start: number): boolean {
    const { etag, lastModified } = validatorsOf(response);
    const part = partOf(response);
    return (
      (part !== null && part.start !== start) ||
      (part?.totalBytes ?? this.#pin.sizeBytes) !== this.#pin.sizeBytes ||
      etag !== this.#pin.etag ||
      lastModified !== this.#pin.lastModified
    );
  }

  #changed(): StorageError {
    return new StorageError("EIO", `'${this.url}' has changed on the server since it was opened`);
  }

  #failed(error: unknown): StorageError {
    const why = error instanceof Error ? error.message : String(error);
    return new StorageError("EIO", `'${this.url}': ${why}`, error);
  }
}

/** An answer that will not be better the next time. */
async function requested(
  web: WebHost,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<WebResponse> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let tries = 1; ; tries++) {
    try {
      const response = await web.request("GET", url, headers);
      if (!isPassing(response.status) || tries === TRIES) return response;
      response.cancel();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
    await web.sleep(pauseMs);
    pauseMs *= 2;
  }
}

/** Servers of other origins may hide Content-Range, but not Content-Length. */
async function sizeByHead(web: WebHost, url: string): Promise<number> {
  const response = await web.request("HEAD", url, {});
  const length = lengthOf(response);
  response.cancel();
  if (response.status === 200 && length !== null && !isEncoded(response)) return length;
  throw new Error("Server did not report file size.");
}

function validatorsOf(response: WebResponse): Pick<Pin, "etag" | "lastModified"> {
  return { etag: response.header("etag"), lastModified: response.header("last-modified") };
}

/** A transfer that is compressed has other lengths. */
function isEncoded(response: WebResponse): boolean {
  return (response.header("content-encoding") ?? "identity") !== "identity";
}

function lengthOf(response: WebResponse): number | null {
  const length = response.header("content-length");
  return length === null ? null : Number(length);
}

// Content-Range: "bytes 0-99/1234", "bytes 0-99/*", or "bytes */1234" of an answer without contents.
function partOf(response: WebResponse): Part | null {
  const header = response.header("content-range");
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(header ?? "");
  if (match === null) return null;
  const [, start = "0", total = "*"] = match;
  return { start: Number(start), totalBytes: total === "*" ? null : Number(total) };
}
