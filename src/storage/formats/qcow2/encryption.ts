import type { BlockNode } from "../../block-node.ts";
import { type LuksChoice, createLuks, luksHeaderBytes } from "../../crypto/luks-create.ts";
import { type LuksStore, LuksVolume } from "../../crypto/luks-volume.ts";
import { type Keys, requiredPassword } from "../../crypto/secrets.ts";
import { type SectorCipher, sectorCipher } from "../../crypto/sector-cipher.ts";
import { StorageError } from "../../errors.ts";
import type { CryptoHost } from "../../ports.ts";
import { readPadded } from "../../padded.ts";
import { Mutex, run } from "../../task.ts";
import { CryptMethod } from "./format.ts";
import type { Qcow2Header } from "./header.ts";
import type { Qcow2Image } from "./image.ts";

/** An image whose clusters are encrypted; metadata and compressed clusters are not. */
export interface Qcow2Encryption {
  readonly method: "aes" | "luks";
  /** Undefined when the image was opened only to look at its metadata. */
  readonly cipher: SectorCipher | undefined;
  /** With LUKS: its header, and the key where the image is unlocked. */
  readonly volume: LuksVolume | undefined;
  readonly key: Uint8Array | undefined;
  readonly unaligned: Mutex;
}

/** What opens an encrypted image. */
export interface Qcow2Unlocking {
  readonly keys: Keys;
  /** The id of the secret with the password. */
  readonly keySecret: string | undefined;
  /** What the user says that the image is encrypted with. */
  readonly format: string | undefined;
  /** Only metadata are looked at; no password is needed. */
  readonly lookOnly: boolean;
  /** Machines do not run from images with legacy AES. */
  readonly legacyAes: boolean;
}

/** How a new image is encrypted. */
export type Qcow2EncryptionChoice =
  | { readonly method: "aes"; readonly password: Uint8Array }
  | {
      readonly method: "luks";
      readonly password: Uint8Array;
      readonly choice: LuksChoice;
      readonly crypto: CryptoHost;
    };

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/** @throws StorageError with QEMU's words */
export async function openEncryption(
  file: BlockNode,
  header: Qcow2Header,
  unlocking: Qcow2Unlocking | undefined,
): Promise<Qcow2Encryption | undefined> {
  const { cryptMethod } = header;
  demandFormat(cryptMethod, unlocking?.format);
  if (cryptMethod === CryptMethod.none) return undefined;
  if (unlocking === undefined)
    throw invalid("Parameter 'encrypt.key-secret' is required for cipher");
  if (cryptMethod === CryptMethod.aes) return openAes(unlocking);
  return openLuksInside(file, header, unlocking);
}

function demandFormat(cryptMethod: number, format: string | undefined): void {
  if (format === undefined) return;
  if (cryptMethod === CryptMethod.none)
    throw invalid(`No encryption in image header, but options specified format '${format}'`);
  const own = cryptMethod === CryptMethod.aes ? "aes" : "luks";
  if (format !== own)
    throw invalid(`Header reported '${own}' encryption format but options specify '${format}'`);
}

function openAes({ keys, keySecret, lookOnly, legacyAes }: Qcow2Unlocking): Qcow2Encryption {
  if (!legacyAes) {
    throw new StorageError(
      "ENOTSUP",
      "Use of AES-CBC encrypted qcow2 images is no longer supported in system emulators\n" +
        "You can use 'qemu-img convert' to convert your image to an alternative supported format, " +
        "such as unencrypted qcow2, or raw with the LUKS format instead.",
    );
  }
  const password = lookOnly ? undefined : requiredPassword(keys, keySecret, "encrypt.");
  return legacyAesEncryption(password);
}

const AES_KEY_BYTES = 16;

/** The password itself is the key: cut, or filled up with zeroes. */
export function legacyAesEncryption(password: Uint8Array | undefined): Qcow2Encryption {
  const key = new Uint8Array(AES_KEY_BYTES);
  key.set(password?.subarray(0, AES_KEY_BYTES) ?? []);
  const spec = {
    cipher: "aes-128",
    mode: "cbc",
    ivGenerator: "plain64",
    ivHash: undefined,
  } as const;
  const cipher = password === undefined ? undefined : sectorCipher(spec, key);
  return { method: "aes", cipher, volume: undefined, key: undefined, unaligned: new Mutex() };
}

async function openLuksInside(
  file: BlockNode,
  { crypto: place, cryptMethod }: Qcow2Header,
  { keys, keySecret, lookOnly }: Qcow2Unlocking,
): Promise<Qcow2Encryption> {
  if (place === undefined && lookOnly) return luksEncryption(undefined, undefined);
  if (place === undefined) throw invalid(`Missing CRYPTO header for crypt method ${cryptMethod}`);
  const password = lookOnly ? undefined : requiredPassword(keys, keySecret, "encrypt.");
  const volume = await LuksVolume.open(storeIn(file, place), keys.crypto);
  return luksEncryption(volume, password === undefined ? undefined : await volume.unlock(password));
}

function luksEncryption(
  volume: LuksVolume | undefined,
  key: Uint8Array | undefined,
): Qcow2Encryption {
  const cipher = key === undefined ? undefined : volume?.cipher(key);
  return { method: "luks", cipher, volume, key, unaligned: new Mutex() };
}

/** The clusters that the header gives to LUKS. */
function storeIn(file: BlockNode, place: { offset: number; bytes: number }): LuksStore {
  const at = (offset: number, { length }: Uint8Array): number => {
    if (offset + length <= place.bytes) return place.offset + offset;
    throw invalid("Request for data outside of extension header");
  };
  return {
    read: (offset, bytes) => run(readPadded(file, at(offset, bytes), bytes)),
    write: (offset, bytes) => file.write(at(offset, bytes), [bytes]),
    flush: () => file.flush(),
  };
}

/** Gives a new image, which nothing was written to yet, its encryption and the header for it. */
export async function setUpEncryption(
  image: Qcow2Image,
  wanted: Qcow2EncryptionChoice,
): Promise<void> {
  const { header } = image;
  if (wanted.method === "aes") {
    header.cryptMethod = CryptMethod.aes;
    image.encryption = legacyAesEncryption(wanted.password);
    return;
  }
  const bytes = luksHeaderBytes(wanted.choice);
  const clusters = Math.ceil(bytes / image.clusterSize);
  const offset = await run(image.refcounts.allocate(clusters));
  await image.file.writeZeroes(offset, clusters * image.clusterSize);
  const place = { offset, bytes };
  image.metadata.add(offset, bytes, "encryption header");
  const { volume, key } = await createLuks(
    storeIn(image.file, place),
    wanted.crypto,
    wanted.choice,
    wanted.password,
  );
  header.cryptMethod = CryptMethod.luks;
  header.crypto = place;
  image.encryption = luksEncryption(volume, key);
}

/** @throws StorageError when the image is not unlocked */
export function demandCipher({ cipher }: Qcow2Encryption): SectorCipher {
  if (cipher === undefined) throw new StorageError("EPERM");
  return cipher;
}
