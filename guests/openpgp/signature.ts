import { createHash, constants, verify } from "node:crypto";
import { KeyAlgorithm, type PublicKey } from "./key.ts";
import { newLength, PacketTag, readPackets } from "./packet.ts";
import { leftPad, OpenPgpError, Reader } from "./reader.ts";

/** A version 4 signature packet (RFC 9580 §5.2.3), fields by their names there. */
export interface Signature {
  /** §5.2.1; 0x01 is a signature of a canonical text document. */
  readonly type: number;
  readonly algorithm: number;
  /** Node's name of the digest. */
  readonly hash: string;
  /** From the version octet to the end of the hashed subpackets: part of what is signed. */
  readonly hashedPart: Uint8Array;
  readonly createdSeconds: number;
  /** Seconds since 1970; null for a signature that stays valid. */
  readonly expiresSeconds: number | null;
  /** Fingerprint or, in old signatures, only the key id (the last 16 digits) of the signer. */
  readonly issuer: string;
  readonly values: readonly Uint8Array[];
}

/** §9.5, without the broken ones: a signature over MD5, SHA-1 or RIPEMD proves nothing. */
const HASHES = new Map([
  [8, "sha256"],
  [9, "sha384"],
  [10, "sha512"],
]);

/** §5.2.3.7 subpacket type ids. */
const Subpacket = {
  created: 2,
  expires: 3,
  issuerKeyId: 16,
  notation: 20,
  issuerFingerprint: 33,
} as const;
const KNOWN = new Set<number>(Object.values(Subpacket));

/** The signatures of a detached-signature block; those of unknown versions or hashes are left out. */
export function readSignatures(bytes: Uint8Array): Signature[] {
  return readPackets(bytes)
    .filter(({ tag }) => tag === PacketTag.signature)
    .flatMap(({ body }) => readSignature(body) ?? []);
}

function readSignature(body: Uint8Array): Signature | null {
  const reader = new Reader(body);
  if (reader.u8() !== 4) {
    return null;
  }
  const type = reader.u8();
  const algorithm = reader.u8();
  const hash = HASHES.get(reader.u8());
  const hashed = reader.bytes(reader.u16());
  const hashedPart = body.subarray(0, reader.at);
  const unhashed = reader.bytes(reader.u16());
  reader.u16(); // The digest's left two octets: a hint that proves nothing.
  const values = readValues(reader, algorithm);
  if (hash === undefined || values === null) {
    return null;
  }
  const facts = readSubpackets(hashed, true);
  // The issuer is only a hint which key to try, so it may stand in the unsigned part.
  const issuer = facts.issuer || readSubpackets(unhashed, false).issuer;
  const { created: createdSeconds, lifetime } = facts;
  const expiresSeconds = lifetime === 0 ? null : createdSeconds + lifetime;
  return { type, algorithm, hash, hashedPart, createdSeconds, expiresSeconds, issuer, values };
}

function readValues(reader: Reader, algorithm: number): Uint8Array[] | null {
  switch (algorithm) {
    case KeyAlgorithm.rsa:
    case KeyAlgorithm.rsaSignOnly:
      return [reader.mpi()];
    case KeyAlgorithm.eddsaLegacy:
      return [reader.mpi(), reader.mpi()];
    case KeyAlgorithm.ed25519:
      return [reader.bytes(32), reader.bytes(32)];
    default:
      return null;
  }
}

function readSubpackets(
  area: Uint8Array,
  areSigned: boolean,
): { created: number; lifetime: number; issuer: string } {
  const reader = new Reader(area);
  const facts = { created: 0, lifetime: 0, issuer: "" };
  while (reader.left > 0) {
    const content = new Reader(reader.bytes(newLength(reader)));
    const typeOctet = content.u8();
    const type = typeOctet & 0x7f;
    // §5.2.3.7: bit 7 marks a subpacket that must be understood.
    if (areSigned && (typeOctet & 0x80) !== 0 && !KNOWN.has(type)) {
      throw new OpenPgpError(`a signature has an unknown critical subpacket ${type}`);
    }
    if (type === Subpacket.created) {
      facts.created = content.u32();
    } else if (type === Subpacket.expires) {
      facts.lifetime = content.u32();
    } else if (type === Subpacket.issuerKeyId && facts.issuer === "") {
      facts.issuer = hex(content.bytes(8));
    } else if (type === Subpacket.issuerFingerprint && content.u8() === 4) {
      facts.issuer = hex(content.bytes(20));
    }
  }
  return facts;
}

/** True when `signature` is `key`'s over `document`, the bytes that §5.2.4 has hashed first. */
export function isSignedBy(signature: Signature, key: PublicKey, document: Uint8Array): boolean {
  if (!sameAlgorithm(signature.algorithm, key.algorithm)) {
    return false;
  }
  const { hashedPart } = signature;
  const trailer = Buffer.from([0x04, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(hashedPart.length, 2);
  const signed = Buffer.concat([document, hashedPart, trailer]);
  const [first, second] = signature.values;
  if (first === undefined) {
    return false;
  }
  if (second === undefined) {
    const padded = leftPad(first, key.modulusBytes);
    const rsa = { key: key.key, padding: constants.RSA_PKCS1_PADDING };
    return padded !== null && verify(signature.hash, signed, rsa, padded);
  }
  // §5.2.3.3.2: EdDSA signs the digest, not the document.
  const digest = createHash(signature.hash).update(signed).digest();
  const r = leftPad(first, 32);
  const s = leftPad(second, 32);
  return r !== null && s !== null && verify(null, digest, key.key, Buffer.concat([r, s]));
}

function sameAlgorithm(left: number, right: number): boolean {
  const family = (id: number): number => (id === KeyAlgorithm.rsaSignOnly ? KeyAlgorithm.rsa : id);
  return family(left) === family(right);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
