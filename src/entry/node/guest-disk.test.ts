import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BuiltGuest, GuestManifest } from "../../../guests/index.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";
import { dataRoot, guestDisk } from "./guest-disk.ts";

let root = "";
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "tabvisor-disk-"));
  const filename = join(root, "disk.qcow2");
  const request = { filename, format: "qcow2", sizeBytes: 2 ** 20, nowMs: 0, report: () => {} };
  await createImage(nodeFiles, { ...request, options: new Map() });
  const { node } = await open(filename);
  await node.write(4096, [Uint8Array.of(1, 2, 3)]);
  await node.close();
});

function open(filename: string) {
  return new ImageOpener(nodeFiles, () => {}).open({ filename, driver: "qcow2", write: true });
}

/** What the disk at `path` has where the guest's image was written. */
async function readBack(path: string): Promise<readonly number[]> {
  const { node } = await open(path);
  const bytes = new Uint8Array(4);
  await node.read(4096, [bytes]);
  await node.close();
  return [...bytes];
}

afterEach(() => rmSync(root, { recursive: true }));

function built(key: string): BuiltGuest {
  const manifest = { name: "debian", key } as GuestManifest;
  return { directory: root, manifest };
}

const env = (): Record<string, string> => ({ TABVISOR_DATA: join(root, "data") });

test("the first boot makes a disk over the image, later ones find what was written", async () => {
  const first = await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  expect(first).toEqual({ path: join(root, "data/disks/debian-k1.qcow2"), isNew: true });
  expect(await readBack(first.path)).toEqual([1, 2, 3, 0]);
  const { node } = await open(first.path);
  await node.write(4097, [Uint8Array.of(9)]);
  await node.close();
  const second = await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  expect(second).toEqual({ path: first.path, isNew: false });
  expect(await readBack(second.path)).toEqual([1, 9, 3, 0]);
  expect(await readBack(join(root, "disk.qcow2"))).toEqual([1, 2, 3, 0]);
});

test("a disk stays when the build that it was made of is gone", async () => {
  const { path } = await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  rmSync(join(root, "disk.qcow2"));
  expect(await readBack(path)).toEqual([1, 2, 3, 0]);
});

test("another build has a disk of its own, and both stay", async () => {
  await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  await guestDisk(built("k2"), "disk.qcow2", undefined, env());
  const names = readdirSync(join(root, "data/disks")).toSorted();
  expect(names).toEqual([
    "debian-k1.base.qcow2",
    "debian-k1.qcow2",
    "debian-k2.base.qcow2",
    "debian-k2.qcow2",
  ]);
});

test("a disk may be anywhere", async () => {
  const path = join(root, "some/where.qcow2");
  expect(await guestDisk(built("k1"), "disk.qcow2", path, env())).toEqual({ path, isNew: true });
  expect(await readBack(path)).toEqual([1, 2, 3, 0]);
});

test("a disk that cannot be made is the user's to know, and leaves nothing behind", async () => {
  await expect(guestDisk(built("k1"), "missing", undefined, env())).rejects.toThrow(
    "--guest debian",
  );
  expect(readdirSync(join(root, "data/disks"))).toEqual([]);
  mkdirSync(join(root, "data2"));
  writeFileSync(join(root, "data2/disks"), "no directory");
  const wrong = { TABVISOR_DATA: join(root, "data2") };
  await expect(guestDisk(built("k1"), "disk.qcow2", undefined, wrong)).rejects.toThrow("data2");
});

test("users' data have a place of their own on each system", () => {
  expect(dataRoot({}, "linux", "/home/u")).toBe("/home/u/.local/share/tabvisor");
  expect(dataRoot({ XDG_DATA_HOME: "/d" }, "linux", "/home/u")).toBe("/d/tabvisor");
  expect(dataRoot({}, "darwin", "/Users/u")).toBe("/Users/u/Library/Application Support/tabvisor");
  expect(dataRoot({ LOCALAPPDATA: "C:" }, "win32", "")).toContain("Data");
});
