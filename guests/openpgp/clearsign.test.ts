import { expect, test } from "vitest";
import { armor, clearsign, forgeKey, KEY_CREATED, subpacket } from "../testing/forge-openpgp.ts";
import { verifyClearsigned } from "./clearsign.ts";
import { readKeys } from "./key.ts";

const TEXT = "Origin: Debian\n- a dash\n-----not a header-----\ntrailing blanks \t\n\nümlaut";
const LATER = KEY_CREATED + 1000;
const rsa = forgeKey("rsa");
const eddsa = forgeKey("eddsa");
const ed25519 = forgeKey("ed25519");
const everything = Buffer.concat([rsa.file, eddsa.file, ed25519.file]);
const keys = readKeys(everything, () => true);

test("keys are read with their fingerprints, and only those wanted", () => {
  expect(keys.map((key) => key.fingerprint)).toEqual(
    [rsa, eddsa, ed25519].map((key) => key.fingerprint),
  );
  expect(readKeys(everything, (fingerprint) => fingerprint === rsa.fingerprint)).toHaveLength(1);
});

test("an armored key file reads like a binary one", () => {
  const file = Buffer.from(armor("PGP PUBLIC KEY BLOCK", eddsa.file));
  expect(readKeys(file, () => true)[0]?.fingerprint).toBe(eddsa.fingerprint);
});

test.each([
  ["RSA", rsa],
  ["legacy EdDSA", eddsa],
  ["Ed25519", ed25519],
])("a text signed with %s verifies", (_, key) => {
  const message = clearsign(TEXT, [key.sign]);
  const { text, signedBy } = verifyClearsigned(message, keys, LATER);
  expect(signedBy).toEqual([key.fingerprint]);
  expect(text).toBe(TEXT.replace(" \t\n", "\n"));
});

test("line endings and trailing blanks are not part of what is signed", () => {
  const message = clearsign(TEXT, [rsa.sign]).replaceAll("\n", " \r\n");
  expect(verifyClearsigned(message, keys, LATER).text).toContain("Origin: Debian\n");
});

test("every known signer is named, unknown ones are passed over", () => {
  const stranger = forgeKey("ed25519");
  const message = clearsign(TEXT, [stranger.sign, rsa.sign, eddsa.sign]);
  const { signedBy } = verifyClearsigned(message, keys, LATER);
  expect(signedBy).toEqual([rsa.fingerprint, eddsa.fingerprint]);
});

test("a text that nobody known has signed is refused", () => {
  const message = clearsign(TEXT, [forgeKey("rsa").sign]);
  expect(() => verifyClearsigned(message, keys, LATER)).toThrow("none of the known keys");
});

test.each([
  ["one letter", (message: string) => message.replace("Debian", "Debiam")],
  ["a line more", (message: string) => message.replace("Origin", "Suite: x\nOrigin")],
  ["a line less", (message: string) => message.replace("Origin: Debian\n", "")],
  [
    "an empty line at the end",
    (message: string) =>
      message.replace("\n-----BEGIN PGP SIGNATURE", "\n\n-----BEGIN PGP SIGNATURE"),
  ],
])("a changed text is refused: %s", (_, change) => {
  for (const key of [rsa, eddsa, ed25519]) {
    const message = change(clearsign(TEXT, [key.sign]));
    expect(() => verifyClearsigned(message, keys, LATER)).toThrow("does not match the text");
  }
});

test("one wrong signature of a known key spoils the rest", () => {
  const wrong = (): Buffer => eddsa.sign(Buffer.from("another text"));
  const message = clearsign(TEXT, [rsa.sign, wrong]);
  expect(() => verifyClearsigned(message, keys, LATER)).toThrow(eddsa.fingerprint);
});

test("signatures over SHA-1 count for nothing", () => {
  const message = clearsign(TEXT, [(document) => rsa.sign(document, { hash: 2 })]);
  expect(() => verifyClearsigned(message, keys, LATER)).toThrow("none of the known keys");
});

test("SHA-512 signatures verify", () => {
  const message = clearsign(TEXT, [(document) => eddsa.sign(document, { hash: 10 })]);
  expect(verifyClearsigned(message, keys, LATER).signedBy).toHaveLength(1);
});

test("a signature of another type than text is refused", () => {
  const message = clearsign(TEXT, [(document) => rsa.sign(document, { type: 0x10 })]);
  expect(() => verifyClearsigned(message, keys, LATER)).toThrow("does not match");
});

test("expiry and creation are checked", () => {
  const brief = clearsign(TEXT, [(document) => rsa.sign(document, { lifetimeSeconds: 60 })]);
  expect(() => verifyClearsigned(brief, keys, LATER)).toThrow("expired");
  expect(verifyClearsigned(brief, keys, KEY_CREATED + 110).signedBy).toHaveLength(1);
  const early = clearsign(TEXT, [(document) => rsa.sign(document, { createdSeconds: 5 })]);
  expect(() => verifyClearsigned(early, keys, LATER)).toThrow("older than the key");
});

test("an unknown critical subpacket makes a signature unusable, another does not", () => {
  const signWith = (type: number): string =>
    clearsign(TEXT, [(document) => rsa.sign(document, { extra: subpacket(type, Buffer.of(0)) })]);
  expect(() => verifyClearsigned(signWith(0x80 | 100), keys, LATER)).toThrow("critical");
  expect(verifyClearsigned(signWith(100), keys, LATER).signedBy).toHaveLength(1);
});

test.each([
  ["text before it", "one complete", (message: string) => `Suite: evil\n${message}`],
  ["text after it", "one complete", (message: string) => `${message}Suite: evil\n`],
  ["a header", "not Hash", (message: string) => message.replace("Hash:", "Suite: evil\nHash:")],
  ["a dash", "unescaped dash", (message: string) => message.replace("- -----not", "-----not")],
  ["no signature", "one complete", (message: string) => message.split("-----BEGIN PGP SIG")[0]],
  ["a cut signature", "too early", (message: string) => message.replace(/.+\n=AAAA/, "=AAAA")],
  ["nothing at all", "one complete", () => ""],
])("a malformed message is refused: %s", (_, why, change) => {
  const message = change(clearsign(TEXT, [rsa.sign])) ?? "";
  expect(() => verifyClearsigned(message, keys, LATER)).toThrow(why);
});

test("a key file that is cut off is an error, never a wrong key", () => {
  for (let cut = 1; cut < rsa.file.length; cut += 7) {
    expect(() => readKeys(rsa.file.subarray(0, cut), () => true)).toThrow("too early");
  }
});
