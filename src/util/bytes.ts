/** Endian-explicit access to byte arrays, and the few conversions that es2024 alone lacks. */

/** A DataView of exactly the bytes that `bytes` covers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

export function alignDown(value: number, alignment: number): number {
  return Math.floor(value / alignment) * alignment;
}

/** `0x80200000`, for messages. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** True when `bytes` has exactly `expected` at `offset`. */
export function startsWith(bytes: Uint8Array, expected: Uint8Array, offset = 0): boolean {
  if (offset + expected.length > bytes.length) return false;
  return expected.every((byte, i) => bytes[offset + i] === byte);
}

/** Bytes of an ASCII string; every character must be below 0x80. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw new RangeError(`character ${i} of an ASCII string is not ASCII`);
    bytes[i] = code;
  }
  return bytes;
}

/** UTF-8 of a string; unpaired surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    pushUtf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  }
  return Uint8Array.from(out);
}

function pushUtf8(out: number[], code: number): void {
  if (code < 0x80) out.push(code);
  else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  else if (code < 0x1_0000) {
    out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  } else {
    out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f));
    out.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
}

/** UTF-8 text of bytes; malformed sequences become U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] as number;
    const extra = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    let code = extra === 0 ? first : first & (0x3f >> extra);
    let good = first < 0x80 || (first >= 0xc2 && first <= 0xf4);
    for (let k = 1; k <= extra; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) good = false;
      code = (code << 6) | (next & 0x3f);
    }
    out += good && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    i += good ? extra + 1 : 1;
  }
  return out;
}

/** Latin-1 text of bytes, up to a NUL when `stopAtNul`. */
export function latin1(bytes: Uint8Array, stopAtNul = false): string {
  let text = "";
  for (const byte of bytes) {
    if (stopAtNul && byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The arrays one after another in a new one. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A size for people: `96 MiB`, `273,472 bytes`. */
export function sizeText(bytes: number): string {
  const MIB = 1024 * 1024;
  const GIB = 1024 * MIB;
  if (bytes >= GIB && bytes % GIB === 0) return `${bytes / GIB} GiB`;
  if (bytes >= MIB && bytes % MIB === 0) return `${bytes / MIB} MiB`;
  if (bytes >= 10 * MIB) return `${(bytes / MIB).toFixed(1)} MiB`;
  return `${bytes.toString().replace(/\B(?=(\d{3})+$)/g, ",")} bytes`;
}
