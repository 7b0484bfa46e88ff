/** Files and answers of the web as libvirt's streams, told of as they go and given up when asked. */
import type { Stream } from "../../../virt/driver/streams.ts";
import type { TaskControl } from "../../shell/tasks.ts";

/** Bytes that go over at a time. */
const PIECE_BYTES = 1 << 20;
/** Zeroes are sent as holes in units of this. */
const HOLE_UNIT = 1 << 16;
/** A bar has no use for finer steps. */
const PROGRESS_STEP = 0.002;

/** Where the bytes of a download go. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** As many zeroes. */
  writeHole(lengthBytes: number): Promise<void>;
  /** All of it is there when this resolves. */
  close(): Promise<void>;
  /** Nothing of it is kept. */
  abort(): Promise<void>;
}

/** Gives the next bytes, or null at the end. */
export type Source = () => Promise<Uint8Array | null>;

export function fileSource(file: Blob): Source {
  let at = 0;
  return async () => {
    if (at >= file.size) return null;
    const piece = file.slice(at, at + PIECE_BYTES);
    at += piece.size;
    return new Uint8Array(await piece.arrayBuffer());
  };
}

/** @param body of an answer, which is let go when the reading is given up */
export function bodySource(body: ReadableStream<Uint8Array>, signal: AbortSignal): Source {
  const reader = body.getReader();
  signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
  return async () => (await reader.read()).value ?? null;
}

/**
 * The end of an upload: what the other end reads. Zeroes are holes.
 *
 * @param total bytes that will come; 0 where nobody knows
 */
export function uploadStream(source: Source, total: number, control: TaskControl): Stream {
  const count = counter(total, control);
  const pieces: (Uint8Array | number)[] = [];
  return {
    read: async () => {
      control.signal.throwIfAborted();
      while (pieces.length === 0) {
        const bytes = await source();
        if (bytes === null) return null;
        pieces.push(...withHoles(bytes));
      }
      const piece = pieces.shift() ?? null;
      count(typeof piece === "number" ? piece : (piece?.length ?? 0));
      return piece;
    },
    write: async () => {},
    writeHole: async () => {},
    finish: async () => {},
    abort: () => {},
  };
}

/** The end of a download: what the other end writes to. */
export function downloadStream(sink: Sink, total: number, control: TaskControl): Stream {
  const count = counter(total, control);
  return {
    read: async () => null,
    write: async (bytes) => {
      control.signal.throwIfAborted();
      await sink.write(bytes);
      count(bytes.length);
    },
    writeHole: async (lengthBytes) => {
      control.signal.throwIfAborted();
      await sink.writeHole(lengthBytes);
      count(lengthBytes);
    },
    finish: async () => {},
    abort: () => {},
  };
}

function counter(total: number, { progress }: TaskControl): (bytes: number) => void {
  let done = 0;
  let told = 0;
  return (bytes) => {
    done += bytes;
    const part = total > 0 ? Math.min(1, done / total) : 0;
    if (part - told < PROGRESS_STEP) return;
    told = part;
    progress(part);
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
