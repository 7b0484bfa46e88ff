/** OpenPGP keys and signatures for tests, made by hand with Node's own cryptography. */
import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A key pair whose public half is an OpenPGP key file. */
export interface ForgedKey {
  /** A binary key file with this one key. */
  readonly file: Buffer;
  readonly fingerprint: string;
  /** The body of a signature packet over `document`. */
  readonly sign: (document: Uint8Array, terms?: SignatureTerms) => Buffer;
}

/** What a signature says, where it is not the usual. */
export interface SignatureTerms {
  /** Signature type; 1, canonical text, when left out. */
  readonly type?: number;
  readonly createdSeconds?: number;
  /** Seconds after creation; for ever when left out. */
  readonly lifetimeSeconds?: number;
  /** Hash algorithm id: 8 (SHA-256) when left out, 2 is SHA-1. */
  readonly hash?: number;
  /** More hashed subpackets, with their length octets. */
  readonly extra?: Buffer;
}

export const KEY_CREATED = 1_700_000_000;
const HASH_NAMES: Readonly<Record<number, string>> = { 2: "sha1", 8: "sha256", 10: "sha512" };

export function forgeKey(kind: "rsa" | "eddsa" | "ed25519"): ForgedKey {
  const { publicKey, privateKey } =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ed25519");
  const algorithm = { rsa: 1, eddsa: 22, ed25519: 27 }[kind];
  const body = Buffer.concat([u8(4), u32(KEY_CREATED), u8(algorithm), material(kind, publicKey)]);
  const fingerprint = createHash("sha1").update(u8(0x99)).update(u16(body.length)).update(body);
  const id = fingerprint.digest();
  return {
    file: packet(6, body),
    fingerprint: id.toString("hex").toUpperCase(),
    sign: (document, terms = {}) => signature(kind, algorithm, privateKey, id, document, terms),
  };
}

function material(kind: string, key: KeyObject): Buffer {
  const jwk = key.export({ format: "jwk" });
  const field = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");
  switch (kind) {
    case "rsa":
      return Buffer.concat([mpi(field(jwk.n)), mpi(field(jwk.e))]);
    case "eddsa": {
      const oid = Buffer.from("2b06010401da470f01", "hex");
      return Buffer.concat([u8(oid.length), oid, mpi(Buffer.concat([u8(0x40), field(jwk.x)]))]);
    }
    default:
      return field(jwk.x);
  }
}

function signature(
  kind: string,
  algorithm: number,
  key: KeyObject,
  issuer: Buffer,
  document: Uint8Array,
  terms: SignatureTerms,
): Buffer {
  const { type = 1, createdSeconds = KEY_CREATED + 100, lifetimeSeconds, hash = 8, extra } = terms;
  const hashed = Buffer.concat([
    subpacket(33, Buffer.concat([u8(4), issuer])),
    subpacket(2, u32(createdSeconds)),
    lifetimeSeconds === undefined ? Buffer.alloc(0) : subpacket(3, u32(lifetimeSeconds)),
    extra ?? Buffer.alloc(0),
  ]);
  const head = Buffer.concat([Buffer.from([4, type, algorithm, hash]), u16(hashed.length), hashed]);
  const signed = Buffer.concat([document, head, Buffer.from([4, 0xff]), u32(head.length)]);
  const name = HASH_NAMES[hash] ?? "sha256";
  const digest = createHash(name).update(signed).digest();
  const values = (): Buffer => {
    if (kind === "rsa") {
      return mpi(sign(name, signed, { key, padding: constants.RSA_PKCS1_PADDING }));
    }
    const raw = sign(null, digest, key);
    const halves = [raw.subarray(0, 32), raw.subarray(32)];
    return kind === "eddsa" ? Buffer.concat(halves.map(mpi)) : raw;
  };
  return packet(2, Buffer.concat([head, u16(0), digest.subarray(0, 2), values()]));
}

/** A clearsigned message; `signers` give the signature packets for its canonical text. */
export function clearsign(text: string, signers: ((document: Buffer) => Buffer)[]): string {
  const canonical = text
    .split("\n")
    .map((line) => line.replace(/[ \t]+$/, ""))
    .join("\r\n");
  const packets = signers.map((signer) => signer(Buffer.from(canonical, "utf8")));
  const body = text.split("\n").map((line) => (line.startsWith("-") ? `- ${line}` : line));
  return [
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "Hash: SHA256",
    "",
    ...body,
    armor("PGP SIGNATURE", Buffer.concat(packets)),
  ].join("\n");
}

export function armor(kind: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${kind}-----`, "", ...lines, "=AAAA", `-----END ${kind}-----`, ""].join("\n");
}

/** A packet with a header of the current format and a four-octet length. */
function packet(tag: number, body: Buffer): Buffer {
  return Buffer.concat([u8(0xc0 | tag), u8(0xff), u32(body.length), body]);
}

export function subpacket(type: number, body: Buffer): Buffer {
  return Buffer.concat([u8(body.length + 1), u8(type), body]);
}

function mpi(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const value = bytes.subarray(first < 0 ? bytes.length : first);
  const bits = value.length === 0 ? 0 : (value.length - 1) * 8 + (32 - Math.clz32(value[0] ?? 0));
  return Buffer.concat([u16(bits), value]);
}

function u8(value: number): Buffer {
  return Buffer.from([value]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
