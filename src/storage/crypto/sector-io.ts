/** Requests at any alignment on data that are encrypted by sectors. */
import { lengthOf, scatterAt, slice } from "../segments.ts";
import { Mutex, type Task } from "../task.ts";
import { SECTOR_BYTES } from "./sector-cipher.ts";

/** So much is copied and worked on at a time. */
const CHUNK = 1 << 20;

const down = (value: number): number => value - (value % SECTOR_BYTES);
const up = (value: number): number => Math.ceil(value / SECTOR_BYTES) * SECTOR_BYTES;

/** Reads whole sectors, decrypted, and hands out what was asked for. */
export function* readSectors(
  offset: number,
  segments: readonly Uint8Array[],
  readWhole: (offset: number, bytes: Uint8Array) => Task<void>,
): Task<void> {
  const end = offset + lengthOf(segments);
  for (let at = offset; at < end;) {
    const from = down(at);
    const to = Math.min(up(end), from + CHUNK);
    const bytes = new Uint8Array(to - from);
    yield* readWhole(from, bytes);
    const part = bytes.subarray(at - from, Math.min(to, end) - from);
    scatterAt(segments, at - offset, part);
    at += part.length;
  }
}

export interface SectorWriter {
  /** Keeps those apart who change parts of one sector. */
  readonly unaligned: Mutex;
  /** Fills whole sectors with what they hold, decrypted. */
  read(offset: number, bytes: Uint8Array): Task<void>;
  /** Takes whole sectors, not encrypted yet. */
  write(offset: number, segments: readonly Uint8Array[]): Task<void>;
}

/** Writes; sectors at the ends of the range that are covered in part are read first. */
export function* writeSectors(
  offset: number,
  segments: readonly Uint8Array[],
  writer: SectorWriter,
): Task<void> {
  const end = offset + lengthOf(segments);
  if (offset === end) return;
  if (offset % SECTOR_BYTES === 0 && end % SECTOR_BYTES === 0)
    yield* writer.write(offset, segments);
  else yield* writer.unaligned.alone(fillUp(offset, end, segments, writer));
}

function* fillUp(
  offset: number,
  end: number,
  segments: readonly Uint8Array[],
  writer: SectorWriter,
): Task<void> {
  const head = new Uint8Array(SECTOR_BYTES);
  const tail = new Uint8Array(SECTOR_BYTES);
  const [from, to] = [down(offset), up(end)];
  if (from < offset) yield* writer.read(from, head);
  if (to > end) yield* writer.read(to - SECTOR_BYTES, tail);
  const before = head.subarray(0, offset - from);
  const after = tail.subarray(SECTOR_BYTES - (to - end));
  const parts = [before, ...segments, after].filter(({ length }) => length > 0);
  yield* writer.write(from, parts);
}

/** Calls `put` with copies of a request's bytes, which it may change, piece by piece. */
export function* inPieces(
  offset: number,
  segments: readonly Uint8Array[],
  put: (offset: number, bytes: Uint8Array) => Task<void>,
): Task<void> {
  const length = lengthOf(segments);
  for (let done = 0; done < length; done += CHUNK) {
    const bytes = new Uint8Array(Math.min(CHUNK, length - done));
    let at = 0;
    for (const part of slice(segments, done, bytes.length)) {
      bytes.set(part, at);
      at += part.length;
    }
    yield* put(offset + done, bytes);
  }
}
