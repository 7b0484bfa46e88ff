import { StorageError } from "../errors.ts";
import type { CryptoHost } from "../ports.ts";
import type { Eventually } from "../task.ts";
import { mergeKey, splitKey } from "./af-split.ts";
import {
  type CipherSpec,
  type HashName,
  cipherOfKey,
  headerHash,
  headerIvGenerator,
  headerMode,
} from "./algorithms.ts";
import { digestBytes } from "./hashes.ts";
import {
  DIGEST_BYTES,
  KEY_SLOTS,
  LUKS_HEADER_BYTES,
  type LuksHeader,
  type LuksSlot,
  MAX_ITERATIONS,
  SALT_BYTES,
  STRIPES,
  encodeLuksHeader,
  materialBytes,
  parseLuksHeader,
} from "./luks-header.ts";
import { type SectorCipher, sectorCipher } from "./sector-cipher.ts";

/** Where the header and the key material are: the start of a file, or clusters of an image. */
export interface LuksStore {
  /** What lies past the end reads as zeroes. */
  read(offset: number, bytes: Uint8Array): Eventually<void>;
  write(offset: number, bytes: Uint8Array): Eventually<void>;
  flush(): Eventually<void>;
}

/** QEMU's least numbers of PBKDF2's iterations. */
const MIN_ITERATIONS = 1000;
export const DEFAULT_ITER_TIME_MS = 2000;

/** A LUKS header and its key slots. The key itself is known once a password unlocked it. */
export class LuksVolume {
  readonly header: LuksHeader;
  readonly spec: CipherSpec;
  readonly hash: HashName;
  readonly #store: LuksStore;
  readonly #crypto: CryptoHost;

  constructor(store: LuksStore, crypto: CryptoHost, header: LuksHeader) {
    this.#store = store;
    this.#crypto = crypto;
    this.header = header;
    this.spec = cipherSpec(header);
    this.hash = headerHash(header.hashSpec);
  }

  /** @throws StorageError with QEMU's words */
  static async open(store: LuksStore, crypto: CryptoHost): Promise<LuksVolume> {
    const bytes = new Uint8Array(LUKS_HEADER_BYTES);
    await store.read(0, bytes);
    return new LuksVolume(store, crypto, parseLuksHeader(bytes));
  }

  /**
   * Looks for a slot that the password opens.
   *
   * @returns the volume's key
   * @throws StorageError EACCES when there is none
   */
  async unlock(password: Uint8Array): Promise<Uint8Array> {
    for (let index = 0; index < KEY_SLOTS; index++) {
      const key = await this.keyInSlot(index, password);
      if (key !== undefined) return key;
    }
    throw new StorageError("EACCES", "Invalid password, cannot unlock any keyslot");
  }

  cipher(key: Uint8Array): SectorCipher {
    return sectorCipher(this.spec, key);
  }

  /** @returns the volume's key; undefined when the slot is empty or has another password */
  async keyInSlot(index: number, password: Uint8Array): Promise<Uint8Array | undefined> {
    const slot = this.#slot(index);
    if (!slot.active) return undefined;
    const { keyBytes, digest } = this.header;
    const material = new Uint8Array(materialBytes(keyBytes));
    await this.#store.read(slot.offset, material);
    const derived = await this.#derive(password, slot.salt, slot.iterations, keyBytes);
    this.cipher(derived).decrypt(0, material);
    const key = mergeKey(this.hash, material, keyBytes, STRIPES);
    const found = await this.#digest(key);
    return found.every((byte, i) => byte === digest[i]) ? key : undefined;
  }

  /** Puts the volume's key into a slot, under a password. The slot's old contents are gone. */
  async fillSlot(
    index: number,
    key: Uint8Array,
    password: Uint8Array,
    iterTimeMs: number,
  ): Promise<void> {
    const slot = this.#slot(index);
    const iterations = await this.#iterations(password, key.length, iterTimeMs, 1);
    const salt = this.#crypto.random(SALT_BYTES);
    const derived = await this.#derive(password, salt, iterations, key.length);
    const material = new Uint8Array(materialBytes(key.length));
    material.set(splitKey(this.hash, key, STRIPES, (bytes) => this.#crypto.random(bytes)));
    this.cipher(derived).encrypt(0, material);
    await this.#store.write(slot.offset, material);
    await this.#store.flush();
    Object.assign(slot, { active: true, iterations, salt });
    await this.#writeHeader();
  }

  /** Makes a slot's password worthless: its material is overwritten, after the header forgot it. */
  async eraseSlot(index: number): Promise<void> {
    const slot = this.#slot(index);
    Object.assign(slot, { active: false, iterations: 0, salt: new Uint8Array(SALT_BYTES) });
    await this.#writeHeader();
    await this.#store.write(slot.offset, this.#crypto.random(materialBytes(this.header.keyBytes)));
    await this.#store.flush();
  }

  /** Sets by what a right key is known. */
  async setDigest(key: Uint8Array, iterTimeMs: number): Promise<void> {
    const { header } = this;
    header.digestSalt = this.#crypto.random(SALT_BYTES);
    header.digestIterations = await this.#iterations(key, DIGEST_BYTES, iterTimeMs, 1 / 8);
    header.digest = await this.#digest(key);
  }

  #slot(index: number): LuksSlot {
    return this.header.slots[index] as LuksSlot;
  }

  async #writeHeader(): Promise<void> {
    await this.#store.write(0, encodeLuksHeader(this.header));
    await this.#store.flush();
  }

  #digest(key: Uint8Array): Promise<Uint8Array> {
    const { digestSalt, digestIterations } = this.header;
    return this.#derive(key, digestSalt, digestIterations, DIGEST_BYTES);
  }

  #derive(
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    bytes: number,
  ): Promise<Uint8Array> {
    return this.#crypto.pbkdf2(this.hash, password, salt, iterations, bytes);
  }

  /** How many iterations take some time here. */
  async #iterations(
    password: Uint8Array,
    bytes: number,
    iterTimeMs: number,
    part: number,
  ): Promise<number> {
    if (iterTimeMs <= 0) return MIN_ITERATIONS;
    const perMs = await iterationsPerMs(this.#crypto, this.hash, password, bytes);
    const wanted = Math.floor(perMs * iterTimeMs * part);
    if (wanted > MAX_ITERATIONS) {
      const words = `PBKDF iterations ${wanted} larger than ${MAX_ITERATIONS}`;
      throw new StorageError("ERANGE", words);
    }
    return Math.max(MIN_ITERATIONS, wanted);
  }
}

/** Long enough for a clock, short enough not to be noticed. */
const LEAST_MEASURED_MS = 50;

async function iterationsPerMs(
  crypto: CryptoHost,
  hash: HashName,
  password: Uint8Array,
  bytes: number,
): Promise<number> {
  const salt = new Uint8Array(SALT_BYTES);
  // What the platform derives is a multiple of the digest at most: QEMU measures the same.
  const length = Math.min(bytes, digestBytes(hash) * 4);
  for (let count = 4096; ; count *= 2) {
    const before = crypto.nowMs();
    await crypto.pbkdf2(hash, password, salt, count, length);
    const ms = crypto.nowMs() - before;
    if (ms >= LEAST_MEASURED_MS || count >= MAX_ITERATIONS / 2) return count / Math.max(ms, 1);
  }
}

/** What a header's texts say. @throws StorageError with QEMU's words */
function cipherSpec({ cipherName, cipherMode, keyBytes }: LuksHeader): CipherSpec {
  const match = /^([^-]*)-([^:]*)(?::(.*))?$/.exec(cipherMode);
  if (match === null)
    throw new StorageError("EINVAL", `Unexpected cipher mode string format '${cipherMode}'`);
  const [, modeName = "", generatorName = "", hashName] = match;
  const ivHash = hashName === undefined ? undefined : headerHash(hashName);
  const mode = headerMode(modeName);
  if (mode === "xts" && keyBytes % 2 !== 0)
    throw new StorageError("EINVAL", "XTS cipher key length should be a multiple of 2");
  const cipher = cipherName === "aes" ? cipherOfKey(mode, keyBytes) : undefined;
  if (cipher === undefined) {
    const own = mode === "xts" ? keyBytes / 2 : keyBytes;
    throw new StorageError(
      "ENOTSUP",
      `Algorithm '${cipherName}' with key size ${own} bytes not supported`,
    );
  }
  const ivGenerator = headerIvGenerator(generatorName);
  const spec = { cipher, mode, ivGenerator, ivHash };
  demandEssiv(spec);
  return spec;
}

/** ESSIV's second cipher takes the digest as its key. */
export function demandEssiv({ ivGenerator, ivHash }: CipherSpec): void {
  if (ivGenerator !== "essiv") return;
  if (ivHash === undefined)
    throw new StorageError("EINVAL", "Missing IV generator hash specification");
  const bytes = digestBytes(ivHash);
  if (bytes === 16 || bytes === 24 || bytes === 32) return;
  throw new StorageError("ENOTSUP", `No AES cipher with key size ${bytes} available`);
}
