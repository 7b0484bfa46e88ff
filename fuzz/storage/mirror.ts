import { Xorshift } from "../../src/util/xorshift.ts";
import {
  applySnapshot,
  createSnapshot,
  deleteSnapshot,
} from "../../src/storage/formats/qcow2/snapshots.ts";
import type { Qcow2Node } from "../../src/storage/formats/qcow2/qcow2-node.ts";
import { StorageError } from "../../src/storage/errors.ts";
import { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { firstDifference } from "./expectation.ts";
import { type Step, contents, makeImage, perform, randomOptions, randomStep } from "./image.ts";
import type { RealCheck } from "./real-check.ts";
import { BACKING_NAME, openImageIn, randomDisk } from "./workload.ts";

/** Random operations on an image and on an array of bytes; the real tools judge the result. */
export async function mirrorImage(
  seed: number,
  steps: number,
  real: RealCheck | undefined,
): Promise<string | undefined> {
  const random = new Xorshift(seed);
  const options = randomOptions(random);
  const backing =
    random.below(3) === 0 ? new MemoryNode(randomDisk(random, options.sizeBytes), true) : undefined;
  const file = await makeImage(
    backing === undefined
      ? options
      : {
          ...options,
          // Headers of the smallest clusters have no room for names.
          clusterSize: Math.max(1024, options.clusterSize),
          preallocation: "off",
          backingFile: BACKING_NAME,
          backingFormat: "raw",
        },
  );
  const around = { backing, hasDataFile: false };
  const open = () => openImageIn(around, file, undefined, { readOnly: false });
  let node = await open();
  const kept = new Map<string, Uint8Array>();
  let shadow = await contents(node);
  for (let i = 0; i < steps; i++) {
    const kind = random.below(30);
    if (kind === 0) {
      await node.close();
      node = await open();
    } else if (kind === 1) {
      shadow = await resizeBoth(node, shadow, random, kept.size > 0);
    } else if (kind < 4) shadow = await snapshotStep(node, shadow, kept, random, kind);
    else {
      const step = randomStep(random, node);
      await perform(node, step);
      if (step.kind === "flush") continue;
      const found = await contents(node);
      const expected = afterwards(shadow, step, found);
      const wrong = firstDifference(found, expected);
      if (wrong >= 0) return `seed ${seed}, step ${i} (${step.kind}): byte ${wrong} is wrong`;
      shadow = found;
    }
  }
  await node.close();
  const beside = new Map(backing === undefined ? [] : [[BACKING_NAME, backing.bytes()]]);
  return real?.soundAndEqual(file.bytes(), shadow, beside);
}

/** What a step makes of the disk; a discarded range may read as anything. */
function afterwards(before: Uint8Array, step: Step, found: Uint8Array): Uint8Array {
  const after = before.slice();
  if (step.kind === "write" || step.kind === "compressed") after.set(step.bytes, step.offset);
  else if (step.kind === "zero") after.fill(0, step.offset, step.offset + step.length);
  else if (step.kind === "discard")
    after.set(found.subarray(step.offset, step.offset + step.length), step.offset);
  return after;
}

async function resizeBoth(
  node: Qcow2Node,
  shadow: Uint8Array,
  random: Xorshift,
  hasSnapshots: boolean,
): Promise<Uint8Array> {
  if (hasSnapshots) return shadow;
  const size = 512 * (1 + random.below(3000));
  await node.truncate(size);
  const next = new Uint8Array(size);
  next.set(shadow.subarray(0, size));
  return next;
}

async function snapshotStep(
  node: Qcow2Node,
  shadow: Uint8Array,
  kept: Map<string, Uint8Array>,
  random: Xorshift,
  kind: number,
): Promise<Uint8Array> {
  const { image } = node;
  const name = `s${random.below(4)}`;
  const found = image.snapshots.find((snapshot) => snapshot.name === name);
  try {
    if (found === undefined) {
      await run(createSnapshot(image, { name, dateSeconds: 0, dateNanoseconds: 0 }));
      kept.set(name, shadow.slice());
    } else if (kind === 2) {
      await run(applySnapshot(image, found));
      return (kept.get(name) as Uint8Array).slice();
    } else {
      await run(deleteSnapshot(image, found));
      kept.delete(name);
    }
  } catch (error) {
    // One-bit counters cannot count a second user.
    if (!(error instanceof StorageError) || error.errno !== "EINVAL") throw error;
  }
  return shadow;
}
