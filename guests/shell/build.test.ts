import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Archive } from "../deb/archive.ts";
import { silent } from "../fetch/progress.ts";
import { findBuilt, publish, recipeHash, type BuiltGuest } from "../publish.ts";
import {
  APPLETS,
  BUSYBOX,
  kernelFiles,
  KERNEL_RELEASE as RELEASE,
  SHELL_PACKAGES as PACKAGES,
  NO_WORKSHOP,
} from "../testing/forge-guest.ts";
import { forgeMirror } from "../testing/forge-mirror.ts";
import { shellGuest } from "./build.ts";
import { busyboxApplets } from "./busybox.ts";
import { overlayFiles } from "./initramfs.ts";
import { MODULES } from "./recipe.ts";

const LOCK = { suite: "trixie", packages: [] };

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-shell-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function build(cache: string): Promise<BuiltGuest> {
  const mirror = forgeMirror(join(root, "mirror"), PACKAGES);
  const archive = await Archive.open({
    mirror: mirror.url,
    suite: "trixie",
    architecture: "riscv64",
    cache,
    fetcher: { env: {}, progress: silent },
    keys: mirror.keys,
  });
  const contents = await shellGuest.make(archive, null, silent, NO_WORKSHOP);
  const terms = { recipe: recipeHash(shellGuest, LOCK), quality: 5 };
  return publish(cache, shellGuest, "trixie", contents, terms);
}

function contentsOf({ directory }: BuiltGuest): Record<string, string> {
  const names = readdirSync(directory).toSorted();
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(directory, name), "latin1")]),
  );
}

test("a guest is built, found by its name, and described by its manifest", async () => {
  const cache = join(root, "cache");
  const { directory, manifest } = await build(cache);
  const terms = { recipe: recipeHash(shellGuest, LOCK), quality: 5 };
  expect(findBuilt(cache, "shell", terms)).toEqual({ directory, manifest });
  expect(manifest).toMatchObject({ name: "shell", kernelRelease: RELEASE, defaultBoot: "fast" });
  expect(manifest.packages.map(({ name, isLocked }) => [name, isLocked])).toEqual([
    ["opensbi", false],
    [`linux-image-${RELEASE}`, false],
    ["busybox-static", false],
  ]);
  for (const file of Object.values(manifest.files)) {
    expect(statSync(join(directory, file.path)).size).toBe(file.sizeBytes);
  }
  expect(manifest.boot["stock"]).toMatchObject({ initrd: "initrdSigned", append: "console=ttyS0" });
});

test("compressed siblings have the same contents", async () => {
  const { directory } = await build(join(root, "cache"));
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  expect(brotliDecompressSync(read("kernel.br")).equals(read("kernel"))).toBe(true);
  expect(gunzipSync(read("initrd.cpio.gz")).equals(read("initrd.cpio"))).toBe(true);
});

test("two builds give the same bytes", async () => {
  const first = await build(join(root, "one"));
  const second = await build(join(root, "two"));
  expect(contentsOf(second)).toEqual(contentsOf(first));
});

test("building again replaces the build and leaves nothing behind", async () => {
  const cache = join(root, "cache");
  await build(cache);
  const { manifest } = await build(cache);
  expect(readdirSync(join(cache, "guests")).toSorted()).toEqual([
    `shell-${manifest.key}`,
    "shell.json",
  ]);
});

test("an earlier build is removed once it is old", async () => {
  const cache = join(root, "cache");
  const old = join(cache, "guests", "shell-0123456789abcdef");
  const recent = join(cache, "guests", "shell-fedcba9876543210");
  const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
  mkdirSync(old, { recursive: true });
  mkdirSync(recent);
  utimesSync(old, longAgo, longAgo);
  await build(cache);
  expect(existsSync(old)).toBe(false);
  expect(existsSync(recent)).toBe(true);
});

test("a build that is damaged, or made by another recipe, is not taken for present", async () => {
  const cache = join(root, "cache");
  const { directory } = await build(cache);
  expect(findBuilt(cache, "shell", { recipe: "another", quality: 5 })).toBeNull();
  expect(
    findBuilt(cache, "shell", { recipe: recipeHash(shellGuest, LOCK), quality: 9 }),
  ).toBeNull();
  writeFileSync(join(directory, "kernel"), "short");
  expect(findBuilt(cache, "shell")).toBeNull();
  expect(findBuilt(join(root, "empty"), "shell")).toBeNull();
});

test("the fast initramfs has modules without signatures, the other with", async () => {
  const { directory } = await build(join(root, "cache"));
  const magic = "~Module signature appended~";
  expect(readFileSync(join(directory, "initrd.cpio"), "latin1")).not.toContain(magic);
  const signed = readFileSync(join(directory, "initrd-signed.cpio"), "latin1");
  expect(signed.split(magic)).toHaveLength(MODULES.length + 1);
});

test("applets are read from the binary, and nothing that merely looks like the table", () => {
  expect(busyboxApplets(BUSYBOX)).toEqual(APPLETS);
  expect(() => busyboxApplets(Buffer.from("no table"))).toThrow("table of applets");
  expect(() => busyboxApplets(Buffer.from("[\0[[\0zz\0aa\0\0"))).toThrow("table of applets");
});

test("our own files are there, with the line endings of the guest", () => {
  const files = overlayFiles("shell");
  expect([...files.keys()]).toContain("etc/inittab");
  expect([...files.values()].some((bytes) => bytes.includes("\r"))).toBe(false);
});

test("a kernel package without a RISC-V image is refused", async () => {
  mkdirSync(join(root, "mirror"), { recursive: true });
  const wrong = { path: `./boot/vmlinux-${RELEASE}`, contents: Buffer.alloc(1000) };
  const packages = [
    ...PACKAGES.slice(0, 3),
    { name: `linux-image-${RELEASE}`, version: "1", files: [wrong, ...kernelFiles().slice(1)] },
  ];
  const mirror = forgeMirror(join(root, "mirror"), packages);
  const fetcher = { env: {}, progress: silent };
  const where = { mirror: mirror.url, keys: mirror.keys, cache: join(root, "cache"), fetcher };
  const archive = await Archive.open({ ...where, suite: "trixie", architecture: "riscv64" });
  await expect(shellGuest.make(archive, null, silent, NO_WORKSHOP)).rejects.toThrow(
    "no flat RISC-V kernel",
  );
});
