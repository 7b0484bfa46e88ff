/** CRC-32C (Castagnoli; RFC 3720 §12.1), which guards a VHDX image's headers, tables and log. */

const POLYNOMIAL = 0x82f6_3b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) === 0 ? 0 : POLYNOMIAL);
  return value;
});

/** The checksum of bytes whose own field of four bytes, at `fieldAt`, counts as zero. */
export function crc32c(bytes: Uint8Array, fieldAt: number): number {
  let sum = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) {
    const byte = i >= fieldAt && i < fieldAt + 4 ? 0 : (bytes[i] as number);
    sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] as number);
  }
  return ~sum >>> 0;
}
