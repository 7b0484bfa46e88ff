import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { keyFileBytes } from "./armor.ts";
import { PacketTag, readPackets } from "./packet.ts";
import { leftPad, Reader } from "./reader.ts";

/** Public-key algorithm ids of RFC 9580 §9.1. */
export const KeyAlgorithm = { rsa: 1, rsaSignOnly: 3, eddsaLegacy: 22, ed25519: 27 } as const;

/** A version 4 public key or subkey. */
export interface PublicKey {
  /** 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Seconds since 1970. */
  readonly createdSeconds: number;
  readonly algorithm: number;
  readonly key: KeyObject;
  /** RSA: length of the modulus. */
  readonly modulusBytes: number;
}

/** 1.3.6.1.4.1.11591.15.1, Ed25519 under the old EdDSA algorithm id (RFC 9580 §9.2). */
const ED25519_OID = "2b06010401da470f01";
/** RFC 9580 §11.2.2: a native point in an MPI is prefixed by this octet. */
const NATIVE_POINT = 0x40;

/**
 * The keys of a key file whose fingerprints `isWanted` accepts. What a certificate says about its
 * keys (names, expiry, bindings of subkeys) is not read: whoever pins the fingerprint of the very
 * key that signs needs none of it.
 */
export function readKeys(
  file: Uint8Array,
  isWanted: (fingerprint: string) => boolean,
): PublicKey[] {
  const keys: PublicKey[] = [];
  for (const { tag, body } of readPackets(keyFileBytes(file))) {
    if (tag !== PacketTag.publicKey && tag !== PacketTag.publicSubkey) {
      continue;
    }
    const fingerprint = fingerprintOf(body);
    const key = isWanted(fingerprint) ? readKey(body, fingerprint) : null;
    if (key !== null) {
      keys.push(key);
    }
  }
  return keys;
}

/** RFC 9580 §5.5.4.2: SHA-1 over 0x99, the body's length in two octets, and the body. */
function fingerprintOf(body: Uint8Array): string {
  const header = Uint8Array.of(0x99, body.length >> 8, body.length & 0xff);
  return createHash("sha1").update(header).update(body).digest("hex").toUpperCase();
}

function readKey(body: Uint8Array, fingerprint: string): PublicKey | null {
  const reader = new Reader(body);
  if (reader.u8() !== 4) {
    return null;
  }
  const createdSeconds = reader.u32();
  const algorithm = reader.u8();
  const common = { fingerprint, createdSeconds, algorithm };
  switch (algorithm) {
    case KeyAlgorithm.rsa:
    case KeyAlgorithm.rsaSignOnly: {
      const n = reader.mpi();
      const e = reader.mpi();
      const jwk = { kty: "RSA", n: base64url(n), e: base64url(e) };
      return {
        ...common,
        key: createPublicKey({ key: jwk, format: "jwk" }),
        modulusBytes: n.length,
      };
    }
    case KeyAlgorithm.eddsaLegacy:
    case KeyAlgorithm.ed25519: {
      const point = algorithm === KeyAlgorithm.ed25519 ? reader.bytes(32) : legacyPoint(reader);
      if (point === null) {
        return null;
      }
      const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(point) };
      return { ...common, key: createPublicKey({ key: jwk, format: "jwk" }), modulusBytes: 0 };
    }
    default:
      return null;
  }
}

function legacyPoint(reader: Reader): Uint8Array | null {
  const oid = Buffer.from(reader.bytes(reader.u8())).toString("hex");
  const point = reader.mpi();
  if (oid !== ED25519_OID || point.length !== 33 || point[0] !== NATIVE_POINT) {
    return null;
  }
  return leftPad(point.subarray(1), 32);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
