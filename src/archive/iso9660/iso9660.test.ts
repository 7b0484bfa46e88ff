import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { IsoError, IsoImage, type IsoSource } from "./read-iso.ts";
import { writeIso } from "./write-iso.ts";

const OPTIONS = { volumeId: "cidata", date: new Date("2026-01-02T03:04:05Z") };
const FILES = [
  { name: "meta-data", bytes: utf8Bytes("instance-id: a\n") },
  { name: "user-data", bytes: utf8Bytes("#cloud-config\n".repeat(300)) },
  { name: "größe.txt", bytes: new Uint8Array(0) },
];

function sourceOf(bytes: Uint8Array): IsoSource {
  return {
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

describe("an image that was written", () => {
  test("is read again, with its label and names", async () => {
    const image = await IsoImage.open(sourceOf(writeIso(FILES, OPTIONS)));
    expect(image).toMatchObject({ volumeId: "cidata", systemId: "LINUX" });
    for (const { name, bytes } of FILES) expect(await image.read(name)).toEqual(bytes);
    expect(await image.has("/user-data")).toBe(true);
    expect(await image.has("USER_DAT")).toBe(false);
    await expect(image.read("missing")).rejects.toThrow(IsoError);
  });

  test("is the same for the same files and date", () => {
    expect(writeIso(FILES, OPTIONS)).toEqual(writeIso(FILES, OPTIONS));
  });

  test("has as many files as a directory of more than one sector", async () => {
    const many = Array.from({ length: 60 }, (_none, index) => ({
      name: `a rather long name of a file, number ${index}`,
      bytes: Uint8Array.of(index),
    }));
    const image = await IsoImage.open(sourceOf(writeIso(many, OPTIONS)));
    for (const { name, bytes } of many) expect(await image.read(name)).toEqual(bytes);
  });

  test.each([[""], ["a/b"], ["x".repeat(65)]])("has no file '%s'", (name) => {
    expect(() => writeIso([{ name, bytes: new Uint8Array(1) }], OPTIONS)).toThrow(RangeError);
  });

  test("has no name twice, and no long label", () => {
    const [one] = FILES;
    expect(() => writeIso(one ? [one, one] : [], OPTIONS)).toThrow("is given twice");
    expect(() => writeIso([], { ...OPTIONS, volumeId: "x".repeat(17) })).toThrow(RangeError);
  });
});

test("what is no image, or a part of one, is refused", async () => {
  await expect(IsoImage.open(sourceOf(new Uint8Array(100)))).rejects.toThrow(IsoError);
  const whole = writeIso(FILES, OPTIONS);
  const image = await IsoImage.open(sourceOf(whole.subarray(0, whole.length - 2048)));
  await expect(image.read("user-data")).rejects.toThrow("the image is cut short");
});

const hasXorriso = spawnSync("xorriso", ["--version"]).status === 0;

describe.skipIf(!hasXorriso)("xorriso", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tabvisor-iso-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("finds on our images what is on them", () => {
    const path = join(folder, "ours.iso");
    writeFileSync(path, writeIso(FILES, OPTIONS));
    const { stdout, stderr } = spawnSync(
      "xorriso",
      ["-osirrox", "on", "-indev", path, "-pvd_info", "-find", "/", "-exec", "lsdl", "--"],
      { encoding: "utf8" },
    );
    expect(stderr).not.toMatch(/SORRY|FAILURE|WARNING/);
    expect(stdout).toMatch(/Volume Id *: cidata/);
    for (const { name, bytes } of FILES) {
      expect(stdout).toMatch(new RegExp(`-r--r--r-- +1 0 +0 +${bytes.length} .*'/${name}'`));
    }
    const out = join(folder, "user-data");
    spawnSync("xorriso", ["-osirrox", "on", "-indev", path, "-extract", "/user-data", out]);
    expect(new Uint8Array(readFileSync(out))).toEqual(FILES[1]?.bytes);
  });

  test.each([
    ["Rock Ridge", ["-r", "-J"]],
    ["Joliet", ["-J", "--norock"]],
    ["neither", ["--norock"]],
  ])("writes images that we read, with %s", async (_kind, options) => {
    const tree = join(folder, "tree");
    mkdirSync(join(tree, "install", "netboot"), { recursive: true });
    writeFileSync(join(tree, "install", "netboot", "linux"), "kernel".repeat(1000));
    writeFileSync(join(tree, "info"), "Debian");
    const path = join(folder, "theirs.iso");
    const { status } = spawnSync("xorrisofs", ["-o", path, "-V", "LABEL", ...options, tree]);
    expect(status).toBe(0);
    const image = await IsoImage.open(sourceOf(readFileSync(path)));
    expect(image.volumeId).toBe("LABEL");
    expect(utf8Text(await image.read("install/netboot/linux"))).toBe("kernel".repeat(1000));
    expect(utf8Text(await image.read("info"))).toBe("Debian");
    expect(await image.has("install/netboot")).toBe(true);
    await expect(image.read("install")).rejects.toThrow(IsoError);
  });
});
