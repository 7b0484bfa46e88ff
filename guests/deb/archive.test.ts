import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silent } from "../fetch/progress.ts";
import { forgeMirror, type ForgedMirror } from "../testing/forge-mirror.ts";
import { Archive } from "./archive.ts";
import { lockedPackage, type LockFile } from "./lockfile.ts";
import { packageFile } from "./package-file.ts";
import type { PackageEntry } from "./package-index.ts";
import { choosePackage } from "./select.ts";

const TOOL = { name: "tool", version: "1:2.0-1", files: [{ path: "./bin/tool", contents: "two" }] };
const META = { name: "kernel", version: "6.2", depends: "kernel-6.2-riscv64 (= 6.2), other" };
const KERNELS = [
  { name: "kernel-6.1-riscv64", version: "6.1" },
  { name: "kernel-6.2-riscv64", version: "6.2" },
];
const KERNEL = { name: "kernel", dependency: /^kernel-\d\S*-riscv64$/ };

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-archive-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function open(mirror: ForgedMirror, cache = "cache"): Promise<Archive> {
  return Archive.open({
    mirror: mirror.url,
    suite: "trixie",
    architecture: "riscv64",
    cache: join(root, cache),
    fetcher: { env: {}, progress: silent },
    keys: mirror.keys,
  });
}

function only(archive: Archive, name: string): PackageEntry {
  const [entry, ...others] = archive.versions(name);
  if (entry === undefined || others.length > 0) {
    throw new Error(`the index has not one ${name}`);
  }
  return entry;
}

function lockOf(...entries: PackageEntry[]): LockFile {
  return { suite: "trixie", packages: entries.map(lockedPackage) };
}

test("packages come down the chain from the signature", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL, META, ...KERNELS]));
  const entry = only(archive, "tool");
  expect(entry).toMatchObject({ name: "tool", version: "1:2.0-1", architecture: "riscv64" });
  expect(archive.versions("decoy")).toEqual([]);
  const path = await archive.fetch(entry);
  expect(Buffer.from((await packageFile(path, "bin/tool")).bytes).toString()).toBe("two");
});

test("the index is found by its hash", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL], { byHash: true }));
  expect(archive.versions("tool")).toHaveLength(1);
});

test.each([
  ["dists/trixie/InRelease", "Origin: Debian", "Origin: Nobody", "cannot be trusted"],
  ["dists/trixie/main/binary-riscv64/Packages.xz", "tool", "tolo", "signed index"],
])("a changed %s is refused", async (path, from, to, message) => {
  const mirror = forgeMirror(join(root, "mirror"), [TOOL]);
  const file = join(root, "mirror", path);
  writeFileSync(file, readFileSync(file, "latin1").replace(from, to), "latin1");
  await expect(open(mirror)).rejects.toThrow(message);
});

test("a changed package is refused", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL]));
  const entry = only(archive, "tool");
  const file = join(root, "mirror", entry.filename);
  writeFileSync(file, readFileSync(file, "latin1").replace("two", "owt"), "latin1");
  await expect(archive.fetch(entry)).rejects.toThrow("signed index");
});

test("a mirror without the suite, or with another under its name, is named", async () => {
  const mirror = forgeMirror(join(root, "mirror"), [TOOL], { codename: "forky" });
  await expect(open(mirror)).rejects.toThrow('is about "forky"');
  rmSync(join(root, "mirror", "dists"), { recursive: true });
  await expect(open(mirror)).rejects.toThrow("has no Debian trixie: set DEBIAN_MIRROR");
});

test("an index signed by somebody else is refused", async () => {
  const mirror = forgeMirror(join(root, "mirror"), [TOOL]);
  const other = forgeMirror(join(root, "other"), [TOOL]);
  await expect(open({ url: mirror.url, keys: other.keys })).rejects.toThrow(
    "none of the known keys",
  );
  await expect(open({ url: mirror.url, keys: [] })).rejects.toThrow("None of the keys");
});

test("the locked version is chosen while the mirror has it", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL, META, ...KERNELS]));
  const older = only(archive, "kernel-6.1-riscv64");
  expect(choosePackage(archive, lockOf(older), KERNEL)).toEqual({ entry: older, isLocked: true });
});

test("without the locked version the present one is chosen and said to be so", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL, META, ...KERNELS]));
  const tool = only(archive, "tool");
  const gone = { ...tool, version: "1:1.0-1" };
  expect(choosePackage(archive, lockOf(gone), { name: "tool" })).toEqual({
    entry: tool,
    isLocked: false,
  });
  const kernel = choosePackage(archive, lockOf(gone), KERNEL);
  expect(kernel).toMatchObject({ entry: { name: "kernel-6.2-riscv64" }, isLocked: false });
});

test("other bytes under a locked version are refused", async () => {
  const archive = await open(forgeMirror(join(root, "mirror"), [TOOL]));
  const tool = only(archive, "tool");
  const lock = lockOf({ ...tool, sha256: "0".repeat(64) });
  expect(() => choosePackage(archive, lock, { name: "tool" })).toThrow("SHA-256 differ");
  expect(() => choosePackage(archive, null, { name: "none" })).toThrow("no package none");
});
