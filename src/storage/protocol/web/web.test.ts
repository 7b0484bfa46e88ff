import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nodeDirectories } from "../../../host/node/directories.ts";
import { nodeFiles } from "../../../host/node/image-files.ts";
import { fetchWeb } from "../../../host/web/fetch-web.ts";
import { Xorshift } from "../../../util/xorshift.ts";
import { ImageOpener } from "../../graph/opener.ts";
import type { WebCacheHost } from "../../ports.ts";
import { BLOCK_BYTES } from "./block-loader.ts";
import { openWeb } from "./open-web.ts";
import { ReadAhead } from "./read-ahead.ts";

const SIZE = 8 * 2 ** 20 + 12_345;
const contents = new Uint8Array(SIZE);
const random = new Xorshift(3);
for (let i = 0; i < SIZE; i++) contents[i] = random.u32();

/** Answers instead of the server's usual self; false to leave it to that. */
type Special = (request: IncomingMessage, response: ServerResponse) => boolean;

let server: Server;
let url: string;
let special: Special;
let etag: string | null;
let ranges: (readonly [number, number])[];
let active: number;
let mostActive: number;
/** No waiting in tests. */
const web = { ...fetchWeb, sleep: () => Promise.resolve() };

function serve(request: IncomingMessage, response: ServerResponse): void {
  active++;
  mostActive = Math.max(mostActive, active);
  response.on("close", () => active--);
  if (special(request, response)) return;
  if (etag !== null) response.setHeader("ETag", etag);
  const condition = request.headers["if-range"];
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (match === null || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { "Content-Length": SIZE }).end(contents);
    return;
  }
  const [start, end] = [Number(match[1]), Math.min(Number(match[2]), SIZE - 1)];
  if (end > 0) ranges.push([start, end]);
  response.writeHead(206, { "Content-Range": `bytes ${start}-${end}/${SIZE}` });
  setTimeout(() => response.end(contents.subarray(start, end + 1)), 2);
}

const loaded = (): number => ranges.reduce((sum, [start, end]) => sum + end + 1 - start, 0);

beforeAll(async () => {
  server = createServer(serve);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.raw`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  special = () => false;
  etag = '"one"';
  ranges = [];
  active = 0;
  mostActive = 0;
});

const open = (cache: WebCacheHost | null = null) => openWeb({ web, cache }, url, false);

async function readAt(
  node: { read(offset: number, segments: Uint8Array[]): unknown },
  offset: number,
  length: number,
): Promise<boolean> {
  const bytes = new Uint8Array(length);
  await node.read(offset, [bytes.subarray(0, 7), bytes.subarray(7)]);
  return bytes.every((byte, i) => byte === contents[offset + i]);
}

describe("an image on a web server", () => {
  test("is read in parts, the end too", async () => {
    const node = await open();
    expect([node.driver, node.sizeBytes, node.readOnly]).toEqual(["http", SIZE, true]);
    for (const [offset, length] of [
      [0, 512],
      [BLOCK_BYTES - 10, 20],
      [SIZE - 100, 100],
      [1_000_000, 3_000_000],
    ] as const) {
      expect(await readAt(node, offset, length)).toBe(true);
    }
    expect(() => node.read(SIZE - 9, [new Uint8Array(10)])).toThrow("Invalid argument");
    await node.close();
  });

  test("only what is read is downloaded, and once", async () => {
    const node = await open();
    for (let i = 0; i < 3; i++) await readAt(node, 5_000_000, 4096);
    expect(loaded()).toBe(BLOCK_BYTES);
    await Promise.all([readAt(node, 100, 4096), readAt(node, 5000, 4096)]);
    expect(loaded()).toBe(2 * BLOCK_BYTES);
  });

  test("a long read is few requests, and not too many at the same time", async () => {
    const node = await open();
    await readAt(node, 0, SIZE);
    expect(ranges.length).toBe(Math.ceil(SIZE / BLOCK_BYTES / 32));
    const other = await open();
    const reads = Array.from({ length: 30 }, (_, i) => readAt(other, i * 2 * BLOCK_BYTES, 10));
    expect((await Promise.all(reads)).every(Boolean)).toBe(true);
    expect(mostActive).toBeLessThanOrEqual(4);
  });

  test("a sequential reader finds more and more there already", async () => {
    const node = await open();
    for (let at = 0; at < SIZE - 65_536; at += 65_536) await readAt(node, at, 65_536);
    expect(ranges.length).toBeLessThan(SIZE / BLOCK_BYTES / 3);
    expect(loaded()).toBeLessThanOrEqual(SIZE);
  });

  test("that changes is an error, never mixed data", async () => {
    const node = await open();
    await readAt(node, 0, 100);
    etag = '"two"';
    const changed = `'${url}' has changed on the server since it was opened`;
    await expect(readAt(node, 1_000_000, 100)).rejects.toMatchObject({
      code: "EIO",
      message: changed,
    });
    // A server that knows no conditions.
    special = ({ headers }) => {
      delete headers["if-range"];
      return false;
    };
    await expect(readAt(node, 1_000_000, 100)).rejects.toThrow(changed);
    expect(await readAt(node, 0, 100)).toBe(true);
  });

  test("is asked for again when the server stumbles", async () => {
    const node = await open();
    let stumbles = 0;
    special = (_request, response) => {
      stumbles++;
      if (stumbles === 1) response.writeHead(503).end();
      else if (stumbles === 2) response.destroy();
      else return false;
      return true;
    };
    expect(await readAt(node, 0, 100)).toBe(true);
    expect(stumbles).toBe(3);
    special = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    await expect(readAt(node, 2_000_000, 100)).rejects.toThrow(
      `'${url}': The requested URL returned error: 500`,
    );
  });

  test("answers that are cut short are not taken", async () => {
    const node = await open();
    let cuts = 0;
    special = ({ headers }, response) => {
      if (cuts++ > 0) return false;
      response.writeHead(206, { ETag: '"one"', "Content-Range": `bytes 0-131071/${SIZE}` });
      response.end(contents.subarray(0, 1000));
      return headers.range === "bytes=0-131071";
    };
    expect(await readAt(node, 0, 100)).toBe(true);
  });

  test("of a server without ranges is loaded as a whole, if it is small", async () => {
    special = ({ headers }) => {
      delete headers.range;
      return false;
    };
    const node = await open();
    expect(await readAt(node, 4_000_000, 1_000_000)).toBe(true);
    special = (_request, response) => {
      response.writeHead(200, { "Content-Length": 2 ** 30 }).write("x");
      return true;
    };
    await expect(open()).rejects.toThrow(
      "CURL: Error opening file: Server does not support 'range' (byte ranges).",
    );
  });

  test("that is not there, or shall be written, is refused in QEMU's words", async () => {
    special = (_request, response) => {
      response.writeHead(404).end();
      return true;
    };
    await expect(open()).rejects.toThrow(
      "CURL: Error opening file: The requested URL returned error: 404",
    );
    const opener = new ImageOpener(nodeFiles, () => {});
    await expect(opener.open({ filename: url, write: false })).rejects.toThrow(
      "Unknown protocol 'http'",
    );
    const withWeb = new ImageOpener(nodeFiles, () => {}, { web, cache: null });
    await expect(withWeb.open({ filename: url, write: true })).rejects.toThrow(
      "curl driver does not support writes",
    );
  });

  test("is opened by QEMU's names", async () => {
    const opener = new ImageOpener(nodeFiles, () => {}, { web, cache: null });
    const names = [url, `json:{"driver":"raw","file":{"driver":"http","url":"${url}"}}`];
    for (const filename of names) {
      const { node } = await opener.open({ filename, driver: undefined, write: false });
      expect(await readAt(node, 77, 5000)).toBe(true);
    }
  });
});

describe("blocks that are kept between runs", () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "tabvisor-web-"));
  });
  afterEach(() => rmSync(path, { recursive: true }));

  const cache = (limitBytes = 2 ** 30): WebCacheHost => {
    return { files: nodeFiles, directories: nodeDirectories, path, limitBytes: () => limitBytes };
  };
  const file = (): string => join(path, readdirSync(path)[0] as string);

  async function readAll(host: WebCacheHost): Promise<void> {
    const node = await open(host);
    for (let at = 0; at < SIZE; at += 500_000) {
      expect(await readAt(node, at, Math.min(500_000, SIZE - at))).toBe(true);
    }
    await node.close();
  }

  test("are not loaded again", async () => {
    await readAll(cache());
    ranges = [];
    await readAll(cache());
    expect(ranges).toEqual([]);
  });

  test("are loaded again when the resource is another one", async () => {
    await readAll(cache());
    etag = '"two"';
    ranges = [];
    await readAll(cache());
    expect(loaded()).toBe(SIZE);
  });

  test("that a crash spoilt are not used", async () => {
    await readAll(cache());
    const bytes = readFileSync(file());
    // An entry of the table, and a block.
    bytes[4096 + 5 * 16] = 99;
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] as number) ^ 1;
    writeFileSync(file(), bytes);
    ranges = [];
    await readAll(cache());
    expect(ranges.length).toBe(2);
    writeFileSync(file(), bytes.subarray(0, 3000));
    await readAll(cache());
  });

  test("are shared with those who come while one writes them", async () => {
    const first = await open(cache());
    await readAt(first, 0, 100);
    ranges = [];
    const second = await open(cache());
    expect(await readAt(second, 0, 100)).toBe(true);
    expect(ranges).toEqual([]);
    expect(await readAt(second, 3_000_000, 100)).toBe(true);
    await second.close();
    await first.close();
  });

  test("stay within their bounds: those used last remain", async () => {
    const limit = 10 * BLOCK_BYTES;
    const host = cache(limit);
    const node = await open(host);
    for (let at = 0; at < 30; at++) await readAt(node, at * 2 * BLOCK_BYTES, 10);
    await node.close();
    expect(statSync(file()).size).toBeLessThanOrEqual(limit + 8192);
    ranges = [];
    const again = await open(host);
    await readAt(again, 29 * 2 * BLOCK_BYTES, 10);
    expect(ranges).toEqual([]);
    await again.close();
    // Another resource takes the room of the first.
    etag = '"two"';
    await readAll(host);
    expect(readdirSync(path).length).toBe(1);
  });
});

test("streams are told apart, and random reads load nothing ahead", () => {
  const ahead = new ReadAhead(32);
  const counts = [10, 500, 11, 501, 12, 502].map((block) => ahead.read(block, block).count);
  expect(counts).toEqual([0, 0, 1, 1, 2, 2]);
  expect([900, 30, 700, 3, 650].map((block) => ahead.read(block, block).count)).toEqual([
    0, 0, 0, 0, 0,
  ]);
});
