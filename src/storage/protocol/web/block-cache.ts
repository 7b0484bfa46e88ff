import { concatBytes, utf8Bytes, viewOf } from "../../../util/bytes.ts";
import type { DirectoryEntry, ImageFile, WebCacheHost } from "../../ports.ts";
import { crc32 } from "../../../util/crc32.ts";

/**
 * A file with blocks of one resource:
 *
 *     0      magic, version, bytes of a block, slots, length of the key (u32 each), key
 *     4096   for each slot, 16 bytes: 1 + block number (0: free), CRC-32 of the block, time of last use
 *            (a count), CRC-32 of these three
 *     …      slots, each as long as a block
 *
 * All numbers are little-endian. A block is written before its entry; what a crash leaves half done has
 * a wrong sum, and is not there.
 */
const MAGIC = 0x4277_6254;
const VERSION = 1;
const TABLE_AT = 4096;
const ENTRY_BYTES = 16;
const MOST_KEY_BYTES = TABLE_AT - 20;
const SUFFIX = ".blocks";

interface Slot {
  readonly index: number;
  readonly sum: number;
  lastUse: number;
}

interface Shape {
  readonly blockBytes: number;
  readonly slots: number;
}

/** Blocks of one resource that are kept between runs. What goes wrong with it is as if they were not there. */
export class BlockCache {
  readonly #file: ImageFile;
  readonly #shape: Shape;
  /** By slot; undefined where it is free. */
  readonly #slots: (Slot | undefined)[];
  readonly #places = new Map<number, number>();
  /** False for those beside the one who writes, and once there is no more room. */
  #writable: boolean;
  #clock = 0;

  private constructor(file: ImageFile, shape: Shape, slots: (Slot | undefined)[], write: boolean) {
    this.#file = file;
    this.#shape = shape;
    this.#slots = slots;
    this.#writable = write;
    slots.forEach((slot, place) => {
      if (slot === undefined) return;
      this.#places.set(slot.index, place);
      this.#clock = Math.max(this.#clock, slot.lastUse);
    });
  }

  /**
   * @param identity a text that is another one when the contents are
   * @returns null where nothing can be kept
   */
  static async open(
    host: WebCacheHost,
    identity: string,
    blockBytes: number,
    sizeBytes: number,
  ): Promise<BlockCache | null> {
    const key = utf8Bytes(identity);
    if (key.length > MOST_KEY_BYTES) return null;
    const name = `${nameOf(key)}${SUFFIX}`;
    try {
      const limitBytes = await host.limitBytes();
      const ownBytes = Math.min(sizeBytes, limitBytes);
      const slots = Math.ceil(ownBytes / blockBytes);
      const shape = { blockBytes, slots };
      await host.directories.mkdir(host.path, { recursive: true });
      await makeRoom(host, name, limitBytes - ownBytes);
      return await openFile(host, `${host.path}/${name}`, key, shape);
    } catch {
      return null;
    }
  }

  static async over(
    file: ImageFile,
    key: Uint8Array,
    shape: Shape,
    write: boolean,
  ): Promise<BlockCache | null> {
    const head = headOf(key, shape);
    const tableBytes = shape.slots * ENTRY_BYTES;
    if (await hasHead(file, head, TABLE_AT + tableBytes)) {
      const table = new Uint8Array(tableBytes);
      if (file.read(TABLE_AT, table) instanceof Promise) return null;
      const cache = new BlockCache(file, shape, slotsOf(table), write);
      // The time of the file's last change is that of its last use.
      if (write) await file.write(0, head);
      return cache;
    }
    if (!write) return null;
    await file.truncate(0);
    await file.write(0, concatBytes([head, new Uint8Array(TABLE_AT + tableBytes - head.length)]));
    return new BlockCache(file, shape, slotsOf(new Uint8Array(tableBytes)), write);
  }

  has(index: number): boolean {
    return this.#places.has(index);
  }

  /** The block, unless it is not here or spoilt. */
  read(index: number, length: number): Uint8Array | null {
    const place = this.#places.get(index);
    const slot = place === undefined ? undefined : this.#slots[place];
    if (place === undefined || slot === undefined) return null;
    const bytes = new Uint8Array(length);
    try {
      void this.#file.read(this.#offsetOf(place), bytes);
    } catch {
      bytes.fill(0);
    }
    if (crc32(bytes) === slot.sum) {
      slot.lastUse = ++this.#clock;
      return bytes;
    }
    this.#places.delete(index);
    this.#slots[place] = undefined;
    return null;
  }

  /** Keeps a block, in the place of the one that was not used for the longest time if need be. */
  write(index: number, bytes: Uint8Array): void {
    if (!this.#writable || this.has(index)) return;
    const place = this.#freePlace();
    const slot = { index, sum: crc32(bytes), lastUse: ++this.#clock };
    try {
      void this.#file.write(this.#offsetOf(place), bytes);
      void this.#file.write(TABLE_AT + place * ENTRY_BYTES, entryOf(slot));
    } catch {
      // No room: what is there stays of use.
      this.#writable = false;
      return;
    }
    this.#slots[place] = slot;
    this.#places.set(index, place);
  }

  async close(): Promise<void> {
    try {
      if (this.#writable) await this.#file.write(TABLE_AT, tableOf(this.#slots));
    } catch {
      // The order of use is lost, which does no harm.
    }
    await this.#file.close();
  }

  #offsetOf(place: number): number {
    const { blockBytes, slots } = this.#shape;
    return TABLE_AT + slots * ENTRY_BYTES + place * blockBytes;
  }

  #freePlace(): number {
    const free = this.#slots.indexOf(undefined);
    if (free >= 0) return free;
    let oldest = 0;
    this.#slots.forEach((slot, place) => {
      if ((slot?.lastUse ?? 0) < (this.#slots[oldest]?.lastUse ?? 0)) oldest = place;
    });
    this.#places.delete(this.#slots[oldest]?.index ?? -1);
    return oldest;
  }
}

/** For writing, or else, beside another who writes, for reading what is there. */
async function openFile(
  host: WebCacheHost,
  path: string,
  key: Uint8Array,
  shape: Shape,
): Promise<BlockCache | null> {
  const isThere = await host.files.exists(path);
  let file: ImageFile;
  let write = true;
  try {
    file = await host.files.open(path, { write, create: !isThere });
  } catch {
    write = false;
    file = await host.files.open(path, { write, share: true });
  }
  try {
    const cache = await BlockCache.over(file, key, shape, write);
    if (cache === null) await file.close();
    return cache;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Removes files that were not used for the longest time, until the others take `mostBytes` at most. */
async function makeRoom(host: WebCacheHost, own: string, mostBytes: number): Promise<void> {
  const entries = await host.directories.list(host.path);
  const others = entries.filter(({ name }) => name.endsWith(SUFFIX) && name !== own);
  const byAge = others.sort((a, b) => a.modifiedMs - b.modifiedMs);
  const sum = (files: readonly DirectoryEntry[]): number =>
    files.reduce((total, file) => total + file.sizeBytes, 0);
  let taken = sum(byAge);
  for (const { name, sizeBytes } of byAge) {
    if (taken <= mostBytes) return;
    taken -= sizeBytes;
    // One that is in use stays.
    await host.directories.remove(`${host.path}/${name}`).catch(() => {});
  }
}

async function hasHead(file: ImageFile, head: Uint8Array, leastBytes: number): Promise<boolean> {
  if (file.sizeBytes < leastBytes) return false;
  const found = new Uint8Array(head.length);
  await file.read(0, found);
  return found.every((byte, i) => byte === head[i]);
}

function headOf(key: Uint8Array, { blockBytes, slots }: Shape): Uint8Array {
  const numbers = new Uint8Array(20);
  const view = viewOf(numbers);
  [MAGIC, VERSION, blockBytes, slots, key.length].forEach((value, i) =>
    view.setUint32(i * 4, value, true),
  );
  return concatBytes([numbers, key]);
}

function entryOf({ index, sum, lastUse }: Slot): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = viewOf(entry);
  view.setUint32(0, index + 1, true);
  view.setUint32(4, sum, true);
  view.setUint32(8, lastUse, true);
  view.setUint32(12, crc32(entry.subarray(0, 12)), true);
  return entry;
}

function tableOf(slots: readonly (Slot | undefined)[]): Uint8Array {
  return concatBytes(slots.map((slot) => (slot ? entryOf(slot) : new Uint8Array(ENTRY_BYTES))));
}

function slotsOf(table: Uint8Array): (Slot | undefined)[] {
  const slots: (Slot | undefined)[] = [];
  for (let at = 0; at < table.length; at += ENTRY_BYTES) {
    const entry = table.subarray(at, at + ENTRY_BYTES);
    const view = viewOf(entry);
    const block = view.getUint32(0, true);
    const isWhole = block !== 0 && view.getUint32(12, true) === crc32(entry.subarray(0, 12));
    const rest = { sum: view.getUint32(4, true), lastUse: view.getUint32(8, true) };
    slots.push(isWhole ? { index: block - 1, ...rest } : undefined);
  }
  return slots;
}

/** A file's name for a key: 64 bits of FNV-1a. The key itself is in the file. */
function nameOf(key: Uint8Array): string {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of key)
    hash = ((hash ^ BigInt(byte)) * 0x100_0000_01b3n) & 0xffff_ffff_ffff_ffffn;
  return hash.toString(16).padStart(16, "0");
}
