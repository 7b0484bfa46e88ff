import { OpenPgpError } from "./reader.ts";

/**
 * The bytes of an ASCII-armored block (RFC 9580 §6.2). Headers and the checksum, which is optional
 * and to be ignored (§6.1), are passed over.
 *
 * @param kind "PGP SIGNATURE" or "PGP PUBLIC KEY BLOCK"
 */
export function dearmor(text: string, kind: string): Uint8Array {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const begin = lines.indexOf(`-----BEGIN ${kind}-----`);
  const end = lines.indexOf(`-----END ${kind}-----`, begin + 1);
  if (begin < 0 || end < 0) {
    throw new OpenPgpError(`there is no ${kind} block`);
  }
  const blank = lines.indexOf("", begin + 1);
  if (blank < 0 || blank > end) {
    throw new OpenPgpError(`the ${kind} block has no empty line after its headers`);
  }
  const body = lines.slice(blank + 1, end).filter((line) => !line.startsWith("="));
  const base64 = body.join("");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new OpenPgpError(`the ${kind} block is not base64`);
  }
  return Buffer.from(base64, "base64");
}

/** Bytes of a key file, armored or not. */
export function keyFileBytes(file: Uint8Array): Uint8Array {
  const isBinary = ((file[0] ?? 0) & 0x80) !== 0;
  return isBinary ? file : dearmor(Buffer.from(file).toString("latin1"), "PGP PUBLIC KEY BLOCK");
}
