import { Xorshift } from "../../src/util/xorshift.ts";
import { checkQcow2 } from "../../src/storage/formats/qcow2/check.ts";
import { StorageError } from "../../src/storage/errors.ts";
import { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { contents, makeImage, openImage, perform, randomOptions, randomStep } from "./image.ts";

/** No operation on a damaged image may take longer, or make the file longer, than this. */
const MAX_MS = 10_000;
const MAX_GROWTH = 64 << 20;
/** Disks that a damaged header makes too long are not read whole. */
const MAX_READ = 16 << 20;

/** A sound image with bytes of its metadata changed: everything is refused or works. */
export async function corruptImage(seed: number): Promise<string | undefined> {
  const random = new Xorshift(seed);
  const file = await makeImage(randomOptions(random));
  const first = await openImage(file);
  for (let i = 0; i < 12; i++) await perform(first, randomStep(random, first));
  await first.close();
  const bytes = file.bytes();
  mutate(bytes, random, first.image.clusterSize);
  const damaged = new MemoryNode(bytes);
  const started = performance.now();
  try {
    await use(damaged, random);
  } catch (error) {
    if (!(error instanceof StorageError)) return `seed ${seed}: ${String((error as Error).stack)}`;
  }
  const ms = performance.now() - started;
  if (ms > MAX_MS) return `seed ${seed}: took ${Math.round(ms)} ms`;
  const growth = damaged.sizeBytes - bytes.length;
  return growth > MAX_GROWTH ? `seed ${seed}: the file grew by ${growth} bytes` : undefined;
}

function mutate(bytes: Uint8Array, random: Xorshift, clusterSize: number): void {
  const count = 1 + random.below(6);
  for (let i = 0; i < count; i++) {
    // Mostly the header, the tables behind it, and anything.
    const reach = random.pick([112, 112, 8 * clusterSize, bytes.length]);
    const at = random.below(Math.min(reach, bytes.length));
    const kind = random.below(4);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    else if (kind === 2) bytes.fill(random.pick([0, 0xff]), at, at + 1 + random.below(8));
    else bytes.copyWithin(at - (at % 8), random.below(bytes.length - 8) & ~7, bytes.length);
  }
}

async function use(file: MemoryNode, random: Xorshift): Promise<void> {
  const check = await openImage(file, true, true);
  try {
    await run(checkQcow2(check.image, "none"));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
  const node = await openImage(file);
  for (let i = 0; i < 8 && node.sizeBytes > 0; i++) {
    try {
      if (node.sizeBytes <= MAX_READ) await contents(node);
      await perform(node, randomStep(random, node));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
  try {
    await node.close();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
  const repair = await openImage(file, false, true);
  await run(checkQcow2(repair.image, "all"));
}
