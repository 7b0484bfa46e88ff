/** Algorithms of encrypted images by the names that QEMU's options have. */
import { StorageError } from "../errors.ts";

const HASHES = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "ripemd160"] as const;
const MODES = ["ecb", "cbc", "xts", "ctr"] as const;
const IV_GENERATORS = ["plain", "plain64", "essiv"] as const;
/** Key bytes by name; XTS uses two keys. */
const CIPHERS = { "aes-128": 16, "aes-192": 24, "aes-256": 32 } as const;
/** Ciphers that QEMU has a name for. LUKS volumes with them are refused here. */
const OTHER_CIPHERS = [
  ...["des", "3des", "cast5-128", "serpent-128", "serpent-192", "serpent-256"],
  ...["twofish-128", "twofish-192", "twofish-256"],
];

export type HashName = (typeof HASHES)[number];
export type CipherMode = (typeof MODES)[number];
export type IvGenerator = (typeof IV_GENERATORS)[number];
export type CipherName = keyof typeof CIPHERS;

/** How the sectors of an image are encrypted. */
export interface CipherSpec {
  readonly cipher: CipherName;
  readonly mode: CipherMode;
  readonly ivGenerator: IvGenerator;
  /** What ESSIV hashes the key with; other generators make no use of it. */
  readonly ivHash: HashName | undefined;
}

/** Bytes of the key that a cipher and mode take. */
export function keyBytes({ cipher, mode }: Pick<CipherSpec, "cipher" | "mode">): number {
  return CIPHERS[cipher] * (mode === "xts" ? 2 : 1);
}

/** The cipher that a LUKS header means by its key's length. */
export function cipherOfKey(mode: CipherMode, bytes: number): CipherName | undefined {
  const names = Object.keys(CIPHERS) as CipherName[];
  return names.find((cipher) => keyBytes({ cipher, mode }) === bytes);
}

function oneOf<T extends string>(known: readonly T[], option: string, value: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new StorageError("EINVAL", `Parameter '${option}' does not accept value '${value}'`);
}

/** @throws StorageError for a name that QEMU does not know */
export function hashOf(value: string, option = "hash-alg"): HashName {
  return oneOf(HASHES, option, value);
}

/** @throws StorageError for a name that QEMU does not know */
export function modeOf(value: string): CipherMode {
  return oneOf(MODES, "cipher-mode", value);
}

/** @throws StorageError for a name that QEMU does not know */
export function ivGeneratorOf(value: string): IvGenerator {
  return oneOf(IV_GENERATORS, "ivgen-alg", value);
}

/** @throws StorageError for a name that QEMU does not know, or a cipher that this does not have */
export function cipherOf(value: string): CipherName {
  const known = Object.keys(CIPHERS) as CipherName[];
  const name = oneOf<string>([...known, ...OTHER_CIPHERS], "cipher-alg", value);
  const cipher = known.find((own) => own === name);
  if (cipher !== undefined) return cipher;
  throw new StorageError("ENOTSUP", `Algorithm '${value}' not supported`);
}

/** What a header calls an algorithm. */
function named<T extends string>(known: readonly T[], what: string, value: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new StorageError("ENOTSUP", `${what} '${value}' is not recognized`);
}

/** @throws StorageError ENOTSUP in the words for headers */
export const headerHash = (value: string): HashName => named(HASHES, "Hash algorithm", value);
/** @throws StorageError ENOTSUP in the words for headers */
export const headerMode = (value: string): CipherMode => named(MODES, "Cipher mode", value);
/** @throws StorageError ENOTSUP in the words for headers */
export const headerIvGenerator = (value: string): IvGenerator =>
  named(IV_GENERATORS, "IV generator", value);
