/** The options by which qcow2 images are encrypted. */
import { type Keys, requiredPassword } from "../crypto/secrets.ts";
import { StorageError } from "../errors.ts";
import type { OptionRow } from "../formats/driver.ts";
import { luksChoice, luksRows, textOption } from "../formats/luks/luks-options.ts";
import type { LuksChoice } from "../crypto/luks-create.ts";
import type { Qcow2EncryptionChoice } from "../formats/qcow2/encryption.ts";

const PREFIX = "encrypt.";

export const ENCRYPTION_ROWS: readonly OptionRow[] = [
  {
    name: "encryption",
    type: "bool",
    help: "Encrypt the image with format 'aes'. (Deprecated in favor of encrypt.format=aes)",
  },
  {
    name: "encrypt.format",
    type: "str",
    help: "Encrypt the image, format choices: 'aes', 'luks'",
  },
  ...luksRows(PREFIX, "ID of secret providing qcow AES key or LUKS passphrase"),
];

/** What was wanted, before the password is looked up. */
export type EncryptionWish =
  | { readonly method: "aes"; readonly keySecret: string | undefined }
  | {
      readonly method: "luks";
      readonly keySecret: string | undefined;
      readonly choice: LuksChoice;
    };

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/** @throws StorageError with QEMU's words */
export function encryptionWish(
  options: ReadonlyMap<string, string | number | boolean>,
): EncryptionWish | undefined {
  const format = textOption(options, "encrypt.format");
  const isOn = options.get("encryption") === true;
  if (isOn && format !== undefined)
    throw invalid("'encrypt.format' and its alias 'encryption' can't be used at the same time");
  const given = [...options.keys()].filter((name) => name.startsWith(PREFIX));
  const method = isOn ? "aes" : format;
  if (method === undefined) {
    if (given.length > 0) throw invalid("Parameter 'encrypt.format' is missing");
    return undefined;
  }
  const keySecret = textOption(options, "encrypt.key-secret");
  if (method === "luks") return { method, keySecret, choice: luksChoice(options, PREFIX) };
  if (method !== "aes") throw invalid(`Parameter 'format' does not accept value '${method}'`);
  const known = ["encrypt.format", "encrypt.key-secret"];
  const strange = given.find((name) => !known.includes(name));
  if (strange !== undefined) throw invalid(`Parameter '${strange}' is unexpected`);
  return { method, keySecret };
}

/** @throws StorageError when the password is not given */
export function encryptionChoice(wish: EncryptionWish, keys: Keys): Qcow2EncryptionChoice {
  const password = requiredPassword(keys, wish.keySecret, PREFIX);
  return wish.method === "aes"
    ? { method: "aes", password }
    : { method: "luks", password, choice: wish.choice, crypto: keys.crypto };
}
