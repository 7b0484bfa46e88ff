/** What xterm parses before it looks at the time: more would hold up the page's frames. */
const PIECE_BYTES = 8 * 1024;

/** Output in pieces that are quickly parsed; views of `bytes`, one at least. */
export function pieces(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES));
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES),
  );
}
