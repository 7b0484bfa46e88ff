/**
 * Where Wasm code is written: a cursor into memory that the caller reserved. It knows the binary
 * format's number encodings (WebAssembly core specification §5.2) and nothing above.
 */

let cursor: usize = 0;

export function sinkAt(address: usize): void {
  cursor = address;
}

export function sinkEnd(): usize {
  return cursor;
}

export function byte(value: u32): void {
  store<u8>(cursor++, <u8>value);
}

/** Two bytes that are known together, such as an opcode and its first immediate. */
export function bytes2(first: u32, second: u32): void {
  store<u16>(cursor, <u16>(first | (second << 8)));
  cursor += 2;
}

/** A constant of eight bytes, little-endian. */
export function eightBytes(value: u64): void {
  store<u64>(cursor, value);
  cursor += 8;
}

export function uleb(value: u32): void {
  while (value >= 0x80) {
    byte((value & 0x7f) | 0x80);
    value >>= 7;
  }
  byte(value);
}

export function sleb32(value: i32): void {
  while (value < -64 || value > 63) {
    byte((<u32>value & 0x7f) | 0x80);
    value >>= 7;
  }
  byte(<u32>value & 0x7f);
}

export function sleb64(value: i64): void {
  while (value < -64 || value > 63) {
    byte((<u32>value & 0x7f) | 0x80);
    value >>= 7;
  }
  byte(<u32>value & 0x7f);
}

/** Bytes of a padded u32: what `patchUleb` fills in later. */
export const PADDED_BYTES: usize = 5;

/** Leaves room for a number that is not known yet. @returns where to patch it */
export function reserveUleb(): usize {
  const at = cursor;
  cursor += PADDED_BYTES;
  return at;
}

/** Writes `value` in exactly PADDED_BYTES. */
export function patchUleb(at: usize, value: u32): void {
  for (let i: usize = 0; i < 4; i++) {
    store<u8>(at + i, <u8>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  store<u8>(at + 4, <u8>value);
}

/** A name's length and its ASCII bytes, packed little-endian in `chars` (at most 8). */
export function name(chars: u64): void {
  const length: u32 = (71 - <u32>clz(chars)) >> 3;
  byte(length);
  for (let i: u32 = 0; i < length; i++) byte(<u32>(chars >> ((<u64>i) << 3)) & 0xff);
}

export function copyIn(from: usize, length: usize): void {
  memory.copy(cursor, from, length);
  cursor += length;
}
