import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { MemoryImage } from "../testing/read-ext4.ts";
import { compressDisk } from "./disk-image.ts";
import { DiskTree } from "./ext4/disk-tree.ts";
import { Ext4Writer } from "./ext4/writer.ts";
import { CLUSTER_BYTES, refcountShape, writeQcow2, type Cluster } from "./qcow2.ts";

const root = mkdtempSync(join(tmpdir(), "guests-disk-"));
afterAll(() => rmSync(root, { recursive: true }));
const hasQemuImg = spawnSync("qemu-img", ["--version"]).status === 0;

/** Bytes that do not compress. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
}

const CLUSTERS: readonly Cluster[] = [
  { index: 0, bytes: Buffer.alloc(CLUSTER_BYTES, "first ") },
  { index: 1, bytes: noise(CLUSTER_BYTES) },
  { index: 2, bytes: Buffer.alloc(CLUSTER_BYTES, "third ") },
  // The first one of the second L2 table, and one of the fourth.
  { index: 8192, bytes: Buffer.concat([noise(9000), Buffer.alloc(CLUSTER_BYTES - 9000)]) },
  { index: 30_000, bytes: Buffer.alloc(CLUSTER_BYTES, 0xff) },
];
const SIZE = 40_000 * CLUSTER_BYTES;

async function* given(clusters: readonly Cluster[]): AsyncGenerator<Cluster> {
  yield* clusters;
}

/** A cluster of the disk, by the format's description. */
function readCluster(image: Buffer, index: number): Buffer {
  const l1 = Number(image.readBigUInt64BE(40));
  const l2 = image.readBigUInt64BE(l1 + 8 * Math.floor(index / 8192)) & 0x00ffffff_fffffe00n;
  if (l2 === 0n) {
    return Buffer.alloc(CLUSTER_BYTES);
  }
  const entry = image.readBigUInt64BE(Number(l2) + 8 * (index % 8192));
  if ((entry & (1n << 62n)) === 0n) {
    const at = Number(entry & 0x00ffffff_fffffe00n);
    return at === 0 ? Buffer.alloc(CLUSTER_BYTES) : image.subarray(at, at + CLUSTER_BYTES);
  }
  const at = Number(entry & ((1n << 54n) - 1n));
  const sectors = Number((entry >> 54n) & 0xffn) + 1;
  const end = (Math.floor(at / 512) + sectors) * 512;
  return inflateRawSync(image.subarray(at, end), { windowBits: 12 });
}

test("clusters come back, packed or plain, and zeros where nothing was written", async () => {
  const path = join(root, "clusters.qcow2");
  await writeQcow2(path, SIZE, given(CLUSTERS));
  const image = readFileSync(path);
  expect(image.readBigUInt64BE(24)).toBe(BigInt(SIZE));
  for (const { index, bytes } of CLUSTERS) {
    expect(readCluster(image, index).equals(bytes)).toBe(true);
  }
  for (const index of [3, 8191, 20_000, 39_999]) {
    expect(readCluster(image, index).every((byte) => byte === 0)).toBe(true);
  }
  // One cluster does not compress; with the tables there are ten in the file.
  expect(image.length).toBe(10 * CLUSTER_BYTES);
});

test.runIf(hasQemuImg)("qemu-img finds no mistake, and the same disk", async () => {
  const path = join(root, "qemu.qcow2");
  await writeQcow2(path, SIZE, given(CLUSTERS));
  const check = spawnSync("qemu-img", ["check", path], { encoding: "utf8" });
  expect([check.status, check.stdout]).toEqual([0, expect.stringContaining("No errors")]);
  const raw = join(root, "raw.img");
  const file = await open(raw, "w");
  await file.truncate(SIZE);
  for (const { index, bytes } of CLUSTERS) {
    await file.write(bytes, 0, bytes.length, index * CLUSTER_BYTES);
  }
  await file.close();
  const same = ["compare", "-f", "raw", "-F", "qcow2", raw, path];
  expect(spawnSync("qemu-img", same, { encoding: "utf8" }).stdout).toContain("identical");
});

test("refcounts have room for themselves, and no more blocks than they need", () => {
  for (const before of [1, 32_765, 32_766, 32_767, 32_768, 65_533, 65_534, 268_000_000]) {
    const { blocks, tables } = refcountShape(before);
    expect(blocks * 32_768).toBeGreaterThanOrEqual(before + blocks + tables);
    expect((blocks - 2) * 32_768).toBeLessThan(before + blocks + tables);
    expect(tables * 8192).toBeGreaterThanOrEqual(blocks);
  }
  expect(refcountShape(32_766)).toEqual({ blocks: 1, tables: 1 });
  expect(refcountShape(32_767)).toEqual({ blocks: 2, tables: 1 });
});

async function disk(): Promise<MemoryImage> {
  const sizeBytes = 16 << 20;
  const image = new MemoryImage(sizeBytes);
  const [uuid, hashSeed] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  const options = { sizeBytes, uuid, hashSeed, label: "", timeSeconds: 1 };
  const writer = new Ext4Writer(image, options);
  const own = { mode: 0o755, uid: 0, gid: 0, mtimeSeconds: 1 };
  const tree = new DiskTree(own);
  await writer.store(Buffer.alloc(1 << 20, "deleted"));
  const data = await writer.store(Buffer.alloc(200_000, "kept"));
  tree.set("file", { ...own, kind: "file", data });
  await writer.finish(tree);
  return image;
}

test("what no file has any more is not in the image", async () => {
  const { bytes } = await disk();
  const raw = join(root, "used.img");
  writeFileSync(raw, bytes);
  const path = join(root, "used.qcow2");
  await compressDisk(raw, path);
  const image = readFileSync(path);
  const clusters = Array.from({ length: bytes.length / CLUSTER_BYTES }, (_, index) =>
    readCluster(image, index).toString("latin1"),
  );
  expect(clusters.join("").includes("deleted")).toBe(false);
  expect(clusters.join("").split("keptkept").length).toBeGreaterThan(20_000);
});

test("a disk that was not unmounted is refused", async () => {
  const { bytes } = await disk();
  const raw = join(root, "dirty.img");
  // s_feature_incompat: the journal has something to replay.
  bytes[1024 + 0x60] = (bytes[1024 + 0x60] ?? 0) | 0x4;
  writeFileSync(raw, bytes);
  await expect(compressDisk(raw, join(root, "dirty.qcow2"))).rejects.toThrow("did not unmount");
});
