/** The anti-forensic splitter of LUKS (on-disk format 1.2.3 §2.4): all of a long area, or no key. */
import { viewOf } from "../../util/bytes.ts";
import type { HashName } from "./algorithms.ts";
import { digest, digestBytes } from "./hashes.ts";

/** @param random fills bytes nobody can foresee */
export function splitKey(
  hash: HashName,
  key: Uint8Array,
  stripes: number,
  random: (bytes: number) => Uint8Array,
): Uint8Array {
  const { length } = key;
  const out = new Uint8Array(length * stripes);
  out.set(random(length * (stripes - 1)));
  const last = fold(hash, out, length, stripes);
  for (let i = 0; i < length; i++) last[i] = (last[i] as number) ^ (key[i] as number);
  out.set(last, length * (stripes - 1));
  return out;
}

/** What `splitKey` was given; anything when the area is damaged. */
export function mergeKey(
  hash: HashName,
  material: Uint8Array,
  length: number,
  stripes: number,
): Uint8Array {
  const key = fold(hash, material, length, stripes);
  const last = length * (stripes - 1);
  for (let i = 0; i < length; i++) key[i] = (key[i] as number) ^ (material[last + i] as number);
  return key;
}

/** All stripes but the last, each mixed into what came before. */
function fold(hash: HashName, material: Uint8Array, length: number, stripes: number): Uint8Array {
  const block = new Uint8Array(length);
  for (let stripe = 0; stripe < stripes - 1; stripe++) {
    const base = stripe * length;
    for (let i = 0; i < length; i++)
      block[i] = (block[i] as number) ^ (material[base + i] as number);
    diffuse(hash, block);
  }
  return block;
}

/** Replaces each piece of a digest's length by the hash of its number and itself. */
function diffuse(hash: HashName, block: Uint8Array): void {
  const size = digestBytes(hash);
  for (let at = 0, number = 0; at < block.length; at += size, number++) {
    const piece = block.subarray(at, at + size);
    const message = new Uint8Array(4 + piece.length);
    viewOf(message).setUint32(0, number);
    message.set(piece, 4);
    piece.set(digest(hash, message).subarray(0, piece.length));
  }
}
