import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Archive } from "../deb/archive.ts";
import { silent } from "../fetch/progress.ts";
import { FileTree } from "../image/file-tree.ts";
import type { GuestContents } from "../recipe.ts";
import { linkedProgram } from "../testing/forge-elf.ts";
import { SHELL_PACKAGES, NO_WORKSHOP, bytesOf } from "../testing/forge-guest.ts";
import { forgeMirror } from "../testing/forge-mirror.ts";
import type { ForgedFile } from "../testing/forge-package.ts";
import { toolsGuest } from "./build.ts";
import { missingLibraries } from "./linkage.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-tools-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const LIBRARIES = "./usr/lib/riscv64-linux-gnu";
const FILES: Readonly<Record<string, readonly ForgedFile[]>> = {
  "base-files": [
    { path: "./usr/bin/", type: "5" },
    { path: "./usr/lib/", type: "5" },
    { path: "./bin", type: "2", link: "usr/bin" },
    { path: "./lib", type: "2", link: "usr/lib" },
    { path: "./etc/profile", contents: "profile of base-files" },
    { path: "./usr/share/doc/base-files/README", contents: "to be left out" },
  ],
  dash: [
    { path: "./usr/bin/sh", type: "2", link: "dash" },
    { path: "./usr/bin/dash", contents: linkedProgram(["libc.so.6"]) },
  ],
};

/** Makes the guest of forged packages; `libc` has the C library's files. */
async function make(libc: readonly ForgedFile[]): Promise<GuestContents> {
  const programs = (toolsGuest.closure?.names ?? []).map((name) => {
    return { name, version: "1", depends: "libc6", files: FILES[name] ?? [] };
  });
  const library = { name: "libc6", version: "1", depends: "python3", files: libc };
  const mirror = forgeMirror(join(root, "mirror"), [...SHELL_PACKAGES, ...programs, library]);
  const archive = await Archive.open({
    mirror: mirror.url,
    suite: "trixie",
    architecture: "riscv64",
    cache: join(root, "cache"),
    fetcher: { env: {}, progress: silent },
    keys: mirror.keys,
  });
  return toolsGuest.make(archive, null, silent, NO_WORKSHOP);
}

test("the guest has Debian's programs, BusyBox's where there is none, and our configuration", async () => {
  const contents = await make([{ path: `${LIBRARIES}/libc.so.6` }]);
  const { packages, boot } = contents;
  const initrd = bytesOf(contents, "initrd").toString("latin1");
  for (const name of ["usr/bin/dash", "usr/bin/cttyhack", "usr/lib/modules", "etc/inittab"]) {
    expect(initrd).toContain(name);
  }
  expect(initrd).not.toContain("usr/share/doc");
  expect(initrd).not.toContain("profile of base-files");
  expect(initrd).toContain("PATH=/usr/sbin:/usr/bin");
  expect(packages.map(({ entry }) => entry.name)).toContain("libc6");
  expect(packages.map(({ entry }) => entry.name)).not.toContain("python3");
  expect(boot["fast"]?.notes.find(({ why }) => why.includes("without their"))).toBeUndefined();
});

test("a program whose library was left out stops the building", async () => {
  await expect(make([])).rejects.toThrow("libc.so.6 of /usr/bin/dash");
});

test("libraries are found behind links, and nothing else is taken for a program", () => {
  const tree = new FileTree();
  tree.file("usr/bin/tool", linkedProgram(["libone.so.1", "libtwo.so.2"]));
  tree.file("usr/bin/script", "#!/bin/sh\n");
  tree.symlink("lib", "usr/lib");
  tree.symlink("usr/lib/riscv64-linux-gnu/libone.so.1", "/lib/libone.so.1.5");
  tree.file("usr/lib/libone.so.1.5", "");
  expect([...missingLibraries(tree)]).toEqual([["libtwo.so.2", "usr/bin/tool"]]);
});
