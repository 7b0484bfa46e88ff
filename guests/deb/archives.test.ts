import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ar, deb, tar, xz } from "../testing/forge-package.ts";
import { listAr } from "./ar.ts";
import { packageFile, packageFiles } from "./package-file.ts";
import { readTar, type TarEntry } from "./tar.ts";
import { unxz, unxzBytes } from "./xz.ts";

const directory = mkdtempSync(join(tmpdir(), "guests-deb-"));
afterAll(() => rmSync(directory, { recursive: true }));

function stored(bytes: Uint8Array): string {
  const path = join(directory, "file.deb");
  writeFileSync(path, bytes);
  return path;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function readAll(entries: AsyncIterable<TarEntry>): Promise<TarEntry[]> {
  const all: TarEntry[] = [];
  for await (const entry of entries) {
    all.push(entry);
  }
  return all;
}

test("ar members are found at their places, odd sizes padded", async () => {
  const path = stored(
    ar([
      ["one", Buffer.from("abc")],
      ["two/", Buffer.from("de")],
    ]),
  );
  expect(await listAr(path)).toEqual([
    { name: "one", offset: 68, sizeBytes: 3 },
    { name: "two", offset: 132, sizeBytes: 2 },
  ]);
});

test("damaged ar archives are refused", async () => {
  await expect(listAr(stored(Buffer.from("no archive")))).rejects.toThrow("no ar archive");
  const whole = ar([["one", Buffer.from("abcdef")]]);
  await expect(listAr(stored(whole.subarray(0, -3)))).rejects.toThrow("damaged");
  await expect(listAr(stored(whole.subarray(0, 40)))).rejects.toThrow("damaged");
});

test("tar entries are read whatever the chunks, unwanted ones passed over", async () => {
  const long = `./usr/${"deep/".repeat(40)}file`;
  const archive = tar([
    { path: "./", type: "5" },
    { path: "./usr/a", contents: "A".repeat(1000) },
    { path: "./usr/skipped", contents: "B".repeat(700) },
    { path: long, contents: "long" },
    { path: "./usr/link", type: "2", link: "a" },
  ]);
  for (const size of [1, 100, 512, 4096]) {
    const entries = await readAll(
      readTar(inPieces(archive, size), "x", ({ path }) => path !== "usr/skipped"),
    );
    expect(entries.map(({ path, kind, link }) => [path, kind, link])).toEqual([
      ["", "directory", ""],
      ["usr/a", "file", ""],
      [long.slice(2), "file", ""],
      ["usr/link", "symlink", "a"],
    ]);
    expect(Buffer.from(entries[1]?.bytes ?? []).toString()).toBe("A".repeat(1000));
    expect(entries[1]).toMatchObject({ mode: 0o644, mtimeSeconds: 1_750_000_000 });
  }
});

test("a tar archive that is cut off or damaged is refused", async () => {
  const archive = tar([{ path: "a", contents: "x".repeat(2000) }]);
  const read = (bytes: Uint8Array, wanted: boolean): Promise<TarEntry[]> =>
    readAll(readTar(inPieces(bytes, 512), "x.deb", () => wanted));
  await expect(read(archive.subarray(0, 1024), true)).rejects.toThrow("x.deb is cut off");
  await expect(read(archive.subarray(0, 1024), false)).rejects.toThrow("cut off in a");
  await expect(read(archive.subarray(0, 2560), true)).rejects.toThrow("header is missing");
  const damaged = Buffer.from(archive);
  damaged[3] = 0x41;
  await expect(read(damaged, true)).rejects.toThrow("header is missing or wrong");
});

test("xz data is decompressed, and one stream after the other", async () => {
  const data = Buffer.alloc(200_000, "0123456789");
  expect(Buffer.from(await unxzBytes(xz(data), "x")).equals(data)).toBe(true);
  for await (const chunk of unxz(inPieces(xz(data), 5000), "x")) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(Buffer.from(await unxzBytes(xz(data), "x")).equals(data)).toBe(true);
});

test("damaged xz data is refused, and does not block what comes after", async () => {
  const data = Buffer.alloc(100_000, "abc");
  const packed = xz(data);
  const flipped = Buffer.from(packed);
  flipped[5000] = 0;
  await expect(unxzBytes(flipped, "Packages.xz")).rejects.toThrow("Packages.xz cannot be");
  await expect(unxzBytes(packed.subarray(0, 70_000), "x")).rejects.toThrow("damaged");
  await expect(unxzBytes(Buffer.from("not xz at all"), "x")).rejects.toThrow("no .xz file");
  await expect(unxzBytes(Buffer.alloc(0), "x")).rejects.toThrow("x cannot be decompressed");
  expect((await unxzBytes(packed, "x")).length).toBe(data.length);
});

test("files of a package are found by name", async () => {
  const path = stored(deb([{ path: "./usr/bin/tool", contents: "binary" }]));
  expect(Buffer.from((await packageFile(path, "usr/bin/tool")).bytes).toString()).toBe("binary");
  expect(await readAll(packageFiles(path, () => true))).toHaveLength(1);
  await expect(packageFile(path, "usr/bin/other")).rejects.toThrow("no file usr/bin/other");
});

test("a file that is no package, or packed in an unknown way, is named", async () => {
  const other = ar([
    ["debian-binary", Buffer.from("2.0\n")],
    ["data.tar.lzma", Buffer.of(0)],
  ]);
  await expect(packageFile(stored(other), "x")).rejects.toThrow("data.tar.lzma");
  await expect(packageFile(stored(ar([["x", Buffer.of(0)]])), "x")).rejects.toThrow(
    "file.deb is no Debian package",
  );
});
