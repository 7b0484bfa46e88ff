import { utf8Text } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import type { CryptoHost } from "../ports.ts";

/** The secrets that options name, and the host's cryptography. */
export interface Keys {
  readonly crypto: CryptoHost;
  /** Raw bytes by id. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
}

function noCrypto(): never {
  throw new StorageError("ENOTSUP");
}

/** For those who open no encrypted images. */
export const NO_KEYS: Keys = {
  crypto: { nowMs: () => 0, random: noCrypto, pbkdf2: noCrypto, decryptCbc: noCrypto },
  secrets: new Map(),
};

/** @throws StorageError when there is no such secret */
export function secretOf(secrets: ReadonlyMap<string, Uint8Array>, id: string): Uint8Array {
  const found = secrets.get(id);
  if (found === undefined) throw new StorageError("ENOENT", `No secret with id '${id}'`);
  return found;
}

/**
 * A secret that is a password: text, which ends at a NUL.
 *
 * @throws StorageError when there is no such secret, or it is no text
 */
export function passwordOf(secrets: ReadonlyMap<string, Uint8Array>, id: string): Uint8Array {
  const bytes = secretOf(secrets, id);
  if (utf8Text(bytes).includes("\ufffd"))
    throw new StorageError("EINVAL", `Data from secret ${id} is not valid UTF-8`);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The option that names the password. @throws StorageError when it is not given */
export function requiredPassword(
  keys: Keys,
  id: string | undefined,
  prefix: "" | "encrypt.",
): Uint8Array {
  if (id !== undefined) return passwordOf(keys.secrets, id);
  throw new StorageError("EINVAL", `Parameter '${prefix}key-secret' is required for cipher`);
}
