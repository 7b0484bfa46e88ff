import { md5, ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { CHash } from "@noble/hashes/utils.js";
import type { HashName } from "./algorithms.ts";

/** The hash functions themselves, for what hashes many short messages or has no other way. */
export const HASHES: Readonly<Record<HashName, CHash>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  ripemd160,
};

export function digest(hash: HashName, bytes: Uint8Array): Uint8Array {
  return HASHES[hash](bytes);
}

export function digestBytes(hash: HashName): number {
  return HASHES[hash].outputLen;
}
