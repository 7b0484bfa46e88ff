import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Archive } from "../deb/archive.ts";
import { silent } from "../fetch/progress.ts";
import { writeCpio } from "../image/cpio.ts";
import { FileTree } from "../image/file-tree.ts";
import type { GuestContents } from "../recipe.ts";
import { bytesOf, NO_WORKSHOP, SHELL_PACKAGES } from "../testing/forge-guest.ts";
import { forgeMirror } from "../testing/forge-mirror.ts";
import { installerGuest } from "./build.ts";
import { INITRD_FILE, INSTALLER, KERNEL_FILE, MODULES } from "./recipe.ts";

const RELEASE = "6.12.7+deb13-riscv64";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-installer-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function initramfs(files: readonly string[]): Uint8Array {
  const tree = new FileTree();
  files.forEach((path) => tree.file(path, "x"));
  return gzipSync(writeCpio(tree, 1));
}

async function make(initrd: Uint8Array): Promise<GuestContents> {
  const modules = MODULES.map((name) => {
    return { path: `./usr/lib/modules/${RELEASE}/${name}`, contents: `module ${name}` };
  });
  const mirror = forgeMirror(join(root, "mirror"), [
    ...SHELL_PACKAGES,
    { name: `linux-image-${RELEASE}`, version: "7", files: modules },
    {
      name: INSTALLER.name,
      version: "1",
      files: [
        { path: `./${KERNEL_FILE}`, contents: "kernel" },
        { path: `./${INITRD_FILE}`, contents: initrd },
      ],
    },
  ]);
  const fetcher = { env: {}, progress: silent };
  const where = { mirror: mirror.url, keys: mirror.keys, cache: join(root, "cache"), fetcher };
  const archive = await Archive.open({ ...where, suite: "trixie", architecture: "riscv64" });
  return installerGuest.make(archive, null, silent, NO_WORKSHOP);
}

test("the installer's own files, with the disk drivers of the kernel it was built with", async () => {
  const contents = await make(initramfs(["init", `usr/lib/modules/${RELEASE}/modules.dep.bin`]));
  expect(contents.kernelRelease).toBe(RELEASE);
  expect(bytesOf(contents, "kernel").toString()).toBe("kernel");
  const initrd = bytesOf(contents, "initrd").toString("latin1");
  expect(initrd.split("TRAILER!!!")).toHaveLength(3);
  for (const name of MODULES) {
    expect(initrd).toContain(`usr/lib/modules/${RELEASE}/${name}`);
    expect(initrd).toContain(`module ${name}`);
  }
  expect(contents.packages.map(({ entry }) => entry.name)).toEqual([
    "opensbi",
    INSTALLER.name,
    `linux-image-${RELEASE}`,
  ]);
});

test("an initramfs without modules is refused", async () => {
  await expect(make(initramfs(["init"]))).rejects.toThrow("no kernel modules");
});
