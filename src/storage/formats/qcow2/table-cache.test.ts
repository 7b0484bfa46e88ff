import { expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { run } from "../../task.ts";
import { FaultNode } from "../../testing/fault-node.ts";
import { type Table, TableCache } from "./table-cache.ts";

const TABLE = 512;

/** A cache of `capacity` tables over a file, and what is read of that by the tables' numbers. */
function create(capacity: number) {
  const memory = new MemoryNode();
  memory.truncate(100_000 * TABLE);
  const file = new FaultNode(memory);
  const reads: number[] = [];
  file.fail = (operation, offset) => {
    if (operation === "read") reads.push(offset / TABLE);
    return undefined;
  };
  const cache = new TableCache(file, TABLE, capacity * TABLE, function* () {});
  // Nothing waits here, so that what `run` gives is the table.
  const load = (index: number): Table => run(cache.load(index * TABLE)) as Table;
  return { memory, file, cache, reads, load };
}

test("the table that was not used for longest goes first", () => {
  const { reads, load } = create(4);
  for (const index of [0, 1, 2, 3, 0, 0, 4, 2, 5, 0, 2, 4, 1]) load(index);
  expect(reads).toEqual([0, 1, 2, 3, 4, 5, 1]);
});

test("a table that cannot be written stays, and goes when it can be", () => {
  const { memory, file, cache, reads, load } = create(4);
  const table = load(0);
  table.bytes.fill(7);
  cache.markDirty(table);
  for (const index of [1, 2, 3]) load(index);
  file.fail = (operation) => (operation === "write" ? "ENOSPC" : undefined);
  expect(() => load(4)).toThrow("No space left on device");
  expect(() => load(5)).toThrow("No space left on device");
  file.fail = (operation, offset) => {
    if (operation === "read") reads.push(offset / TABLE);
    return undefined;
  };
  load(6);
  const written = new Uint8Array(TABLE);
  memory.read(0, [written]);
  expect(written).toEqual(new Uint8Array(TABLE).fill(7));
  reads.length = 0;
  expect(load(0).bytes[0]).toBe(7);
  expect(reads).toEqual([0]);
});

test("what was dropped is read again, also where it was used last", () => {
  const { cache, reads, load } = create(4);
  load(0);
  cache.drop(0, TABLE);
  load(0);
  cache.forgetAll();
  for (const index of [0, 1, 2, 3, 4, 0]) load(index);
  expect(reads).toEqual([0, 0, 0, 1, 2, 3, 4, 0]);
});

// Where each eviction passes over the places of earlier ones, this takes ten times as long.
test("many tables pass through a large cache in little time", { timeout: 10_000 }, () => {
  const { load, reads } = create(50_000);
  for (let round = 0; round < 4; round++) for (let i = 0; i < 100_000; i++) load(i);
  expect(reads).toHaveLength(400_000);
});
