import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeDirectories } from "../../host/node/directories.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { openDrives } from "./open-drives.ts";

const host = {
  files: nodeFiles,
  directories: nodeDirectories,
  web: null,
  warn: () => {},
  nowMs: () => 0,
};
const SIZE_BYTES = 100 * 512;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tabvisor-overlay-"));
  writeFileSync(join(root, "base"), new Uint8Array(SIZE_BYTES).fill(1));
});
afterEach(() => rmSync(root, { recursive: true }));

function drive() {
  const file = { driver: "file", filename: join(root, "base") };
  const backing = { driver: "raw", file };
  return { id: "d", image: { kind: "file", filename: join(root, "a/b/top"), backing } } as const;
}

async function firstByte(): Promise<number | undefined> {
  const drives = await openDrives([drive()], host);
  const block = new Uint8Array(512);
  await drives.disks.get("d")?.read(512, [block]);
  await drives.close();
  return block[0];
}

test("a disk over another image is made when it is missing, and keeps what is written", async () => {
  const drives = await openDrives([drive()], host);
  const disk = drives.disks.get("d");
  expect(disk?.sizeBytes).toBe(SIZE_BYTES);
  await disk?.write(512, [new Uint8Array(512).fill(2)]);
  await drives.close();
  expect(readdirSync(join(root, "a/b"))).toEqual(["top"]);
  expect(await firstByte()).toBe(2);
});

test("what a crash has left of the making is no obstacle", async () => {
  await openDrives([drive()], host).then((drives) => drives.close());
  rmSync(join(root, "a/b/top"));
  writeFileSync(join(root, "a/b/top.part"), "half");
  expect(await firstByte()).toBe(1);
});

test("without the image below, nothing is made", async () => {
  rmSync(join(root, "base"));
  await expect(openDrives([drive()], host)).rejects.toThrow(
    `Could not open '${join(root, "base")}': No such file or directory`,
  );
  expect(existsSync(join(root, "a/b/top"))).toBe(false);
});
