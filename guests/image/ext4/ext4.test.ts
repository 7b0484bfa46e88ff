import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Ext4Reader, MemoryImage } from "../../testing/read-ext4.ts";
import { SparseFile, type BlockSink } from "./block-sink.ts";
import { crc32c } from "./crc32c.ts";
import { DiskTree, type Attributes } from "./disk-tree.ts";
import { planGeometry } from "./geometry.ts";
import { Ext4Writer, type Ext4Options } from "./writer.ts";

const MIB = 1 << 20;
const CAPABILITY = Buffer.from("0100000200200000000000000000000000000000", "hex");

function options(sizeBytes: number): Ext4Options {
  return {
    sizeBytes,
    uuid: Buffer.from("00112233445566778899aabbccddeeff", "hex"),
    hashSeed: Buffer.alloc(16, 7),
    label: "test",
    timeSeconds: 1_750_000_000,
  };
}

function own(mode: number, more: Partial<Attributes> = {}): Attributes {
  return { mode, uid: 0, gid: 0, mtimeSeconds: 1_700_000_000, ...more };
}

async function* pieces(count: number, piece: (index: number) => Uint8Array) {
  for (let index = 0; index < count; index++) {
    yield piece(index);
  }
}

/** One of everything. */
async function sample(sink: BlockSink, sizeBytes: number): Promise<void> {
  const writer = new Ext4Writer(sink, options(sizeBytes));
  const tree = new DiskTree(own(0o755));
  tree.set("etc", { ...own(0o750), kind: "directory" });
  const times = { mtimeSeconds: 2 ** 32 + 5, mtimeNanoseconds: 999_999_999 };
  const hello = {
    ...own(0o4644, { uid: 100_000, gid: 70_000, ...times }),
    kind: "file" as const,
    data: await writer.store(Buffer.from("hello\n")),
  };
  tree.set("etc/hello", hello);
  tree.set("second name", hello);
  // Contents that no file has any more.
  tree.set("empty", { ...hello, data: await writer.store(Buffer.alloc(100_000, 1)) });
  tree.set("empty", { ...own(0o600), kind: "file", data: await writer.store(Buffer.alloc(0)) });
  const holes = pieces(800, (index) => Buffer.alloc(8192).fill(index % 255 || 1, 0, 4096));
  tree.set("holes", { ...own(0o644), kind: "file", data: await writer.store(holes) });
  const odd = pieces(500, (index) => Buffer.alloc(1001, index || 1));
  tree.set("odd", { ...own(0o644), kind: "file", data: await writer.store(odd) });
  tree.set("short", { ...own(0o777), kind: "symlink", target: "etc/hello" });
  tree.set("long", { ...own(0o777), kind: "symlink", target: "x/".repeat(200) });
  tree.set("console", { ...own(0o600), kind: "character", major: 5, minor: 1 });
  tree.set("wide", { ...own(0o600), kind: "block", major: 259, minor: 70_000 });
  tree.set("fifo", { ...own(0o600), kind: "fifo" });
  tree.set("socket", { ...own(0o600), kind: "socket" });
  const data = await writer.store(Buffer.from("ping"));
  const inside = new Map([["security.capability", CAPABILITY]]);
  tree.set("ping", { ...own(0o755, { xattrs: inside }), kind: "file", data });
  const outside = new Map([
    ["user.long", Buffer.alloc(300, 65)],
    ["user.a", Buffer.from("1")],
    ["security.label", Buffer.from("odd")],
    ["trusted.empty", Buffer.alloc(0)],
  ]);
  tree.set("dir", { ...own(0o1777, { xattrs: outside }), kind: "directory" });
  for (let index = 0; index < 300; index++) {
    const contents = await writer.store(Buffer.from(String(index)));
    tree.set(`dir/a-long-name-${index}`, { ...own(0o644), kind: "file", data: contents });
  }
  await writer.finish(tree);
}

const root = mkdtempSync(join(tmpdir(), "guests-ext4-"));
afterAll(() => rmSync(root, { recursive: true }));

const hasFsck = spawnSync("e2fsck", ["-V"]).status === 0;

test("contents, names, owners, dates, links and devices come back", async () => {
  const image = new MemoryImage(32 * MIB);
  await sample(image, 32 * MIB);
  const reader = new Ext4Reader(image.bytes);
  const text = (path: string): string => reader.contents(reader.find(path)).toString("latin1");
  const hello = reader.find("etc/hello");
  expect(hello).toMatchObject({ mode: 0o104644, uid: 100_000, gid: 70_000, links: 2, sectors: 8 });
  expect(hello).toMatchObject({ mtimeSeconds: 2 ** 32 + 5, mtimeNanoseconds: 999_999_999 });
  expect(reader.find("second name").ino).toBe(hello.ino);
  expect(text("etc/hello")).toBe("hello\n");
  expect(reader.find("etc")).toMatchObject({ mode: 0o040750, links: 2 });
  expect(reader.find("")).toMatchObject({ ino: 2, mode: 0o040755, links: 5 });
  expect(reader.find("lost+found")).toMatchObject({ ino: 11, size: 16384 });
  expect(reader.find("empty")).toMatchObject({ size: 0, sectors: 0 });
  expect(reader.find("short").raw.toString("latin1", 0, 9)).toBe("etc/hello");
  expect(text("long")).toBe("x/".repeat(200));
  expect(reader.find("console")).toMatchObject({ mode: 0o020600, usesExtents: false });
  expect(reader.find("console").raw.readUInt32LE(0)).toBe(0x0501);
  expect(reader.find("wide").raw.readUInt32LE(4)).toBe((0x111 << 20) | (259 << 8) | 0x70);
  expect(reader.find("fifo").mode >> 12).toBe(1);
  expect(reader.find("socket").mode >> 12).toBe(0o14);
  expect(reader.list(reader.find("dir")).size).toBe(302);
  expect(text("dir/a-long-name-299")).toBe("299");
});

test("blocks of zeros take no space, however many extents that makes", async () => {
  const image = new MemoryImage(32 * MIB);
  await sample(image, 32 * MIB);
  const reader = new Ext4Reader(image.bytes);
  const holes = reader.find("holes");
  expect(holes.size).toBe(800 * 8192);
  // 800 blocks of data and the three leaves that hold their extents.
  expect(holes.sectors).toBe((800 + 3) * 8);
  expect(reader.extents(holes)).toHaveLength(800);
  const contents = reader.contents(holes);
  expect(contents[799 * 8192]).toBe(799 % 255);
  expect(contents.subarray(799 * 8192 + 4096).every((byte) => byte === 0)).toBe(true);
});

test("contents in pieces of any length are put together", async () => {
  const image = new MemoryImage(32 * MIB);
  await sample(image, 32 * MIB);
  const reader = new Ext4Reader(image.bytes);
  const contents = reader.contents(reader.find("odd"));
  expect(contents).toHaveLength(500 * 1001);
  expect([0, 1001, 499 * 1001].map((at) => contents[at])).toEqual([1, 1, 499 & 255]);
});

test("equal files and options give equal bytes", async () => {
  const images = [new MemoryImage(16 * MIB), new MemoryImage(16 * MIB)] as const;
  await sample(images[0], 16 * MIB);
  await sample(images[1], 16 * MIB);
  expect(images[0].bytes.equals(images[1].bytes)).toBe(true);
});

test.runIf(hasFsck).each([12 * MIB, 33_333_333, 130 * MIB, 1024 * MIB, 5000 * MIB])(
  "e2fsck finds nothing to complain of on a disk of %i bytes",
  async (sizeBytes) => {
    const path = join(root, `${sizeBytes}.img`);
    const file = await SparseFile.create(path, sizeBytes);
    await sample(file, sizeBytes);
    await file.close();
    const { status, stdout } = spawnSync("e2fsck", ["-fn", path], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Pass 1[^]*test: 324\/\d+ files/)]);
    const list = spawnSync("debugfs", ["-R", "ea_list ping", path], { encoding: "utf8" });
    expect(list.stdout).toContain("security.capability (20) = 01 00 00 02 00 20");
    const block = spawnSync("debugfs", ["-R", "ea_list dir", path], { encoding: "utf8" });
    expect(block.stdout).toMatch(/user\.a \(1\)[^]*user\.long \(300\)/);
    // A disk of gigabytes takes only what its files and tables need.
    expect(statSync(path).blocks * 512).toBeLessThan(24 * MIB);
    rmSync(path);
  },
);

test("what does not fit is refused in a sentence", async () => {
  const writer = new Ext4Writer(new MemoryImage(8 * MIB), options(8 * MIB));
  const tree = new DiskTree(own(0o755));
  const many = pieces(100, () => Buffer.alloc(MIB, 1));
  await expect(writer.store(many)).rejects.toThrow("do not fit");
  expect(() => planGeometry(MIB)).toThrow("cannot be made");
  expect(() => planGeometry(64 * MIB, 1e6)).toThrow("no room");
  expect(() => tree.set("no/such", { ...own(0o755), kind: "directory" })).toThrow("no directory");
  const roomy = new Ext4Writer(new MemoryImage(16 * MIB), options(16 * MIB));
  tree.set("n".repeat(256), { ...own(0o755), kind: "directory" });
  await expect(roomy.finish(tree)).rejects.toThrow("1 to 255 bytes");
});

test("more files than inodes are refused", async () => {
  const writer = new Ext4Writer(new MemoryImage(8 * MIB), options(8 * MIB));
  const tree = new DiskTree(own(0o755));
  for (let index = 0; index < 600; index++) {
    tree.set(`f${index}`, { ...own(0o644), kind: "fifo" });
  }
  await expect(writer.finish(tree)).rejects.toThrow("with 512 inodes");
});

test("paths are resolved over symbolic links, and circles end", () => {
  const tree = new DiskTree(own(0o755));
  const link = (path: string, target: string): void =>
    tree.set(path, { ...own(0o777), kind: "symlink", target });
  tree.set("usr", { ...own(0o755), kind: "directory" });
  tree.set("usr/lib", { ...own(0o755), kind: "directory" });
  link("lib", "usr/lib");
  link("usr/lib64", "/lib/./sub/..");
  link("a", "b");
  link("b", "a");
  expect(tree.resolve("lib/x")).toBe("usr/lib/x");
  expect(tree.resolve("usr/lib64/x/y")).toBe("usr/lib/x/y");
  expect(tree.resolve("usr/../lib")).toBe("lib");
  expect(tree.resolve("../../usr")).toBe("usr");
  expect(() => tree.resolve("a/x")).toThrow("circle");
});

test("directories are taken away or replaced only when nothing is lost", () => {
  const tree = new DiskTree(own(0o755));
  tree.set("d", { ...own(0o755), kind: "directory" });
  tree.set("d/f", { ...own(0o644), kind: "fifo" });
  expect(() => tree.delete("d")).toThrow("holds d/f");
  expect(() => tree.set("d", { ...own(0o644), kind: "fifo" })).toThrow("cannot become");
  tree.delete("d/f");
  tree.delete("d");
  expect(tree.get("d")).toBeUndefined();
});

test("CRC-32C agrees with its check value", () => {
  // Of "123456789", as catalogues of CRCs give it, with inversions at both ends.
  expect((crc32c(0xffffffff, Buffer.from("123456789")) ^ 0xffffffff) >>> 0).toBe(0xe3069283);
});
