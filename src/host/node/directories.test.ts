import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeDirectories } from "./directories.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tabvisor-directories-"));
});
afterAll(() => rm(root, { recursive: true }));

test("directories are made, listed and removed, with POSIX's errors", async () => {
  const { mkdir, list, stat, remove, rename } = nodeDirectories;
  await mkdir(join(root, "a/b"), { recursive: true });
  await writeFile(join(root, "a/f"), "12345");
  const sizes = (await list(join(root, "a"))).map(({ name, kind, sizeBytes }) => {
    return [`${kind} ${name}`, sizeBytes] as const;
  });
  expect(Object.fromEntries(sizes)).toEqual({ "directory b": 0, "file f": 5 });
  await expect(mkdir(join(root, "a"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(remove(join(root, "a"))).rejects.toMatchObject({ code: "ENOTEMPTY" });
  await rename(join(root, "a/f"), join(root, "g"));
  expect((await stat(join(root, "g"))).sizeBytes).toBe(5);
  await remove(join(root, "a/b"));
  await remove(join(root, "a"), { recursive: true });
  await expect(stat(join(root, "a"))).rejects.toMatchObject({ code: "ENOENT" });
});
