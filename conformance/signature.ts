/** Signatures as riscv-arch-test's models write them: one word a line, in hexadecimal digits. */

/**
 * The bytes that a signature stands for. Words may have any width: a line's last two digits are
 * its lowest byte.
 *
 * @throws RangeError when a line is no even number of hexadecimal digits
 */
export function parseSignature(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const digits = line.trim();
    if (digits === "") continue;
    if (digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) {
      throw new RangeError(`line ${index + 1} of the signature is no hexadecimal word`);
    }
    for (let at = digits.length - 2; at >= 0; at -= 2) {
      bytes.push(Number.parseInt(digits.slice(at, at + 2), 16));
    }
  }
  return Uint8Array.from(bytes);
}

/** What differs first, in words; undefined when the signatures are the same. */
export function compareSignatures(actual: Uint8Array, expected: Uint8Array): string | undefined {
  const length = Math.min(actual.length, expected.length);
  for (let at = 0; at < length; at++) {
    if (actual[at] !== expected[at]) return differenceAt(actual, expected, at & ~7);
  }
  // A model may pad the last line; anything beyond must be zero.
  const rest = actual.length > length ? actual.subarray(length) : expected.subarray(length);
  if (rest.every((byte) => byte === 0)) return undefined;
  return `the signature has ${actual.length} bytes instead of ${expected.length}`;
}

function differenceAt(actual: Uint8Array, expected: Uint8Array, at: number): string {
  const what = `signature+0x${at.toString(16)}`;
  return `${what} is ${hexWord(actual, at)} instead of ${hexWord(expected, at)}`;
}

function hexWord(bytes: Uint8Array, at: number): string {
  const word = [...bytes.subarray(at, at + 8)].toReversed();
  return `0x${word.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
