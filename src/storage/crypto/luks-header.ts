/** The header of LUKS version 1 (on-disk format specification 1.2.3 §3). Numbers are big-endian. */
import { asciiBytes, latin1, viewOf } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import { SECTOR_BYTES } from "./sector-cipher.ts";

export const LUKS_MAGIC = "LUKS\xba\xbe";
export const LUKS_HEADER_BYTES = 592;
export const KEY_SLOTS = 8;
/** The only number of stripes that QEMU takes. */
export const STRIPES = 4000;
export const SALT_BYTES = 32;
export const DIGEST_BYTES = 20;
/** Key material begins, and is aligned, here. */
const SLOT_ALIGN_SECTORS = 4096 / SECTOR_BYTES;
const SLOT_ENABLED = 0x00ac71f3;
const SLOT_DISABLED = 0x0000dead;
/**
 * Derivations that take minutes are not begun: a header is no reason to wait for hours. Two seconds,
 * which is what is usual, are some ten millions on a fast computer.
 */
export const MAX_ITERATIONS = 2 ** 27;

const At = {
  version: 6,
  cipherName: 8,
  cipherMode: 40,
  hashSpec: 72,
  payloadOffset: 104,
  keyBytes: 108,
  digest: 112,
  salt: 132,
  iterations: 164,
  uuid: 168,
  slots: 208,
} as const;
const NAME_BYTES = 32;
const UUID_BYTES = 40;
const SLOT_BYTES = 48;

export interface LuksSlot {
  active: boolean;
  iterations: number;
  salt: Uint8Array;
  /** Where its key material is, in bytes. */
  readonly offset: number;
}

export interface LuksHeader {
  readonly cipherName: string;
  /** Mode, IV generator and its hash: `xts-plain64`, `cbc-essiv:sha256`. */
  readonly cipherMode: string;
  readonly hashSpec: string;
  /** Where the data begin, in bytes. */
  readonly payloadOffset: number;
  readonly keyBytes: number;
  /** PBKDF2 of the key: tells a right one from a wrong one. */
  digest: Uint8Array;
  digestSalt: Uint8Array;
  digestIterations: number;
  readonly uuid: string;
  readonly slots: readonly LuksSlot[];
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/** Bytes of a slot's key material, in whole sectors. */
export function materialBytes(keyBytes: number): number {
  return Math.ceil((keyBytes * STRIPES) / SECTOR_BYTES) * SECTOR_BYTES;
}

/** Bytes from one slot to the next. */
function slotBytes(keyBytes: number): number {
  const unit = SLOT_ALIGN_SECTORS * SECTOR_BYTES;
  return Math.ceil(materialBytes(keyBytes) / unit) * unit;
}

/** Where the key material of a new volume's slot is. */
export function slotOffset(keyBytes: number, index: number): number {
  return SLOT_ALIGN_SECTORS * SECTOR_BYTES + index * slotBytes(keyBytes);
}

/** Bytes of a new volume before its data. */
export function headerBytes(keyBytes: number): number {
  return slotOffset(keyBytes, KEY_SLOTS);
}

/**
 * Reads a header and looks at what its numbers lead to.
 *
 * @param bytes the first `LUKS_HEADER_BYTES`
 * @throws StorageError with QEMU's words
 */
export function parseLuksHeader(bytes: Uint8Array): LuksHeader {
  const view = viewOf(bytes);
  if (latin1(bytes.subarray(0, 6)) !== LUKS_MAGIC) throw invalid("Volume is not in LUKS format");
  const version = view.getUint16(At.version);
  if (version !== 1) throw new StorageError("ENOTSUP", `LUKS version ${version} is not supported`);
  const name = (at: number, what: string): string => {
    const text = latin1(bytes.subarray(at, at + NAME_BYTES), true);
    if (text.length < NAME_BYTES) return text;
    throw invalid(`LUKS header ${what} is not NUL terminated`);
  };
  const header: LuksHeader = {
    cipherName: name(At.cipherName, "cipher name"),
    cipherMode: name(At.cipherMode, "cipher mode"),
    hashSpec: name(At.hashSpec, "hash spec"),
    payloadOffset: view.getUint32(At.payloadOffset) * SECTOR_BYTES,
    keyBytes: view.getUint32(At.keyBytes),
    digest: bytes.slice(At.digest, At.digest + DIGEST_BYTES),
    digestSalt: bytes.slice(At.salt, At.salt + SALT_BYTES),
    digestIterations: view.getUint32(At.iterations),
    uuid: latin1(bytes.subarray(At.uuid, At.uuid + UUID_BYTES), true),
    slots: Array.from({ length: KEY_SLOTS }, (_, i) => parseSlot(bytes, i)),
  };
  demandSound(header);
  return header;
}

function parseSlot(bytes: Uint8Array, index: number): LuksSlot {
  const at = At.slots + index * SLOT_BYTES;
  const view = viewOf(bytes);
  const state = view.getUint32(at);
  const stripes = view.getUint32(at + 44);
  // As numbers with a sign, which is how they are said.
  if (stripes !== STRIPES)
    throw invalid(`Keyslot ${index} is corrupted (stripes ${stripes | 0} != ${STRIPES})`);
  if (state !== SLOT_ENABLED && state !== SLOT_DISABLED)
    throw invalid(`Keyslot ${index} state (active/disable) is corrupted`);
  return {
    active: state === SLOT_ENABLED,
    iterations: view.getUint32(at + 4),
    salt: bytes.slice(at + 8, at + 8 + SALT_BYTES),
    offset: view.getUint32(at + 40) * SECTOR_BYTES,
  };
}

function demandSound(header: LuksHeader): void {
  const { slots, payloadOffset, digestIterations, keyBytes } = header;
  const least = SLOT_ALIGN_SECTORS * SECTOR_BYTES;
  if (payloadOffset < least) throw invalid("LUKS payload is overlapping with the header");
  if (digestIterations === 0) throw invalid("LUKS key iteration count is zero");
  demandBearable("LUKS key", digestIterations);
  const length = slotBytes(keyBytes);
  for (const [i, { active, iterations, offset }] of slots.entries()) {
    if (offset < least) throw invalid(`Keyslot ${i} is overlapping with the LUKS header`);
    if (active && iterations === 0) throw invalid(`Keyslot ${i} iteration count is zero`);
    if (active) demandBearable(`Keyslot ${i}`, iterations);
    if (offset + length > payloadOffset)
      throw invalid(`Keyslot ${i} is overlapping with the encrypted payload`);
    for (let k = i + 1; k < slots.length; k++) {
      const other = (slots[k] as LuksSlot).offset;
      if (offset + length > other && other + length > offset)
        throw invalid(`Keyslots ${i} and ${k} are overlapping in the header`);
    }
  }
}

function demandBearable(what: string, iterations: number): void {
  if (iterations <= MAX_ITERATIONS) return;
  throw invalid(`${what} iteration count ${iterations} is larger than ${MAX_ITERATIONS}`);
}

export function encodeLuksHeader(header: LuksHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LUKS_HEADER_BYTES);
  const view = viewOf(bytes);
  bytes.set(Uint8Array.from(LUKS_MAGIC, (char) => char.charCodeAt(0)));
  view.setUint16(At.version, 1);
  bytes.set(asciiBytes(header.cipherName), At.cipherName);
  bytes.set(asciiBytes(header.cipherMode), At.cipherMode);
  bytes.set(asciiBytes(header.hashSpec), At.hashSpec);
  view.setUint32(At.payloadOffset, header.payloadOffset / SECTOR_BYTES);
  view.setUint32(At.keyBytes, header.keyBytes);
  bytes.set(header.digest, At.digest);
  bytes.set(header.digestSalt, At.salt);
  view.setUint32(At.iterations, header.digestIterations);
  bytes.set(
    Uint8Array.from(header.uuid, (char) => char.charCodeAt(0)),
    At.uuid,
  );
  for (const [i, slot] of header.slots.entries()) {
    const at = At.slots + i * SLOT_BYTES;
    view.setUint32(at, slot.active ? SLOT_ENABLED : SLOT_DISABLED);
    view.setUint32(at + 4, slot.iterations);
    bytes.set(slot.salt, at + 8);
    view.setUint32(at + 40, slot.offset / SECTOR_BYTES);
    view.setUint32(at + 44, STRIPES);
  }
  return bytes;
}
