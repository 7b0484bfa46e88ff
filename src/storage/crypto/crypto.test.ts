import { describe, expect, test } from "vitest";
import { createCipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { hostCrypto } from "../../host/web/crypto.ts";
import { mergeKey, splitKey } from "./af-split.ts";
import { type CipherSpec, type HashName, keyBytes } from "./algorithms.ts";
import { encodeLuksHeader, headerBytes, parseLuksHeader } from "./luks-header.ts";
import { createLuks } from "./luks-create.ts";
import { type LuksStore, LuksVolume } from "./luks-volume.ts";
import { SECTOR_BYTES, sectorCipher } from "./sector-cipher.ts";

const bytesFrom = (length: number, step: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => i * step + (i >> 8));

/** OpenSSL's opinion of one sector. */
function opensslSector(name: string, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array) {
  const cipher = createCipheriv(name, key, iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(data), cipher.final()]));
}

function plain64(sector: number): Uint8Array {
  const iv = Buffer.alloc(16);
  iv.writeBigUInt64LE(BigInt(sector));
  return iv;
}

describe("sectors", () => {
  const SECTORS = 5;
  // More than 32 bits: plain and plain64 differ.
  const FIRST = 2 ** 32 + 7;
  const data = bytesFrom(SECTORS * SECTOR_BYTES, 13);

  test.each([
    ["xts", "aes-128", "aes-128-xts"],
    ["xts", "aes-256", "aes-256-xts"],
    ["cbc", "aes-128", "aes-128-cbc"],
    ["cbc", "aes-192", "aes-192-cbc"],
    ["cbc", "aes-256", "aes-256-cbc"],
    ["ctr", "aes-256", "aes-256-ctr"],
    ["ecb", "aes-256", "aes-256-ecb"],
  ] as const)("%s with %s are what OpenSSL makes of each", (mode, cipher, name) => {
    const spec: CipherSpec = { cipher, mode, ivGenerator: "plain64", ivHash: undefined };
    const key = bytesFrom(keyBytes(spec), 7);
    const own = data.slice();
    sectorCipher(spec, key).encrypt(FIRST, own);
    for (let i = 0; i < SECTORS; i++) {
      const iv = mode === "ecb" ? null : plain64(FIRST + i);
      const part = data.subarray(i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES);
      const expected = opensslSector(name, key, iv, part);
      expect(own.subarray(i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES)).toEqual(expected);
    }
    sectorCipher(spec, key).decrypt(FIRST, own);
    expect(own).toEqual(data);
  });

  test("plain vectors have 32 bits, ESSIV encrypts them with the key's digest", () => {
    const key = bytesFrom(16, 3);
    const part = data.slice(0, SECTOR_BYTES);
    const made = (ivGenerator: "plain" | "essiv"): Uint8Array => {
      const own = part.slice();
      const spec = { cipher: "aes-128", mode: "cbc", ivGenerator, ivHash: "sha256" } as const;
      sectorCipher(spec, key).encrypt(FIRST, own);
      return own;
    };
    expect(made("plain")).toEqual(opensslSector("aes-128-cbc", key, plain64(7), part));
    const salt = createHash("sha256").update(key).digest();
    const iv = opensslSector("aes-256-ecb", salt, null, plain64(FIRST));
    expect(made("essiv")).toEqual(opensslSector("aes-128-cbc", key, iv, part));
  });
});

test.each(["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "ripemd160"] as const)(
  "PBKDF2 with %s is Node's",
  async (hash: HashName) => {
    const [password, salt] = [bytesFrom(9, 5), bytesFrom(32, 11)];
    const own = await hostCrypto.pbkdf2(hash, password, salt, 50, 64);
    expect(own).toEqual(new Uint8Array(pbkdf2Sync(password, salt, 50, 64, hash)));
  },
);

test.each(["sha1", "sha256", "sha512"] as const)(
  "a key that was split with %s is put together again, and one bit of it spoils it",
  (hash) => {
    const key = bytesFrom(48, 3);
    const material = splitKey(hash, key, 40, (bytes) => hostCrypto.random(bytes));
    expect(mergeKey(hash, material, 48, 40)).toEqual(key);
    material[100] = (material[100] as number) ^ 1;
    expect(mergeKey(hash, material, 48, 40)).not.toEqual(key);
  },
);

const CHOICE = {
  cipher: "aes-128",
  mode: "xts",
  ivGenerator: "plain64",
  ivHash: undefined,
  hash: "sha256",
  iterTimeMs: 0,
} as const;

function memoryStore(
  old: Uint8Array = new Uint8Array(headerBytes(32)),
): LuksStore & { bytes: Uint8Array } {
  const bytes = Uint8Array.from(old);
  return {
    bytes,
    read: (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
    write: (offset, from) => bytes.set(from, offset),
    flush: () => {},
  };
}

async function makeVolume(password: Uint8Array): Promise<{ bytes: Uint8Array }> {
  const store = memoryStore();
  await createLuks(store, hostCrypto, CHOICE, password);
  return store;
}

describe("LUKS volumes", () => {
  const [first, second] = [bytesFrom(5, 1), bytesFrom(6, 2)];
  const made = makeVolume(first);

  test("open by the passwords in their slots, and by no others", async () => {
    const store = memoryStore();
    const { volume, key } = await createLuks(store, hostCrypto, CHOICE, first);
    await volume.fillSlot(3, key, second, 0);
    const again = await LuksVolume.open(store, hostCrypto);
    expect(await again.unlock(first)).toEqual(key);
    expect(await again.unlock(second)).toEqual(key);
    await again.eraseSlot(0);
    const third = await LuksVolume.open(store, hostCrypto);
    expect(await third.unlock(second)).toEqual(key);
    await expect(third.unlock(first)).rejects.toThrow(
      "Invalid password, cannot unlock any keyslot",
    );
  });

  test.each<[string, (view: DataView) => void]>([
    ["Volume is not in LUKS format", (view) => view.setUint8(0, 0)],
    ["LUKS version 2 is not supported", (view) => view.setUint16(6, 2)],
    [
      "LUKS header cipher name is not NUL terminated",
      (view) => new Uint8Array(view.buffer, 8, 32).fill(0x61),
    ],
    ["Unexpected cipher mode string format", (view) => new Uint8Array(view.buffer, 40, 32).fill(0)],
    ["Cipher mode 'gcm' is not recognized", (view) => setText(view, 40, "gcm-plain64")],
    ["IV generator 'plain65' is not recognized", (view) => setText(view, 40, "xts-plain65")],
    ["Missing IV generator hash specification", (view) => setText(view, 40, "cbc-essiv")],
    ["No AES cipher with key size 20 available", (view) => setText(view, 40, "cbc-essiv:sha1")],
    ["Hash algorithm 'whirlpool' is not recognized", (view) => setText(view, 72, "whirlpool")],
    ["Algorithm 'aes' with key size", (view) => view.setUint32(108, 10)],
    ["LUKS payload is overlapping with the header", (view) => view.setUint32(104, 1)],
    ["Keyslot 0 is overlapping with the encrypted payload", (view) => view.setUint32(104, 8)],
    ["LUKS key iteration count is zero", (view) => view.setUint32(164, 0)],
    ["LUKS key iteration count 4294967295 is larger", (view) => view.setUint32(164, -1)],
    ["Keyslot 0 iteration count is zero", (view) => view.setUint32(212, 0)],
    ["Keyslot 0 iteration count 4294967295 is larger", (view) => view.setUint32(212, -1)],
    [
      "Keyslot 0 is corrupted (stripes -2147483648 != 4000)",
      (view) => view.setUint32(252, 1 << 31),
    ],
    ["Keyslot 0 is overlapping with the LUKS header", (view) => view.setUint32(248, 1)],
    ["Keyslots 0 and 1 are overlapping in the header", (view) => view.setUint32(248, 264)],
    ["Keyslot 2 state (active/disable) is corrupted", (view) => view.setUint32(304, 5)],
  ])("are refused: %s", async (words, damage) => {
    const store = memoryStore((await made).bytes);
    damage(new DataView(store.bytes.buffer));
    await expect(LuksVolume.open(store, hostCrypto)).rejects.toThrow(words);
  });

  test("keep all of their header over reading and writing", async () => {
    const head = (await made).bytes.slice(0, 592);
    expect(encodeLuksHeader(parseLuksHeader(head))).toEqual(head);
  });
});

function setText(view: DataView, at: number, text: string): void {
  const field = new Uint8Array(view.buffer, at, 32).fill(0);
  field.set(Buffer.from(text));
}
