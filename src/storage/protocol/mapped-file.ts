/**
 * A long file with little in it, on hosts whose files have no holes (ADR 0014). The data file holds
 * blocks in the order in which they were first written; the map says where each block is.
 *
 *     map   0  "TVMAP1\0\0"  last of all: a map without it is none
 *           8  u32  bytes of a block, a power of two
 *          16  u64  length of the file as users see it
 *          64  u32 for each block: its place in the data file + 1, or 0 for zeroes
 *
 * Numbers are little-endian. A block's entry is written after its data; a place that something was in
 * before is taken only after the flush that follows.
 */
import { asciiBytes, startsWith, viewOf } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import type { ImageFile } from "../ports.ts";
import { type Eventually, run, type Task, wait } from "../task.ts";

const MAGIC = asciiBytes("TVMAP1\0\0");
const HEADER_BYTES = 64;
const LEAST_BLOCK = 65_536;
/** Blocks get longer rather than maps longer than this many entries … */
const USUAL_ENTRIES = 2 ** 20;
/** … and a file that grew later has at most this many. */
const MOST_ENTRIES = 2 ** 24;
const MOST_BYTES = 2 ** 46;

interface MapParts {
  readonly blockBytes: number;
  readonly sizeBytes: number;
  /** Place + 1 by block; longer than it must be. */
  readonly entries: Uint32Array;
}

export class MappedFile implements ImageFile {
  readonly #data: ImageFile;
  readonly #map: ImageFile;
  readonly #block: number;
  #size: number;
  #entries: Uint32Array;
  /** Places of the data file that are taken, or were. */
  #places: number;
  #taken = 0;
  #free: number[] = [];
  /** Free only after the next flush. */
  #freed: number[] = [];

  private constructor(data: ImageFile, map: ImageFile, parts: MapParts) {
    this.#data = data;
    this.#map = map;
    this.#block = parts.blockBytes;
    this.#size = parts.sizeBytes;
    this.#entries = parts.entries;
    this.#places = this.#findFree();
  }

  /** @returns null when `map` is none, or was not finished: the data file is the file itself */
  static open(data: ImageFile, map: ImageFile): Eventually<MappedFile | null> {
    return run(openMapped(map, (parts) => new MappedFile(data, map, parts)));
  }

  /** Makes a file whose bytes lie in their order in `data` a mapped one, `sizeBytes` long. */
  static convert(data: ImageFile, map: ImageFile, sizeBytes: number): Eventually<MappedFile> {
    return run(convertToMapped(data, map, sizeBytes, (parts) => new MappedFile(data, map, parts)));
  }

  get sizeBytes(): number {
    return this.#size;
  }

  allocatedBytes(): number {
    return Math.min(this.#size, this.#taken * this.#block);
  }

  read(offset: number, bytes: Uint8Array): Eventually<void> {
    return run(this.#read(offset, bytes));
  }

  *#read(offset: number, bytes: Uint8Array): Task<void> {
    for (const part of this.#parts(offset, bytes.length)) {
      const target = bytes.subarray(part.from, part.from + part.length);
      const place = this.#entries[part.block] ?? 0;
      // The last block's end may not be there yet.
      const start = (place - 1) * this.#block + part.skip;
      const there =
        place === 0 ? 0 : Math.min(part.length, Math.max(0, this.#data.sizeBytes - start));
      if (there > 0) yield* wait(this.#data.read(start, target.subarray(0, there)));
      target.fill(0, there);
    }
  }

  write(offset: number, bytes: Uint8Array): Eventually<void> {
    return run(this.#write(offset, bytes));
  }

  *#write(offset: number, bytes: Uint8Array): Task<void> {
    const end = offset + bytes.length;
    if (end > this.#size) yield* this.#lengthen(end);
    for (const part of this.#parts(offset, bytes.length)) {
      const source = bytes.subarray(part.from, part.from + part.length);
      const place = this.#entries[part.block] ?? 0;
      if (place > 0) yield* wait(this.#data.write((place - 1) * this.#block + part.skip, source));
      else yield* this.#place(part.block, part.skip, source);
    }
  }

  truncate(sizeBytes: number): Eventually<void> {
    return run(this.#truncate(sizeBytes));
  }

  *#truncate(sizeBytes: number): Task<void> {
    if (sizeBytes > this.#size) return yield* this.#lengthen(sizeBytes);
    const before = this.#size;
    yield* this.#clear(sizeBytes, before);
    yield* this.#setSize(sizeBytes);
    // What is cut off must not come back when the file grows.
    yield* wait(this.flush());
  }

  /** Whole blocks of the range read as zeroes afterwards and take no space. */
  discard(offset: number, length: number): Eventually<void> {
    const first = Math.ceil(offset / this.#block);
    const end = Math.min(this.#size, offset + length);
    const last = end === this.#size ? Math.ceil(end / this.#block) : Math.floor(end / this.#block);
    return run(this.#drop(first, last));
  }

  flush(): Eventually<void> {
    return run(this.#flush());
  }

  *#flush(): Task<void> {
    yield* wait(this.#data.flush());
    yield* wait(this.#map.flush());
    if (this.#freed.length === 0) return;
    this.#free.push(...this.#freed);
    this.#freed = [];
    yield* this.#shorten();
  }

  close(): Eventually<void> {
    return run(this.#close());
  }

  *#close(): Task<void> {
    yield* wait(this.#map.close());
    yield* wait(this.#data.close());
  }

  *#parts(
    offset: number,
    length: number,
  ): Generator<{ block: number; skip: number; from: number; length: number }, void, undefined> {
    for (let from = 0; from < length;) {
      const block = Math.floor((offset + from) / this.#block);
      const skip = (offset + from) % this.#block;
      const count = Math.min(this.#block - skip, length - from);
      yield { block, skip, from, length: count };
      from += count;
    }
  }

  /** Gives a block a place, with `bytes` in it from `skip` on and zeroes around them. */
  *#place(block: number, skip: number, bytes: Uint8Array): Task<void> {
    const reused = this.#free.pop();
    const place = reused ?? this.#places;
    const start = place * this.#block;
    if (reused !== undefined) {
      const whole = new Uint8Array(this.#block);
      whole.set(bytes, skip);
      yield* wait(this.#data.write(start, whole));
      // After a crash the entry must not lead to what was there before.
      yield* wait(this.#data.flush());
    } else yield* wait(this.#data.write(start + skip, bytes));
    this.#places = Math.max(this.#places, place + 1);
    this.#taken++;
    yield* this.#setEntry(block, place + 1);
  }

  *#setEntry(block: number, value: number): Task<void> {
    this.#entries[block] = value;
    const bytes = new Uint8Array(4);
    viewOf(bytes).setUint32(0, value, true);
    yield* wait(this.#map.write(HEADER_BYTES + block * 4, bytes));
  }

  *#lengthen(sizeBytes: number): Task<void> {
    const blocks = Math.ceil(sizeBytes / this.#block);
    if (blocks > MOST_ENTRIES) throw new StorageError("EFBIG");
    if (blocks > this.#entries.length) {
      const longer = new Uint32Array(Math.max(blocks, Math.min(MOST_ENTRIES, blocks * 2)));
      longer.set(this.#entries);
      this.#entries = longer;
    }
    yield* this.#setSize(sizeBytes);
  }

  *#setSize(sizeBytes: number): Task<void> {
    this.#size = sizeBytes;
    const bytes = new Uint8Array(8);
    viewOf(bytes).setBigUint64(0, BigInt(sizeBytes), true);
    yield* wait(this.#map.write(16, bytes));
  }

  /** Zeroes a range: blocks that are wholly in it go. */
  *#clear(from: number, to: number): Task<void> {
    const first = Math.ceil(from / this.#block);
    const edge = Math.min(to, first * this.#block);
    if (edge > from && (this.#entries[first - 1] ?? 0) > 0)
      yield* this.#write(from, new Uint8Array(edge - from));
    yield* this.#drop(first, Math.ceil(to / this.#block));
  }

  *#drop(first: number, end: number): Task<void> {
    for (let block = first; block < end; block++) {
      const place = this.#entries[block] ?? 0;
      if (place === 0) continue;
      yield* this.#setEntry(block, 0);
      this.#freed.push(place - 1);
      this.#taken--;
    }
  }

  /** Gives the host back what is free at the data file's end. */
  *#shorten(): Task<void> {
    const free = new Set(this.#free);
    const before = this.#places;
    while (free.delete(this.#places - 1)) this.#places--;
    if (this.#places === before) return;
    this.#free = [...free];
    const end = this.#places * this.#block;
    if (this.#data.sizeBytes > end) yield* wait(this.#data.truncate(end));
  }

  #findFree(): number {
    const used = new Set<number>();
    for (const place of this.#entries) if (place > 0) used.add(place - 1);
    this.#taken = used.size;
    let places = 0;
    for (const place of used) places = Math.max(places, place + 1);
    for (let place = 0; place < places; place++) if (!used.has(place)) this.#free.push(place);
    return places;
  }
}

function* openMapped(
  map: ImageFile,
  make: (parts: MapParts) => MappedFile,
): Task<MappedFile | null> {
  if (map.sizeBytes < HEADER_BYTES) return null;
  const head = new Uint8Array(HEADER_BYTES);
  yield* wait(map.read(0, head));
  if (!startsWith(head, MAGIC)) return null;
  const blockBytes = viewOf(head).getUint32(8, true);
  const sizeBytes = Number(viewOf(head).getBigUint64(16, true));
  const count = Math.ceil(sizeBytes / blockBytes);
  if (!(blockBytes >= LEAST_BLOCK && count <= MOST_ENTRIES)) throw new StorageError("EIO");
  const bytes = new Uint8Array(Math.min(count * 4, map.sizeBytes - HEADER_BYTES));
  yield* wait(map.read(HEADER_BYTES, bytes));
  const entries = new Uint32Array(count);
  // An entry may lead past the data's end: what was not flushed before a crash reads as zeroes.
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const place = viewOf(bytes).getUint32(i, true);
    if (place > MOST_ENTRIES) throw new StorageError("EIO");
    entries[i / 4] = place;
  }
  return make({ blockBytes, sizeBytes, entries });
}

function* convertToMapped(
  data: ImageFile,
  map: ImageFile,
  sizeBytes: number,
  make: (parts: MapParts) => MappedFile,
): Task<MappedFile> {
  if (sizeBytes > MOST_BYTES) throw new StorageError("EFBIG");
  let blockBytes = LEAST_BLOCK;
  while (sizeBytes / blockBytes > USUAL_ENTRIES) blockBytes *= 2;
  const count = Math.ceil(data.sizeBytes / blockBytes);
  const entries = new Uint32Array(Math.ceil(sizeBytes / blockBytes));
  const bytes = new Uint8Array(HEADER_BYTES + count * 4);
  viewOf(bytes).setUint32(8, blockBytes, true);
  viewOf(bytes).setBigUint64(16, BigInt(sizeBytes), true);
  for (let block = 0; block < count; block++) {
    entries[block] = block + 1;
    viewOf(bytes).setUint32(HEADER_BYTES + block * 4, block + 1, true);
  }
  yield* wait(map.write(0, bytes));
  yield* wait(data.flush());
  yield* wait(map.flush());
  yield* wait(map.write(0, MAGIC));
  yield* wait(map.flush());
  return make({ blockBytes, sizeBytes, entries });
}
