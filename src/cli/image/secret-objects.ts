/** `--object secret,…`: QEMU's objects that hold passwords. */
import { bytesOfDigits } from "../../util/base64.ts";
import { asciiBytes, latin1, utf8Bytes } from "../../util/bytes.ts";
import { type Keys, secretOf } from "../../storage/crypto/secrets.ts";
import { errnoOf, strerror } from "../../storage/errors.ts";
import { splitOptions } from "../../storage/graph/image-options.ts";
import type { FileHost } from "../../storage/ports.ts";
import { CommandError, type ImageTools } from "./tools.ts";

const MEMBERS = ["qom-type", "id", "data", "file", "format", "keyid", "iv"];
const KEY_BYTES = 32;
const IV_BYTES = 16;

/**
 * The secrets of a command line, in the order in which they are given: each may decrypt those after it.
 *
 * @param texts what `--object` was given
 * @throws CommandError in QEMU's words
 */
export async function secretsOf(
  texts: readonly string[],
  { files, crypto }: Pick<ImageTools, "files" | "crypto">,
): Promise<Keys> {
  const secrets = new Map<string, Uint8Array>();
  for (const text of texts) {
    const given = membersOf(text);
    const id = given.get("id") as string;
    if (secrets.has(id))
      throw new CommandError(
        `attempt to add duplicate property '${id}' to object (type 'container')`,
      );
    secrets.set(id, await valueOf(given, { secrets, crypto }, files));
  }
  return { secrets, crypto };
}

/** The values of `--object` among the words of a command. */
export function objectTexts(args: readonly string[]): string[] {
  const texts: string[] = [];
  for (const [i, word] of args.entries()) {
    if (word === "--") break;
    if (word.startsWith("--object=")) texts.push(word.slice("--object=".length));
    else if (word === "--object" && args[i + 1] !== undefined) texts.push(args[i + 1] as string);
  }
  return texts;
}

function membersOf(text: string): ReadonlyMap<string, string> {
  const pairs = splitOptions(text).map(([key, value], i) =>
    value === undefined && i === 0 ? (["qom-type", key] as const) : ([key, value ?? "on"] as const),
  );
  const given = new Map(pairs);
  const type = given.get("qom-type");
  if (type === undefined) throw new CommandError("Parameter 'qom-type' is missing");
  if (type !== "secret")
    throw new CommandError(`Parameter 'qom-type' does not accept value '${type}'`);
  const id = given.get("id");
  if (id === undefined) throw new CommandError("Parameter 'id' is missing");
  const strange = [...given.keys()].find((key) => !MEMBERS.includes(key));
  if (strange !== undefined) throw new CommandError(`Parameter '${strange}' is unexpected`);
  if (!/^[a-zA-Z][\w.-]*$/.test(id)) {
    throw new CommandError(
      "Parameter 'id' expects an identifier\n" +
        "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.",
    );
  }
  return given;
}

async function valueOf(
  given: ReadonlyMap<string, string>,
  keys: Keys,
  files: FileHost,
): Promise<Uint8Array> {
  const format = given.get("format") ?? "raw";
  if (format !== "raw" && format !== "base64")
    throw new CommandError(`Parameter 'format' does not accept value '${format}'`);
  const raw = await inputOf(given, files);
  const keyId = given.get("keyid");
  if (keyId !== undefined) return decrypted(raw, format, keyId, given.get("iv"), keys);
  return format === "base64" ? base64Bytes(raw) : raw;
}

async function inputOf(given: ReadonlyMap<string, string>, files: FileHost): Promise<Uint8Array> {
  const [data, path] = [given.get("data"), given.get("file")];
  if (data !== undefined && path !== undefined)
    throw new CommandError("'file' and 'data' are mutually exclusive");
  if (data !== undefined) return utf8Bytes(data);
  if (path === undefined) throw new CommandError("Either 'file' or 'data' must be provided");
  try {
    const file = await files.open(path, { write: false });
    const bytes = new Uint8Array(file.sizeBytes);
    await file.read(0, bytes);
    await file.close();
    return bytes;
  } catch (error) {
    throw new CommandError(
      `Unable to read ${path}: Failed to open file “${path}”: ${strerror(errnoOf(error))}`,
    );
  }
}

async function decrypted(
  raw: Uint8Array,
  format: string,
  keyId: string,
  ivText: string | undefined,
  { secrets, crypto }: Keys,
): Promise<Uint8Array> {
  const key = secretOf(secrets, keyId);
  if (key.length !== KEY_BYTES)
    throw new CommandError(`Key should be ${KEY_BYTES} bytes in length`);
  if (ivText === undefined) throw new CommandError("IV is required to decrypt secret");
  const iv = base64Bytes(asciiBytes(ivText));
  if (iv.length !== IV_BYTES)
    throw new CommandError(`IV should be ${IV_BYTES} bytes in length not ${iv.length}`);
  return crypto.decryptCbc(key, iv, format === "base64" ? base64Bytes(raw) : raw);
}

/** As lax as GLib: lines may end anywhere, and padding may be missing. */
function base64Bytes(text: Uint8Array): Uint8Array {
  const digits = latin1(text)
    .replace(/[=\n]+$/, "")
    .replace(/[\r\n]/g, "");
  const bytes = bytesOfDigits(digits);
  if (bytes === null) throw new CommandError("Base64 data contains invalid characters");
  return bytes;
}
