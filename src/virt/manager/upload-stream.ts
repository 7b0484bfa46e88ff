/** Bytes on their way into a volume, as the stream that the other end reads. Zeroes are holes. */
import type { Stream } from "../driver/streams.ts";

/** What work looks at to see whether it was given up: an `AbortSignal`. */
export interface GiveUp {
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
}

/** Bytes from elsewhere. */
export interface Content {
  /** Null where nobody can tell. */
  readonly sizeBytes: number | null;
  /** The bytes in order; ends early by rejecting when `signal` is aborted. */
  read(signal: GiveUp): AsyncIterable<Uint8Array>;
}

export interface UploadControl {
  readonly signal: GiveUp;
  /** Told of every piece that is on its way. */
  onBytes(count: number): void;
}

/** Zeroes are sent as holes in units of this. */
const HOLE_UNIT = 1 << 16;

export interface UploadStream extends Stream {
  /** Lets go of what the bytes come from. */
  close(): void;
}

/** Nothing is read before the other end wants it. */
export function uploadStream(content: Content, { signal, onBytes }: UploadControl): UploadStream {
  let source: AsyncIterator<Uint8Array> | null = null;
  const pieces: (Uint8Array | number)[] = [];
  return {
    read: async () => {
      signal.throwIfAborted();
      source ??= content.read(signal)[Symbol.asyncIterator]();
      while (pieces.length === 0) {
        const next = await source.next();
        if (next.done === true) return null;
        pieces.push(...withHoles(next.value));
      }
      const piece = pieces.shift() ?? null;
      onBytes(typeof piece === "number" ? piece : (piece?.length ?? 0));
      return piece;
    },
    write: async () => {},
    writeHole: async () => {},
    finish: async () => {},
    abort: () => {},
    close: () => void source?.return?.().catch(() => {}),
  };
}

/** Runs of data, and lengths of runs of zeroes. */
export function withHoles(bytes: Uint8Array): (Uint8Array | number)[] {
  const runs: (Uint8Array | number)[] = [];
  let start = 0;
  while (start < bytes.length) {
    const zero = isZero(bytes, start);
    let end = start + HOLE_UNIT;
    while (end < bytes.length && isZero(bytes, end) === zero) end += HOLE_UNIT;
    end = Math.min(end, bytes.length);
    runs.push(zero ? end - start : bytes.subarray(start, end));
    start = end;
  }
  return runs;
}

/** Whether the unit from there on has nothing but zeroes. */
function isZero(bytes: Uint8Array, from: number): boolean {
  const end = Math.min(bytes.length, from + HOLE_UNIT);
  for (let at = from; at < end; at += 1) if (bytes[at] !== 0) return false;
  return true;
}
