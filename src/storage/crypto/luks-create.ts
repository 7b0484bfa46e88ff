import type { CryptoHost } from "../ports.ts";
import { type CipherSpec, type HashName, keyBytes } from "./algorithms.ts";
import {
  DIGEST_BYTES,
  KEY_SLOTS,
  type LuksHeader,
  SALT_BYTES,
  headerBytes,
  slotOffset,
} from "./luks-header.ts";
import { type LuksStore, LuksVolume, demandEssiv } from "./luks-volume.ts";

/** How a new volume is encrypted. */
export interface LuksChoice extends CipherSpec {
  readonly hash: HashName;
  /** What trying a password shall take on this computer. */
  readonly iterTimeMs: number;
}

/** Bytes of a new volume before its data. */
export function luksHeaderBytes(choice: CipherSpec): number {
  return headerBytes(keyBytes(choice));
}

/**
 * Makes a volume with a new key, which slot 0 has under the password.
 *
 * @throws StorageError when the choice is not sound
 */
export async function createLuks(
  store: LuksStore,
  crypto: CryptoHost,
  choice: LuksChoice,
  password: Uint8Array,
): Promise<{ readonly volume: LuksVolume; readonly key: Uint8Array }> {
  demandEssiv(choice);
  const length = keyBytes(choice);
  const { mode, ivGenerator, ivHash } = choice;
  const header: LuksHeader = {
    cipherName: "aes",
    cipherMode: `${mode}-${ivGenerator}${ivHash === undefined ? "" : `:${ivHash}`}`,
    hashSpec: choice.hash,
    payloadOffset: headerBytes(length),
    keyBytes: length,
    digest: new Uint8Array(DIGEST_BYTES),
    digestSalt: new Uint8Array(SALT_BYTES),
    digestIterations: 0,
    uuid: newUuid(crypto.random(16)),
    slots: Array.from({ length: KEY_SLOTS }, (_, i) => ({
      active: false,
      iterations: 0,
      salt: new Uint8Array(SALT_BYTES),
      offset: slotOffset(length, i),
    })),
  };
  const volume = new LuksVolume(store, crypto, header);
  const key = crypto.random(length);
  await volume.setDigest(key, choice.iterTimeMs);
  await volume.fillSlot(0, key, password, choice.iterTimeMs);
  return { volume, key };
}

/** A random UUID (RFC 9562 §5.4). */
function newUuid(random: Uint8Array): string {
  random[6] = ((random[6] as number) & 0x0f) | 0x40;
  random[8] = ((random[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
