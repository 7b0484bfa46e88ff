import { dearmor } from "./armor.ts";
import type { PublicKey } from "./key.ts";
import { OpenPgpError } from "./reader.ts";
import { isSignedBy, readSignatures } from "./signature.ts";

const BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
const END = "-----END PGP SIGNATURE-----";

/** Type 0x01 of RFC 9580 §5.2.1. */
const CANONICAL_TEXT = 0x01;

/** A text that was verified. */
export interface VerifiedText {
  /** The signed text alone, lines separated by line feeds. */
  readonly text: string;
  /** Fingerprints of the given keys that signed it, at least one. */
  readonly signedBy: readonly string[];
}

/**
 * Verifies a message in the cleartext signature framework (RFC 9580 §7): at least one of `keys`
 * must have signed it, and none of them may stand beside a wrong signature. Signatures of other
 * keys say nothing and are passed over.
 *
 * @param nowSeconds present time in seconds since 1970, against which expiry is checked
 * @throws OpenPgpError saying why the text cannot be trusted
 */
export function verifyClearsigned(
  message: string,
  keys: readonly PublicKey[],
  nowSeconds: number,
): VerifiedText {
  const { lines, signature } = splitMessage(message);
  // §7.1: line endings become CRLF, and the one before the signature is not part of the text.
  const document = Buffer.from(lines.join("\r\n"), "latin1");
  const signedBy: string[] = [];
  for (const candidate of readSignatures(signature)) {
    const key = keys.find(({ fingerprint }) => isIssuer(candidate.issuer, fingerprint));
    if (key === undefined) {
      continue;
    }
    const isText = candidate.type === CANONICAL_TEXT;
    if (!isText || !isSignedBy(candidate, key, document)) {
      throw new OpenPgpError(`the signature of key ${key.fingerprint} does not match the text`);
    }
    if (candidate.createdSeconds < key.createdSeconds) {
      throw new OpenPgpError(`the signature of key ${key.fingerprint} is older than the key`);
    }
    if (candidate.expiresSeconds !== null && candidate.expiresSeconds < nowSeconds) {
      throw new OpenPgpError(`the signature of key ${key.fingerprint} has expired`);
    }
    signedBy.push(key.fingerprint);
  }
  if (signedBy.length === 0) {
    throw new OpenPgpError("none of the known keys has signed it");
  }
  return { text: Buffer.from(lines.join("\n"), "latin1").toString("utf8"), signedBy };
}

function isIssuer(issuer: string, fingerprint: string): boolean {
  return issuer.length >= 16 && fingerprint.endsWith(issuer);
}

/** The text without dash escapes and trailing blanks (§7.1, §7.2), and the signature's bytes. */
function splitMessage(message: string): { lines: string[]; signature: Uint8Array } {
  const raw = Buffer.from(message, "utf8").toString("latin1");
  const lines = raw.split("\n").map((line) => line.replace(/[ \t\r]+$/, ""));
  const blank = lines.indexOf("");
  const signatureAt = lines.indexOf(SIGNATURE);
  const endAt = lines.indexOf(END);
  // Anything outside of the framework would look signed to a careless reader.
  const isWhole =
    lines[0] === BEGIN &&
    blank > 0 &&
    signatureAt > blank &&
    endAt > signatureAt &&
    lines.slice(endAt + 1).every((line) => line === "");
  if (!isWhole) {
    throw new OpenPgpError("it is not one complete signed message");
  }
  // §7: only Hash headers are allowed, lest text be smuggled in above the blank line.
  if (!lines.slice(1, blank).every((line) => /^Hash: [A-Za-z0-9, -]+$/.test(line))) {
    throw new OpenPgpError("it has a header that is not Hash");
  }
  const text = lines.slice(blank + 1, signatureAt);
  if (text.some((line) => line.startsWith("-") && !line.startsWith("- "))) {
    throw new OpenPgpError("a line begins with an unescaped dash");
  }
  return {
    lines: text.map((line) => (line.startsWith("- ") ? line.slice(2) : line)),
    signature: dearmor(lines.slice(signatureAt, endAt + 1).join("\n"), "PGP SIGNATURE"),
  };
}
