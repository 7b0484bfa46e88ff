/**
 * Writes compressed qcow2 images (QEMU, docs/interop/qcow2.txt), version 3: one file that a server
 * need not understand, of which a guest reads the parts that it needs.
 *
 *     header | data, compressed clusters back to back | L2 tables | L1 table | refcounts
 */
import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, deflateRaw } from "node:zlib";

const CLUSTER_BITS = 16;
/** Bytes of the disk that are compressed together, and of the file that are counted together. */
export const CLUSTER_BYTES = 1 << CLUSTER_BITS;
const MAGIC = 0x514649fb;
const VERSION = 3;
const HEADER_BYTES = 104;
const REFCOUNT_ORDER = 4; // 16 bits
const REFCOUNTS_PER_BLOCK = CLUSTER_BYTES / 2;
const ENTRY_BYTES = 8;
const L2_ENTRIES = CLUSTER_BYTES / ENTRY_BYTES;
const SECTOR_BYTES = 512;
/** L2 entries: of an ordinary cluster that nothing else uses, and of a compressed one. */
const COPIED = 1n << 63n;
const COMPRESSED = 1n << 62n;
/** Where a compressed cluster's number of sectors begins. */
const SECTORS_SHIFT = BigInt(62 - (CLUSTER_BITS - 8));
/** QEMU unpacks with a window of 4 KiB. */
const WINDOW_BITS = 12;
/** So many clusters are compressed at once, on all of zlib's threads. */
const BATCH = 64;

/** A part of the disk, one cluster long. */
export interface Cluster {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes an image of a disk.
 *
 * @param sizeBytes of the disk
 * @param clusters in ascending order; those that are left out read as zeros
 */
export async function writeQcow2(
  path: string,
  sizeBytes: number,
  clusters: AsyncIterable<Cluster>,
): Promise<void> {
  const file = await open(path, "w");
  try {
    const image = new Qcow2Image(file, sizeBytes);
    let batch: Cluster[] = [];
    for await (const cluster of clusters) {
      batch.push(cluster);
      if (batch.length === BATCH) {
        await image.add(batch);
        batch = [];
      }
    }
    await image.add(batch);
    await image.finish();
  } finally {
    await file.close();
  }
}

class Qcow2Image {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;
  /** L2 tables by their place in the L1 table. */
  readonly #tables = new Map<number, BigUint64Array>();
  /** By cluster of the file: how many clusters of the disk are in it. */
  readonly #refcounts: number[] = [1];
  /** Where the next bytes go. */
  #end = CLUSTER_BYTES;

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  async add(clusters: readonly Cluster[]): Promise<void> {
    const packed = await Promise.all(clusters.map(({ bytes }) => compress(bytes)));
    for (const [at, { index, bytes }] of clusters.entries()) {
      const smaller = packed[at] ?? bytes;
      const isCompressed = smaller.length < CLUSTER_BYTES - SECTOR_BYTES;
      const entry = isCompressed ? await this.#compressed(smaller) : await this.#plain(bytes);
      const tableAt = Math.floor(index / L2_ENTRIES);
      const table = this.#tables.get(tableAt) ?? new BigUint64Array(L2_ENTRIES);
      this.#tables.set(tableAt, table);
      table[index % L2_ENTRIES] = entry;
    }
  }

  async finish(): Promise<void> {
    const l1 = new BigUint64Array(Math.ceil(this.#sizeBytes / CLUSTER_BYTES / L2_ENTRIES));
    for (const [at, table] of this.#tables) {
      l1[at] = BigInt(await this.#aligned(bigEndian(table))) | COPIED;
    }
    const l1At = await this.#aligned(bigEndian(l1));
    const refcounts = await this.#writeRefcounts();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(MAGIC, 0);
    header.writeUInt32BE(VERSION, 4);
    header.writeUInt32BE(CLUSTER_BITS, 20);
    header.writeBigUInt64BE(BigInt(this.#sizeBytes), 24);
    header.writeUInt32BE(l1.length, 36);
    header.writeBigUInt64BE(BigInt(l1At), 40);
    header.writeBigUInt64BE(BigInt(refcounts.at), 48);
    header.writeUInt32BE(refcounts.clusters, 56);
    header.writeUInt32BE(REFCOUNT_ORDER, 96);
    header.writeUInt32BE(HEADER_BYTES, 100);
    await this.#write(0, header);
    // The last cluster is whole, as every other.
    await this.#file.truncate(this.#refcounts.length * CLUSTER_BYTES);
  }

  async #compressed(bytes: Uint8Array): Promise<bigint> {
    const at = this.#end;
    await this.#write(at, bytes);
    this.#end += bytes.length;
    const more = Math.floor((this.#end - 1) / SECTOR_BYTES) - Math.floor(at / SECTOR_BYTES);
    this.#count(at, this.#end);
    return COMPRESSED | (BigInt(more) << SECTORS_SHIFT) | BigInt(at);
  }

  async #plain(bytes: Uint8Array): Promise<bigint> {
    return BigInt(await this.#aligned(bytes)) | COPIED;
  }

  /** Writes at the beginning of a cluster and leaves the rest of the last one unused. */
  async #aligned(bytes: Uint8Array): Promise<number> {
    const at = Math.ceil(this.#end / CLUSTER_BYTES) * CLUSTER_BYTES;
    await this.#write(at, bytes);
    this.#end = Math.ceil((at + bytes.length) / CLUSTER_BYTES) * CLUSTER_BYTES;
    this.#count(at, this.#end);
    return at;
  }

  #count(start: number, end: number): void {
    const last = Math.floor((end - 1) / CLUSTER_BYTES);
    for (let cluster = Math.floor(start / CLUSTER_BYTES); cluster <= last; cluster++) {
      this.#refcounts[cluster] = (this.#refcounts[cluster] ?? 0) + 1;
    }
  }

  async #writeRefcounts(): Promise<{ at: number; clusters: number }> {
    const before = Math.ceil(this.#end / CLUSTER_BYTES);
    const { blocks, tables } = refcountShape(before);
    const total = before + blocks + tables;
    const counts = Buffer.alloc(blocks * CLUSTER_BYTES);
    for (let cluster = 0; cluster < total; cluster++) {
      const count = cluster < before ? (this.#refcounts[cluster] ?? 0) : 1;
      this.#refcounts[cluster] = count;
      counts.writeUInt16BE(count, cluster * 2);
    }
    const start = before * CLUSTER_BYTES;
    await this.#write(start, counts);
    const table = BigUint64Array.from({ length: blocks }, (_, at) =>
      BigInt(start + at * CLUSTER_BYTES),
    );
    const at = start + blocks * CLUSTER_BYTES;
    await this.#write(at, bigEndian(table));
    return { at, clusters: tables };
  }

  async #write(at: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const rest = bytes.length - done;
      done += (await this.#file.write(bytes, done, rest, at + done)).bytesWritten;
    }
  }
}

/**
 * How many refcount blocks, and clusters of their table, a file needs that has `before` clusters
 * without them: they count themselves, so their number is found by trying.
 */
export function refcountShape(before: number): { blocks: number; tables: number } {
  let blocks = 1;
  let tables = 1;
  while (blocks * REFCOUNTS_PER_BLOCK < before + blocks + tables || tables * L2_ENTRIES < blocks) {
    blocks = Math.ceil((before + blocks + tables) / REFCOUNTS_PER_BLOCK);
    tables = Math.ceil(blocks / L2_ENTRIES);
  }
  return { blocks, tables };
}

function compress(bytes: Uint8Array): Promise<Buffer> {
  return promisify((input: Uint8Array, done: (error: Error | null, result: Buffer) => void) =>
    deflateRaw(
      input,
      { level: constants.Z_BEST_COMPRESSION, windowBits: WINDOW_BITS, memLevel: 9 },
      done,
    ),
  )(bytes);
}

function bigEndian(words: BigUint64Array): Buffer {
  return Buffer.from(words.slice().buffer).swap64();
}
