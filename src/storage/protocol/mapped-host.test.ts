import { describe, expect, it } from "vitest";
import { MemoryHost } from "../memory-host.ts";
import type { ImageFile } from "../ports.ts";
import { blockNodeContract, mirrorOperations } from "../testing/node-contract.ts";
import { FileNode } from "./file-node.ts";
import { mappedDirectories, mappedFiles } from "./mapped-host.ts";

const MIB = 2 ** 20;
const MAP = "/.disk.tvmap";

const memory = () => new MemoryHost({ fill: () => {} });

async function bench() {
  const host = memory();
  const files = mappedFiles(host);
  const file = await files.open("/disk", { write: true, create: true });
  const reopen = (): Promise<ImageFile> | ImageFile => files.open("/disk", { write: true });
  return { host, files, file, reopen };
}

async function bytesOf(file: ImageFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length).fill(0xee);
  await file.read(offset, bytes);
  return bytes;
}

describe("a node over a mapped file", () => {
  blockNodeContract(
    async () => {
      const { file } = await bench();
      await file.truncate(3 * MIB + 512);
      return new FileNode(file, false);
    },
    { fixedEnd: false, sizeBytes: 3 * MIB + 512 },
  );
});

it("takes only the space of what is written", async () => {
  const { host, file } = await bench();
  await file.truncate(2 ** 33);
  await file.write(2 ** 32 + 5, Uint8Array.of(1, 2, 3));
  await file.flush();
  expect([file.sizeBytes, file.allocatedBytes()]).toEqual([2 ** 33, 65_536]);
  expect((await host.stat("/disk")).sizeBytes).toBe(8);
  expect([...(await bytesOf(file, 2 ** 32 + 3, 7))]).toEqual([0, 0, 1, 2, 3, 0, 0]);
});

it("is the same file when it is opened again, for reading too", async () => {
  const { files, file, reopen } = await bench();
  await file.write(0, new Uint8Array(100).fill(7));
  const node = new FileNode(file, false);
  await file.truncate(4 * MIB);
  const shadow = new Uint8Array(4 * MIB);
  shadow.fill(7, 0, 100);
  await mirrorOperations(node, 200, 3, shadow);
  await node.close();
  await mirrorOperations(new FileNode(await reopen(), false), 200, 4, shadow);
  const reader = await files.open("/disk", { write: false });
  expect(Buffer.compare(await bytesOf(reader, 0, 4 * MIB), shadow)).toBe(0);
});

it("stays a plain file while it has no hole to speak of", async () => {
  const { host, file } = await bench();
  await file.truncate(MIB - 1);
  await file.write(MIB + 1000, Uint8Array.of(1));
  expect(host.exists(MAP)).toBe(false);
  await file.write(4 * MIB, Uint8Array.of(1));
  expect(host.exists(MAP)).toBe(true);
});

it("gives discarded space back, and nothing old shows in places that are used again", async () => {
  const { host, file } = await bench();
  await file.truncate(8 * MIB);
  await file.write(0, new Uint8Array(4 * MIB).fill(9));
  await file.discard?.(MIB + 100, MIB);
  // Only whole blocks go, and only a flush makes their places free.
  expect(file.allocatedBytes()).toBe(4 * MIB - 15 * 65_536);
  await file.write(6 * MIB, Uint8Array.of(5));
  expect((await host.stat("/disk")).sizeBytes).toBe(4 * MIB + 1);
  await file.flush();
  await file.write(7 * MIB + 10, Uint8Array.of(4));
  expect((await host.stat("/disk")).sizeBytes).toBe(4 * MIB + 1);
  expect([...(await bytesOf(file, 7 * MIB + 8, 5))]).toEqual([0, 0, 4, 0, 0]);
  expect([...new Set(await bytesOf(file, MIB + 65_536, MIB - 65_536))]).toEqual([0]);
  await file.truncate(MIB);
  expect((await host.stat("/disk")).sizeBytes).toBe(MIB);
});

it("is what it was when the computer stops while it gets its map", async () => {
  const { host, file, reopen } = await bench();
  await file.write(0, new Uint8Array(1000).fill(3));
  await file.truncate(8 * MIB);
  await file.close();
  const map = host.open(MAP, { write: true });
  void map.write(0, new Uint8Array(8));
  const plain = await reopen();
  expect(plain.sizeBytes).toBe(1000);
  await plain.truncate(2 * MIB);
  expect([...new Set(await bytesOf(plain, 0, 1000))]).toEqual([3]);
});

it("reads as zeroes where data had not reached the disk", async () => {
  const { host, file, reopen } = await bench();
  await file.truncate(8 * MIB);
  await file.write(0, new Uint8Array(65_536).fill(1));
  await file.write(MIB, new Uint8Array(65_536).fill(2));
  await file.close();
  void host.open("/disk", { write: true }).truncate(65_536);
  const after = await reopen();
  expect([...new Set(await bytesOf(after, MIB, 10))]).toEqual([0]);
  await after.write(2 * MIB, Uint8Array.of(8));
  expect([...new Set(await bytesOf(after, 0, 10))]).toEqual([1]);
  expect([...new Set(await bytesOf(after, MIB, 10))]).toEqual([0]);
});

it("refuses lengths that no map is made for", async () => {
  const { file } = await bench();
  await expect((async () => file.truncate(2 ** 50))()).rejects.toMatchObject({ errno: "EFBIG" });
  expect(file.sizeBytes).toBe(0);
});

it("keeps maps out of sight and beside their files", async () => {
  const { host, files, file } = await bench();
  const directories = mappedDirectories(host.directories);
  await file.truncate(8 * MIB);
  await file.close();
  expect((await directories.list("/")).map(({ name }) => name)).toEqual(["disk"]);
  await directories.rename("/disk", "/other");
  expect((await files.open("/other", { write: false })).sizeBytes).toBe(8 * MIB);
  await expect((async () => files.open("/.other.tvmap", { write: true }))()).rejects.toMatchObject({
    errno: "EACCES",
  });
  const again = await files.open("/other", { write: true, create: true });
  expect(again.sizeBytes).toBe(0);
  await again.truncate(8 * MIB);
  await files.remove("/other");
  expect(await host.list("/")).toEqual([]);
});
