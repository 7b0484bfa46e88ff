import type { Xorshift } from "../../src/util/xorshift.ts";
import type { BlockNode } from "../../src/storage/block-node.ts";
import { type Qcow2CreateOptions, createQcow2 } from "../../src/storage/formats/qcow2/create.ts";
import { openQcow2 } from "../../src/storage/formats/qcow2/open.ts";
import { Qcow2Node } from "../../src/storage/formats/qcow2/qcow2-node.ts";
import { MemoryNode } from "../../src/storage/protocol/memory-node.ts";

export function quiet(): void {}

/** A random variant of the format, small enough to be looked at whole. */
export function randomOptions(random: Xorshift): Qcow2CreateOptions {
  const version = random.below(4) === 0 ? 2 : 3;
  const extendedL2 = version === 3 && random.below(3) === 0;
  const clusterSize = extendedL2
    ? random.pick([16_384, 32_768])
    : random.pick([512, 512, 1024, 4096, 16_384, 65_536]);
  const sizeBytes = 512 * (1 + random.below(clusterSize <= 1024 ? 1500 : 4000));
  return {
    sizeBytes,
    version,
    clusterSize,
    refcountBits: version === 2 ? 16 : random.pick([1, 2, 4, 8, 16, 32, 64]),
    lazyRefcounts: false,
    extendedL2,
    compression: version === 3 && random.below(3) === 0 ? "zstd" : "zlib",
    preallocation: random.below(5) === 0 ? "metadata" : "off",
    report: quiet,
  };
}

export async function makeImage(options: Qcow2CreateOptions): Promise<MemoryNode> {
  const file = new MemoryNode();
  await createQcow2(file, options);
  return file;
}

export async function openImage(
  file: BlockNode,
  readOnly = false,
  forCheck = false,
): Promise<Qcow2Node> {
  return new Qcow2Node(await openQcow2(file, { readOnly, forCheck, report: quiet }));
}

/** What a guest did last, so that a shadow copy can do it too. */
export type Step =
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "compressed"; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: "zero";
      readonly offset: number;
      readonly length: number;
      readonly unmap: boolean;
    }
  | { readonly kind: "discard"; readonly offset: number; readonly length: number }
  | { readonly kind: "flush" };

export function randomStep(random: Xorshift, node: Qcow2Node): Step {
  const size = node.sizeBytes;
  const cluster = node.image.clusterSize;
  const kind = random.below(16);
  if (kind < 2) return { kind: "flush" };
  if (kind === 2 && size >= cluster) {
    const offset = random.below(Math.floor(size / cluster)) * cluster;
    const bytes = new Uint8Array(cluster).fill(1 + random.below(255), 0, random.below(cluster));
    return { kind: "compressed", offset, bytes };
  }
  const offset = random.below(size);
  const length = 1 + random.below(Math.min(size - offset, random.pick([600, 5000, 4 * cluster])));
  if (kind < 5) return { kind: "zero", offset, length, unmap: kind === 3 };
  if (kind < 7) return { kind: "discard", offset, length };
  return { kind: "write", offset, bytes: new Uint8Array(length).fill(1 + random.below(255)) };
}

export async function perform(node: Qcow2Node, step: Step): Promise<void> {
  if (step.kind === "write") await node.write(step.offset, [step.bytes]);
  else if (step.kind === "compressed") await node.writeCompressed(step.offset, [step.bytes]);
  else if (step.kind === "zero")
    await node.writeZeroes(step.offset, step.length, { mayUnmap: step.unmap });
  else if (step.kind === "discard") await node.discard(step.offset, step.length);
  else await node.flush();
}

export async function contents(node: BlockNode): Promise<Uint8Array> {
  const bytes = new Uint8Array(node.sizeBytes);
  await node.read(0, [bytes]);
  return bytes;
}
