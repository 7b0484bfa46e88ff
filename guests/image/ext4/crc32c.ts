/** CRC-32C (Castagnoli), the reflected polynomial. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = (crc >>> 1) ^ ((crc & 1) !== 0 ? POLYNOMIAL : 0);
  }
  return crc;
});

/**
 * The register after `bytes`, as ext4 uses it: no inversion at the beginning or the end, so that
 * the result of one run is the start of the next.
 *
 * @param crc what the register holds before; 0xffffffff for a first run
 */
export function crc32c(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (const byte of bytes) {
    value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  }
  return value >>> 0;
}
