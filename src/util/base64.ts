/** Base64 as in RFC 4648 §4, for rooms that have no `atob`. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Text of the bytes, with `=` to a multiple of four characters. */
export function base64Text(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const used = Math.min(bytes.length - at, 3) + 1;
    for (let digit = 0; digit < 4; digit++) {
      text += digit < used ? (ALPHABET[(group >> (18 - 6 * digit)) & 63] ?? "") : "=";
    }
  }
  return text;
}

/** Bytes of the text, or null where it is no base64. White space is skipped. */
export function base64Bytes(text: string): Uint8Array | null {
  const packed = text.replace(/\s+/g, "");
  return packed.length % 4 === 0 ? bytesOfDigits(packed.replace(/={1,2}$/, "")) : null;
}

/**
 * Bytes of digits without padding, or null where a character is no digit. Bits that fill no byte are
 * dropped.
 */
export function bytesOfDigits(digits: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*$/.test(digits)) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  return bytes;
}
