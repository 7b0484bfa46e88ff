/** Lists of buffers, as requests have them: measured, taken apart and copied. */

/** Bytes of a list of buffers. */
export function totalBytes(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

/** Copies out of buffers, at most `max` bytes after `skip`. */
export function gather(buffers: readonly Uint8Array[], max = Infinity, skip = 0): Uint8Array {
  const out = new Uint8Array(Math.max(0, Math.min(totalBytes(buffers) - skip, max)));
  let at = 0;
  let left = skip;
  for (const buffer of buffers) {
    const from = Math.min(left, buffer.length);
    left -= from;
    const part = buffer.subarray(from, from + out.length - at);
    out.set(part, at);
    at += part.length;
    if (at === out.length) break;
  }
  return out;
}

/** Copies `bytes` into buffers from the start. @returns bytes written, less when they do not fit */
export function scatter(buffers: readonly Uint8Array[], bytes: Uint8Array): number {
  let at = 0;
  for (const buffer of buffers) {
    if (at === bytes.length) break;
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
  }
  return at;
}

/** The parts of `buffers` that hold at most `length` bytes after `skip`, without copying. */
export function slice(
  buffers: readonly Uint8Array[],
  skip: number,
  length: number,
): readonly Uint8Array[] {
  const out: Uint8Array[] = [];
  let from = skip;
  let left = length;
  for (const buffer of buffers) {
    if (left <= 0) break;
    const part = from < buffer.length ? buffer.subarray(from, from + left) : null;
    from = Math.max(0, from - buffer.length);
    if (!part || part.length === 0) continue;
    left -= part.length;
    out.push(part);
  }
  return out;
}
