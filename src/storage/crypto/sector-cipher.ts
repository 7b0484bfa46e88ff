/** AES over the sectors of an image, each on its own with the vector that its number gives. */
import { cbc, ctr, ecb } from "@noble/ciphers/aes.js";
import type { CipherSpec } from "./algorithms.ts";
import { IV_BYTES, type IvSource, ivSource } from "./iv-generator.ts";

export const SECTOR_BYTES = 512;
const BLOCKS = SECTOR_BYTES / 16;

/** Works in place on whole sectors, of which the first is number `sector`. */
export interface SectorCipher {
  /** @param bytes whole sectors, aligned to 4 bytes in their buffer */
  encrypt(sector: number, bytes: Uint8Array): void;
  /** @param bytes whole sectors, aligned to 4 bytes in their buffer */
  decrypt(sector: number, bytes: Uint8Array): void;
}

/** @param key of the length that `spec` takes */
export function sectorCipher(spec: CipherSpec, key: Uint8Array): SectorCipher {
  const ivs = ivSource(spec, key);
  switch (spec.mode) {
    case "xts":
      return xtsCipher(ivs, key);
    case "ecb":
      return {
        encrypt: (_sector, bytes) => void blocks(key).encrypt(bytes, bytes),
        decrypt: (_sector, bytes) => void blocks(key).decrypt(bytes, bytes),
      };
    case "cbc":
      return perSector(ivs, (iv) => cbc(key, iv, { disablePadding: true }));
    case "ctr":
      return perSector(ivs, (iv) => ctr(key, iv));
  }
}

/** AES alone; one call for many blocks, since each makes its round keys. */
function blocks(key: Uint8Array): Cipher {
  return ecb(key, { disablePadding: true });
}

interface Cipher {
  encrypt(from: Uint8Array, to: Uint8Array): Uint8Array;
  decrypt(from: Uint8Array, to: Uint8Array): Uint8Array;
}

function perSector(ivs: IvSource, cipherFor: (iv: Uint8Array) => Cipher): SectorCipher {
  const iv = new Uint8Array(IV_BYTES);
  const out = new Uint8Array(SECTOR_BYTES);
  const each = (sector: number, bytes: Uint8Array, way: "encrypt" | "decrypt"): void => {
    for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
      ivs(sector + at / SECTOR_BYTES, iv);
      const part = bytes.subarray(at, at + SECTOR_BYTES);
      cipherFor(iv)[way](part, out);
      part.set(out);
    }
  };
  return {
    encrypt: (sector, bytes) => each(sector, bytes, "encrypt"),
    decrypt: (sector, bytes) => each(sector, bytes, "decrypt"),
  };
}

/** XTS (IEEE 1619 §5): AES with the first half of the key between two additions of the tweak. */
function xtsCipher(ivs: IvSource, key: Uint8Array): SectorCipher {
  const data = key.subarray(0, key.length / 2);
  const second = key.subarray(key.length / 2);
  const crypt = (sector: number, bytes: Uint8Array, way: "encrypt" | "decrypt"): void => {
    const tweaks = new Uint8Array((bytes.length / SECTOR_BYTES) * IV_BYTES);
    ivs(sector, tweaks);
    blocks(second).encrypt(tweaks, tweaks);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const starts = new Uint32Array(tweaks.buffer);
    addTweaks(words, starts);
    blocks(data)[way](bytes, bytes);
    addTweaks(words, starts);
  };
  return {
    encrypt: (sector, bytes) => crypt(sector, bytes, "encrypt"),
    decrypt: (sector, bytes) => crypt(sector, bytes, "decrypt"),
  };
}

/** Adds to each block of each sector its tweak: the one before times x in GF(2^128). */
function addTweaks(words: Uint32Array, starts: Uint32Array): void {
  for (let sector = 0, at = 0; sector < starts.length; sector += 4) {
    let t0 = starts[sector] as number;
    let t1 = starts[sector + 1] as number;
    let t2 = starts[sector + 2] as number;
    let t3 = starts[sector + 3] as number;
    for (let block = 0; block < BLOCKS; block++, at += 4) {
      words[at] = (words[at] as number) ^ t0;
      words[at + 1] = (words[at + 1] as number) ^ t1;
      words[at + 2] = (words[at + 2] as number) ^ t2;
      words[at + 3] = (words[at + 3] as number) ^ t3;
      const carry = t3 >>> 31;
      t3 = (t3 << 1) | (t2 >>> 31);
      t2 = (t2 << 1) | (t1 >>> 31);
      t1 = (t1 << 1) | (t0 >>> 31);
      t0 = (t0 << 1) ^ (carry * 0x87);
    }
  }
}
