/** Lists of buffers, as a request has them: taken apart and walked without copying. */

export function lengthOf(segments: readonly Uint8Array[]): number {
  let sum = 0;
  for (const segment of segments) sum += segment.length;
  return sum;
}

/** The parts of `segments` that hold bytes `[from, from + length)` of them all. */
export function slice(
  segments: readonly Uint8Array[],
  from: number,
  length: number,
): readonly Uint8Array[] {
  if (from === 0 && segments.length === 1 && segments[0]?.length === length) return segments;
  const out: Uint8Array[] = [];
  let skip = from;
  let left = length;
  for (const segment of segments) {
    if (left === 0) break;
    if (skip >= segment.length) {
      skip -= segment.length;
      continue;
    }
    const part = segment.subarray(skip, skip + left);
    skip = 0;
    left -= part.length;
    out.push(part);
  }
  return out;
}

export function fillZero(segments: readonly Uint8Array[]): void {
  for (const segment of segments) segment.fill(0);
}

/** Copies `bytes` into `segments` from their byte `at` on. */
export function scatterAt(segments: readonly Uint8Array[], at: number, bytes: Uint8Array): void {
  let done = 0;
  for (const part of slice(segments, at, bytes.length)) {
    part.set(bytes.subarray(done, done + part.length));
    done += part.length;
  }
}

/** Copies all of `segments` into `bytes` from its byte `at` on. */
export function gatherInto(segments: readonly Uint8Array[], bytes: Uint8Array, at: number): void {
  let end = at;
  for (const segment of segments) {
    bytes.set(segment, end);
    end += segment.length;
  }
}

/** One buffer with all bytes; the segment itself when there is only one. */
export function gatherAll(segments: readonly Uint8Array[]): Uint8Array {
  if (segments.length === 1) return segments[0] as Uint8Array;
  const out = new Uint8Array(lengthOf(segments));
  gatherInto(segments, out, 0);
  return out;
}

/** True when every byte is zero. Whole words are compared: this looks at whole images. */
export function isZero(bytes: Uint8Array): boolean {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  for (let i = 0; i < head; i++) if (bytes[i] !== 0) return false;
  const words = (bytes.length - head) >> 2;
  const view = new Int32Array(bytes.buffer, bytes.byteOffset + head, words);
  for (let i = 0; i < words; i++) if (view[i] !== 0) return false;
  for (let i = head + words * 4; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
