import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BuiltGuest, GuestManifest } from "../../../guests/index.ts";
import { dataRoot, guestDisk } from "./guest-disk.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tabvisor-disk-"));
  writeFileSync(join(root, "disk.qcow2"), "image");
});
afterEach(() => rmSync(root, { recursive: true }));

function built(key: string): BuiltGuest {
  const manifest = { name: "debian", key } as GuestManifest;
  return { directory: root, manifest };
}

const env = (): Record<string, string> => ({ TABVISOR_DATA: join(root, "data") });

test("the first boot copies the image, later ones find what was written", async () => {
  const first = await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  expect(first).toEqual({ path: join(root, "data/disks/debian-k1.qcow2"), isNew: true });
  writeFileSync(first.path, "written");
  const second = await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  expect(second).toEqual({ path: first.path, isNew: false });
  expect(readFileSync(second.path, "utf8")).toBe("written");
  expect(readFileSync(join(root, "disk.qcow2"), "utf8")).toBe("image");
});

test("another build has a disk of its own, and both stay", async () => {
  await guestDisk(built("k1"), "disk.qcow2", undefined, env());
  await guestDisk(built("k2"), "disk.qcow2", undefined, env());
  const names = readdirSync(join(root, "data/disks")).toSorted();
  expect(names).toEqual(["debian-k1.qcow2", "debian-k2.qcow2"]);
});

test("a disk may be anywhere", async () => {
  const path = join(root, "some/where.qcow2");
  expect(await guestDisk(built("k1"), "disk.qcow2", path, env())).toEqual({ path, isNew: true });
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
