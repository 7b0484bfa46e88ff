import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { MAX_REFTABLE_BYTES, putU64 } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { writeEntryBits } from "./refcount-bits.ts";

/**
 * Writes a new refcount structure, from what was counted, into clusters that nothing refers to, and
 * lets the header lead to it. The old one stays as it is: a crash in between changes nothing.
 *
 * @param order the new structure's width, as the header has it
 */
export function* rebuildRefcounts(
  image: Qcow2Image,
  references: { entries(): Iterable<[number, number]> },
  order: number = image.header.refcountOrder,
): Task<void> {
  const { clusterSize } = image;
  const counts = new Map(references.entries());
  const bits = 1 << order;
  const perBlock = (clusterSize * 8) / bits;
  const free = freeClusters(counts);
  const blocks = new Map<number, number>();
  // Every new block takes a cluster, which may need another block.
  const needed = (): number[] => {
    const out = new Set<number>();
    for (const cluster of counts.keys()) out.add(Math.floor(cluster / perBlock));
    return [...out].filter((index) => !blocks.has(index));
  };
  let table: number[] = [];
  const placeBlocks = (): void => {
    for (let missing = needed(); missing.length > 0; missing = needed()) {
      for (const index of missing) {
        const cluster = free();
        counts.set(cluster, 1);
        blocks.set(index, cluster);
      }
    }
  };
  for (;;) {
    placeBlocks();
    const entries = Math.max(...blocks.keys()) + 1;
    const clusters = Math.ceil((entries * 8) / clusterSize);
    if (clusters * clusterSize > MAX_REFTABLE_BYTES) throw new StorageError("EFBIG");
    if (clusters <= table.length) break;
    for (const cluster of table) counts.delete(cluster);
    table = adjacent(counts, clusters);
    for (const cluster of table) counts.set(cluster, 1);
  }
  yield* writeStructure(image, { counts, blocks, table, perBlock, bits });
  image.header.refcountOrder = order;
  yield* switchStructure(image, blocks, table, order);
}

/** Hands out clusters that nothing refers to, lowest first. */
function freeClusters(counts: ReadonlyMap<number, number>): () => number {
  let at = 0;
  return () => {
    while (counts.has(at)) at++;
    return at++;
  };
}

function adjacent(counts: ReadonlyMap<number, number>, count: number): number[] {
  for (let first = 0; ; first++) {
    const run = Array.from({ length: count }, (_, i) => first + i);
    const taken = run.findLast((cluster) => counts.has(cluster));
    if (taken === undefined) return run;
    first = taken;
  }
}

interface Structure {
  readonly counts: ReadonlyMap<number, number>;
  readonly blocks: ReadonlyMap<number, number>;
  readonly table: readonly number[];
  readonly perBlock: number;
  readonly bits: number;
}

function* writeStructure(image: Qcow2Image, structure: Structure): Task<void> {
  const { counts, blocks, table, perBlock, bits } = structure;
  const { clusterSize } = image;
  const byBlock = new Map<number, [number, number][]>();
  for (const entry of counts) {
    const index = Math.floor(entry[0] / perBlock);
    const list = byBlock.get(index);
    if (list === undefined) byBlock.set(index, [entry]);
    else list.push(entry);
  }
  for (const [index, place] of blocks) {
    const block = new Uint8Array(clusterSize);
    for (const [cluster, count] of byBlock.get(index) ?? [])
      writeEntryBits(viewOf(block), cluster % perBlock, bits, BigInt(count));
    yield* wait(image.file.write(place * clusterSize, [block]));
  }
  const bytes = new Uint8Array(table.length * clusterSize);
  for (const [index, place] of blocks) putU64(viewOf(bytes), index * 8, place * clusterSize);
  yield* wait(image.file.write((table[0] as number) * clusterSize, [bytes]));
  yield* image.barrier();
}

function* switchStructure(
  image: Qcow2Image,
  blocks: ReadonlyMap<number, number>,
  table: readonly number[],
  order: number,
): Task<void> {
  const { clusterSize, header } = image;
  header.refcountTableOffset = (table[0] as number) * clusterSize;
  header.refcountTableClusters = table.length;
  yield* image.storeHeader();
  yield* image.barrier();
  const offsets = Array.from(
    { length: (table.length * clusterSize) / 8 },
    (_, i) => (blocks.get(i) ?? 0) * clusterSize,
  );
  const { cache } = image.refcounts;
  cache.forgetAll();
  image.refcounts = image.makeRefcounts(cache, order, offsets);
  for (const cluster of table) image.metadata.add(cluster * clusterSize, 1, "refcount table");
  for (const cluster of blocks.values())
    image.metadata.add(cluster * clusterSize, 1, "refcount block");
}
