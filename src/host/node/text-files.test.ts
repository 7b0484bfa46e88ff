import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { textFiles } from "./text-files.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tabvisor-texts-"));
});
afterEach(() => rm(root, { recursive: true }));

it("writes of one file at the same time follow each other, and the last one counts", async () => {
  const files = textFiles(root);
  const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(1000 * (20 - n)));
  await Promise.all(texts.map((text) => files.write("d/a.xml", text)));
  expect(await files.read("d/a.xml")).toBe(texts.at(-1));
  expect(await readdir(join(root, "d"))).toEqual(["a.xml"]);
});

it("a change that fails does not hold up the next one", async () => {
  const files = textFiles(root);
  await mkdir(join(root, "d/a.xml"), { recursive: true });
  await expect(files.write("d/a.xml", "text")).rejects.toThrow("cannot write file");
  await files.write("d/b.xml", "text");
  expect(await files.read("d/b.xml")).toBe("text");
});

it("links to files are files, as libvirt marks what starts by itself", async () => {
  const files = textFiles(root);
  await files.write("storage/a.xml", "text");
  await mkdir(join(root, "storage/autostart"));
  await symlink("../a.xml", join(root, "storage/autostart/a.xml"));
  expect(await files.list("storage/autostart")).toEqual(["a.xml"]);
  await files.remove("storage/autostart/a.xml");
  expect(await files.read("storage/a.xml")).toBe("text");
});
