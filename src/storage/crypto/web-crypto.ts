import { hmac } from "@noble/hashes/hmac.js";
import { viewOf } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import type { CryptoHost } from "../ports.ts";
import type { HashName } from "./algorithms.ts";
import { HASHES, digestBytes } from "./hashes.ts";

/** The part of the platform's `crypto` that is used: the same in browsers' workers and in Node. */
export interface WebCrypto {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown;
  readonly subtle: {
    importKey(
      format: "raw",
      key: Uint8Array<ArrayBuffer>,
      algorithm: string,
      extractable: boolean,
      usages: ("deriveBits" | "decrypt")[],
    ): Promise<unknown>;
    deriveBits(algorithm: Pbkdf2, key: never, bits: number): Promise<ArrayBuffer>;
    decrypt(algorithm: AesCbc, key: never, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  };
}

interface Pbkdf2 {
  readonly name: string;
  readonly hash: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

interface AesCbc {
  readonly name: string;
  readonly iv: Uint8Array<ArrayBuffer>;
}

const NATIVE: Partial<Record<HashName, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** What `getRandomValues` gives at a time (Web Cryptography §10.1.1). */
const MAX_RANDOM = 65_536;

interface Platform {
  readonly crypto: WebCrypto;
  /** Milliseconds since some moment. */
  nowMs(): number;
  /** Lets other work of this thread go on. */
  pause(): Promise<void>;
}

/** The platform's cryptography as the block layer's port. */
export function webCrypto({ crypto, nowMs, pause }: Platform): CryptoHost {
  return {
    nowMs,
    random(bytes) {
      const out = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += MAX_RANDOM)
        crypto.getRandomValues(out.subarray(at, at + MAX_RANDOM));
      return out;
    },
    async pbkdf2(hash, password, salt, iterations, bytes) {
      const name = NATIVE[hash];
      if (name === undefined || password.length === 0)
        return pbkdf2Slowly({ hash, password, salt, iterations, bytes }, pause);
      const { subtle } = crypto;
      const raw = password.slice();
      const key = await subtle.importKey("raw", raw, "PBKDF2", false, ["deriveBits"]);
      const algorithm = { name: "PBKDF2", hash: name, salt: salt.slice(), iterations };
      return new Uint8Array(await subtle.deriveBits(algorithm, key as never, bytes * 8));
    },
    async decryptCbc(key, iv, data) {
      const { subtle } = crypto;
      const own = await subtle.importKey("raw", key.slice(), "AES-CBC", false, ["decrypt"]);
      try {
        const algorithm = { name: "AES-CBC", iv: iv.slice() };
        return new Uint8Array(await subtle.decrypt(algorithm, own as never, data.slice()));
      } catch (error) {
        throw new StorageError(
          "EINVAL",
          "Incorrect number of padding bytes found on decrypted data",
          error,
        );
      }
    },
  };
}

interface Derivation {
  readonly hash: HashName;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly bytes: number;
}

const ITERATIONS_AT_A_TIME = 20_000;

/** PBKDF2 (RFC 8018 §5.2) for hashes that the platform does not have. */
async function pbkdf2Slowly(wanted: Derivation, pause: () => Promise<void>): Promise<Uint8Array> {
  const { hash, password, salt, iterations, bytes } = wanted;
  const keyed = hmac.create(HASHES[hash], password);
  const size = digestBytes(hash);
  const out = new Uint8Array(bytes);
  const number = new Uint8Array(4);
  for (let at = 0; at < bytes; at += size) {
    viewOf(number).setUint32(0, at / size + 1);
    let u: Uint8Array = keyed.clone().update(salt).update(number).digest();
    const sum = u.slice();
    for (let i = 1; i < iterations; i++) {
      u = keyed.clone().update(u).digest();
      for (let k = 0; k < size; k++) sum[k] = (sum[k] as number) ^ (u[k] as number);
      if (i % ITERATIONS_AT_A_TIME === 0) await pause();
    }
    out.set(sum.subarray(0, bytes - at), at);
  }
  return out;
}
