import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeDirectories } from "../../host/node/directories.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { serveStatic } from "../../host/node/static-server.ts";
import { fetchWeb } from "../../host/web/fetch-web.ts";
import type { WebHost } from "../../storage/ports.ts";
import { openDrives } from "./open-drives.ts";

const host = {
  files: nodeFiles,
  directories: nodeDirectories,
  web: null,
  warn: () => {},
  nowMs: () => 0,
  after: async () => {},
};
const MIB = 2 ** 20;
const SIZE_BYTES = 100 * 512;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tabvisor-overlay-"));
  writeFileSync(join(root, "base"), new Uint8Array(SIZE_BYTES).fill(1));
});
afterEach(() => rmSync(root, { recursive: true }));

function drive() {
  const file = { driver: "file", filename: join(root, "base") };
  const backing = { driver: "raw", file };
  return { id: "d", image: { kind: "file", filename: join(root, "a/b/top"), backing } } as const;
}

async function firstByte(): Promise<number | undefined> {
  const drives = await openDrives([drive()], host);
  const block = new Uint8Array(512);
  await drives.disks.get("d")?.read(512, [block]);
  await drives.close();
  return block[0];
}

test("a disk over another image is made when it is missing, and keeps what is written", async () => {
  const drives = await openDrives([drive()], host);
  const disk = drives.disks.get("d");
  expect(disk?.sizeBytes).toBe(SIZE_BYTES);
  await disk?.write(512, [new Uint8Array(512).fill(2)]);
  await drives.close();
  expect(readdirSync(join(root, "a/b"))).toEqual(["top"]);
  expect(await firstByte()).toBe(2);
});

test("what a crash has left of the making is no obstacle", async () => {
  await openDrives([drive()], host).then((drives) => drives.close());
  rmSync(join(root, "a/b/top"));
  writeFileSync(join(root, "a/b/top.part"), "half");
  expect(await firstByte()).toBe(1);
});

test("without the image below, nothing is made", async () => {
  rmSync(join(root, "base"));
  await expect(openDrives([drive()], host)).rejects.toThrow(
    `Could not open '${join(root, "base")}': No such file or directory`,
  );
  expect(existsSync(join(root, "a/b/top"))).toBe(false);
});

test("over an image of the web, only what is read is downloaded, and writes stay here", async () => {
  writeFileSync(join(root, "base"), new Uint8Array(64 * MIB).fill(1));
  const server = await serveStatic(root, new Map());
  let askedBytes = 0;
  const web: WebHost = {
    ...fetchWeb,
    request(method, url, headers) {
      const [, start = 0, end = 0] = /(\d+)-(\d+)/.exec(headers["Range"] ?? "") ?? [];
      askedBytes += Number(end) + 1 - Number(start);
      return fetchWeb.request(method, url, headers);
    },
  };
  const withWeb = { ...host, web: { web, cache: null } };
  const backing = { driver: "raw", file: { driver: "http", url: `${server.origin}base` } };
  const image = { kind: "file", filename: join(root, "top"), backing } as const;
  const block = new Uint8Array(4096);
  const seen: (number | undefined)[] = [];
  for (const value of [7, 8]) {
    const drives = await openDrives([{ id: "d", image }], withWeb);
    const disk = drives.disks.get("d");
    for (const at of [0, 40 * MIB]) {
      await disk?.read(at, [block]);
      seen.push(block[0]);
    }
    await disk?.write(40 * MIB, [new Uint8Array(4096).fill(value)]);
    await drives.close();
  }
  server.close();
  expect(seen).toEqual([1, 1, 1, 7]);
  expect(askedBytes).toBeLessThan(MIB);
});
