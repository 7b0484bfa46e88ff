import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openBootImage } from "./boot-image.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabvisor-boot-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("a kernel is read again and again, also when its file was removed", async () => {
  const path = join(folder, "linux");
  await writeFile(path, "KERNEL");
  const { image, close } = await openBootImage(path);
  if (image.kind !== "blob") throw new Error(image.kind);
  const read = async (): Promise<string> => Buffer.from(await image.blob.arrayBuffer()).toString();
  expect(await read()).toBe("KERNEL");
  await rm(path);
  expect([image.name, await read(), await read()]).toEqual(["linux", "KERNEL", "KERNEL"]);
  close();
  await expect(read()).rejects.toThrow(/closed/);
});

it("a kernel that is not there is the system's error", async () => {
  await expect(openBootImage(join(folder, "none"))).rejects.toThrow("ENOENT");
});
