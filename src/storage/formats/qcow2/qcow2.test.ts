import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { run } from "../../task.ts";
import { FaultNode } from "../../testing/fault-node.ts";
import { blockNodeContract, mirrorOperations } from "../../testing/node-contract.ts";
import { createQcow2, type Qcow2CreateOptions } from "./create.ts";
import { openQcow2 } from "./open.ts";
import { Qcow2Node } from "./qcow2-node.ts";
import { applySnapshot, createSnapshot, deleteSnapshot, findSnapshot } from "./snapshots.ts";
import type { Snapshot } from "./snapshot-table.ts";

const SIZE = 1_000_448;
const hasQemu = spawnSync("qemu-img", ["--version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "tabvisor-qcow2-"));
afterAll(() => rmSync(folder, { recursive: true }));

const DEFAULTS: Qcow2CreateOptions = {
  sizeBytes: SIZE,
  version: 3,
  clusterSize: 65_536,
  refcountBits: 16,
  lazyRefcounts: false,
  extendedL2: false,
  compression: "zlib",
  preallocation: "off",
  report: (message) => {
    throw new Error(message);
  },
};

type Options = Partial<Qcow2CreateOptions>;

async function create(options: Options = {}): Promise<MemoryNode> {
  const file = new MemoryNode();
  await createQcow2(file, { ...DEFAULTS, ...options });
  return file;
}

async function open(file: MemoryNode | FaultNode): Promise<Qcow2Node> {
  const { report } = DEFAULTS;
  return new Qcow2Node(await openQcow2(file, { readOnly: false, report }));
}

/** What real qemu-img, where it is installed, says of an image, and whether it reads the same. */
function expectSound(file: MemoryNode, expected: Uint8Array): void {
  expect(file.sizeBytes).toBeGreaterThan(0);
  if (!hasQemu) return;
  const path = join(folder, "image.qcow2");
  writeFileSync(path, file.bytes());
  const check = spawnSync("qemu-img", ["check", "-f", "qcow2", path], { encoding: "utf8" });
  expect(check.stdout + check.stderr).toMatch(/^No errors were found on the image/);
  writeFileSync(join(folder, "image.raw"), expected);
  const compare = ["compare", "-f", "qcow2", "-F", "raw", path, join(folder, "image.raw")];
  expect(spawnSync("qemu-img", compare, { encoding: "utf8" }).stdout).toBe(
    "Images are identical.\n",
  );
}

const VARIANTS: readonly (readonly [string, Options])[] = [
  ["version 2", { version: 2 }],
  ["clusters of 512", { clusterSize: 512 }],
  ["clusters of 4096", { clusterSize: 4096 }],
  ["clusters of 2 MiB", { clusterSize: 2 << 20 }],
  ["1-bit refcounts", { refcountBits: 1, clusterSize: 512 }],
  ["4-bit refcounts", { refcountBits: 4, clusterSize: 1024 }],
  ["64-bit refcounts", { refcountBits: 64, clusterSize: 512 }],
  ["lazy refcounts", { lazyRefcounts: true }],
  ["extended L2 entries", { extendedL2: true, clusterSize: 16_384 }],
  ["zstd", { compression: "zstd", clusterSize: 4096 }],
  ["preallocated metadata", { preallocation: "metadata", clusterSize: 4096 }],
  ["preallocated data", { preallocation: "full", clusterSize: 4096 }],
];

describe.each(VARIANTS)("%s", (_, options) => {
  blockNodeContract(async () => open(await create(options)), { fixedEnd: true, sizeBytes: SIZE });

  test("is what real qemu-img takes for sound and equal", async () => {
    const file = await create(options);
    let node = await open(file);
    const shadow = await mirrorOperations(node, 200, 7);
    await node.close();
    node = await open(file);
    const cluster = node.image.clusterSize;
    const text = new Uint8Array(cluster).map((_byte, i) => (i % 50) + 1);
    for (let at = 0; at + cluster <= SIZE && at < 40 * cluster; at += 2 * cluster) {
      await node.writeCompressed(at, [text]);
      shadow.set(text, at);
    }
    await mirrorOperations(node, 200, 8, shadow);
    await node.close();
    expectSound(file, shadow);
    expect(node.sizeBytes).toBe(SIZE);
  });
});

test("refuses an encrypted image, whose data it could not read or write", async () => {
  const file = await create();
  file.write(32, [Uint8Array.of(0, 0, 0, 2)]);
  await expect(open(file)).rejects.toThrow("Parameter 'encrypt.key-secret' is required for cipher");
});

describe("snapshots", () => {
  test("keep what was there, and can be applied and deleted", async () => {
    const file = await create({ clusterSize: 4096 });
    const node = await open(file);
    const before = await mirrorOperations(node, 100, 3);
    const made = { name: "first", dateSeconds: 1, dateNanoseconds: 2 };
    await run(createSnapshot(node.image, made));
    const after = await mirrorOperations(node, 100, 4, before.slice());
    await node.flush();
    expectSound(file, after);
    const first = findSnapshot(node.image.snapshots, "first");
    await run(applySnapshot(node.image, first as Snapshot));
    await mirrorOperations(node, 100, 5, before);
    await node.flush();
    expectSound(file, before);
    await run(deleteSnapshot(node.image, first as Snapshot));
    await node.close();
    expectSound(file, before);
    expect(node.image.snapshots).toEqual([]);
  });
});
