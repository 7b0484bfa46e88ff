import { Xorshift } from "../../src/util/xorshift.ts";
import { StorageError } from "../../src/storage/errors.ts";
import type { FormatDriver, FormatNode } from "../../src/storage/formats/driver.ts";
import { findDriver } from "../../src/storage/formats/drivers.ts";
import { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { MemoryImage } from "../../src/storage/testing/format-images.ts";

/** No operation on a damaged image may take longer, or make a file longer, than this. */
const MAX_MS = 10_000;
const MAX_GROWTH = 320 << 20;
const MAX_SIZE = 6 << 20;

const VARIANTS: readonly (readonly [
  string,
  Readonly<Record<string, string | number | boolean>>,
])[] = [
  ["qed", { cluster_size: 4096, table_size: 2 }],
  ["vdi", {}],
  ["vdi", { static: true }],
  ["vpc", {}],
  ["vpc", { subformat: "fixed" }],
  ["vmdk", {}],
  ["vmdk", { zeroed_grain: true }],
  ["vmdk", { subformat: "twoGbMaxExtentSparse" }],
  ["vmdk", { subformat: "streamOptimized" }],
  ["vhdx", { block_size: 1 << 20 }],
];

/** A sound image of another format with bytes changed: everything is refused or works. */
export async function corruptFormat(seed: number): Promise<string | undefined> {
  const random = new Xorshift(seed);
  for (let i = 0; i < 4; i++) random.u32();
  const [format, options] = random.pick(VARIANTS);
  const driver = findDriver(format) as FormatDriver;
  const size = 512 * (1 + random.below(MAX_SIZE / 512));
  const image = await new MemoryImage(driver).make(size, options);
  await tolerant(async () => {
    const node = await image.open();
    await use(node, random);
    await node.close();
  });
  const before = new Map<string, number>();
  for (const [name, file] of image.files) {
    const bytes = file.bytes();
    mutate(bytes, random);
    image.files.set(name, new MemoryNode(bytes));
    before.set(name, bytes.length);
  }
  const started = performance.now();
  try {
    await tolerant(() => useDamaged(image, random));
  } catch (error) {
    return `seed ${seed} (${format}): ${String((error as Error).stack)}`;
  }
  const ms = performance.now() - started;
  if (ms > MAX_MS) return `seed ${seed} (${format}): took ${Math.round(ms)} ms`;
  const isTooLong = ([name, file]: [string, MemoryNode]): boolean =>
    file.sizeBytes - (before.get(name) ?? 0) > MAX_GROWTH;
  const longer = [...image.files].find(isTooLong);
  return longer === undefined ? undefined : `seed ${seed} (${format}): ${longer[0]} grew`;
}

/** Errors of images are what is expected; all others are bugs. */
async function tolerant(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}

function mutate(bytes: Uint8Array, random: Xorshift): void {
  const count = 1 + random.below(4);
  for (let i = 0; i < count; i++) {
    const reach = random.pick([128, 512, 2048, 65_536, bytes.length]);
    const at = random.below(Math.max(1, Math.min(reach, bytes.length)));
    const kind = random.below(3);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    else bytes.fill(random.pick([0, 0xff]), at, at + 1 + random.below(8));
  }
}

async function useDamaged(image: MemoryImage, random: Xorshift): Promise<void> {
  for (const repair of ["none", "all"] as const) {
    await tolerant(async () => {
      const node = await image.open({ readOnly: repair === "none", forCheck: true });
      if (node.check !== undefined) await run(node.check(repair));
    });
  }
  const node = await image.open();
  await tolerant(() => use(node, random));
  await node.close();
}

async function use(node: FormatNode, random: Xorshift): Promise<void> {
  const size = node.sizeBytes;
  if (size === 0) return;
  for (let i = 0; i < 8; i++) {
    const offset = random.below(Math.min(size, 2 ** 31));
    const length = Math.min(size - offset, 1 + random.below(100_000));
    await tolerant(async () => {
      if (i % 4 === 3) await node.writeZeroes(offset, length);
      else if (i % 2 === 1) await node.write(offset, [new Uint8Array(length).fill(i)]);
      else await node.read(offset, [new Uint8Array(length)]);
      await node.status(offset, length);
    });
  }
}
