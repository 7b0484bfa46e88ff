import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileTree } from "../image/file-tree.ts";
import { deb, type ForgedFile } from "../testing/forge-package.ts";
import type { PackageEntry } from "./package-index.ts";
import { Unpacker } from "./unpack.ts";

const directory = mkdtempSync(join(tmpdir(), "guests-unpack-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Forged {
  readonly name: string;
  readonly replaces?: string;
  readonly files: readonly ForgedFile[];
}

function entryOf({ name, replaces = "" }: Forged): PackageEntry {
  const none = { preDepends: "", depends: "", provides: "", conflicts: "", breaks: "" };
  const facts = { name, version: "1.0", architecture: "riscv64", filename: "", sizeBytes: 1 };
  return { ...facts, sha256: "", relations: { ...none, replaces } };
}

async function unpacked(packages: readonly Forged[], skipped?: string): Promise<FileTree> {
  const tree = new FileTree();
  const unpacker = new Unpacker(tree);
  for (const forged of packages) {
    const path = join(directory, `${forged.name}.deb`);
    writeFileSync(path, deb(forged.files));
    await unpacker.unpack(entryOf(forged), path, (file) => file !== skipped);
  }
  return tree;
}

const text = (tree: FileTree, path: string): string => {
  const node = tree.get(path);
  return node?.kind === "file" ? Buffer.from(node.bytes).toString() : `${node?.kind}`;
};

const MERGED: Forged = {
  name: "base-files",
  files: [
    { path: "./", type: "5" },
    { path: "./usr/bin/", type: "5" },
    { path: "./bin", type: "2", link: "usr/bin" },
  ],
};

test("files, directories and links are installed with owners", async () => {
  const tree = await unpacked([
    {
      name: "tool",
      files: [
        { path: "./var/mail/", type: "5", gid: 8 },
        { path: "./usr/bin/tool", contents: "binary" },
        { path: "./usr/bin/alias", type: "1", link: "./usr/bin/tool" },
        { path: "./usr/bin/soft", type: "2", link: "tool" },
      ],
    },
  ]);
  expect(tree.get("var/mail")).toMatchObject({ kind: "directory", owner: { uid: 0, gid: 8 } });
  expect(text(tree, "usr/bin/tool")).toBe("binary");
  expect(tree.get("usr/bin/alias")).toBe(tree.get("usr/bin/tool"));
  expect(tree.get("usr/bin/soft")).toEqual({ kind: "symlink", target: "tool" });
});

test("directories of old lead to where they were merged", async () => {
  const tool = {
    name: "tool",
    files: [
      { path: "./bin/", type: "5" },
      { path: "./bin/tool", contents: "x" },
    ],
  };
  const tree = await unpacked([MERGED, tool]);
  expect(tree.get("bin")).toEqual({ kind: "symlink", target: "usr/bin" });
  expect(text(tree, "usr/bin/tool")).toBe("x");
  expect(tree.has("bin/tool")).toBe(false);
});

test("a directory that is there stays when a link to another is brought", async () => {
  const tool = { name: "tool", files: [{ path: "./bin/tool", contents: "x" }] };
  expect((await unpacked([tool, MERGED])).get("bin")).toMatchObject({ kind: "directory" });
});

test("two packages may have one file only where one replaces the other", async () => {
  const old = { name: "old", files: [{ path: "./etc/file", contents: "old" }] };
  const taking = { name: "new", replaces: "old (<< 2)", files: [{ path: "./etc/file" }] };
  expect(text(await unpacked([old, taking]), "etc/file")).toBe("");
  expect(text(await unpacked([taking, old]), "etc/file")).toBe("");
  const rude = { ...taking, replaces: "old (<< 1)" };
  await expect(unpacked([old, rude])).rejects.toThrow("new and old both have /etc/file");
});

test("what is not wanted is passed over, and a link to it is refused", async () => {
  const files = [
    { path: "./a", contents: "a" },
    { path: "./b", type: "1", link: "a" },
  ];
  await expect(unpacked([{ name: "tool", files }], "a")).rejects.toThrow(
    "tool has /b, a link to /a, which is not there",
  );
  expect((await unpacked([{ name: "tool", files }], "b")).has("b")).toBe(false);
});

test.each([
  ["no file to be unpacked", [{ path: "./dev/null", type: "3" }]],
  ["whose directory is none", [{ path: "./a" }, { path: "./a/b" }]],
  ["in place of the directory", [{ path: "./a/", type: "5" }, { path: "./a" }]],
  [
    "whose directory is none",
    [
      { path: "./a", type: "2", link: "b" },
      { path: "./b", type: "2", link: "a" },
      { path: "./a/c" },
    ],
  ],
])("a package is refused: %s", async (message, files) => {
  await expect(unpacked([{ name: "tool", files }])).rejects.toThrow(message);
});

test("a path that would leave the tree stays inside", async () => {
  const files = [{ path: "./../../etc/x", contents: "x" }];
  expect((await unpacked([{ name: "tool", files }])).has("etc/x")).toBe(true);
});
