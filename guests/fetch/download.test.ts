import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GuestError, NotFoundError } from "../errors.ts";
import { download, fetchBytes } from "./download.ts";
import { silent } from "./progress.ts";

const DATA = Buffer.alloc(300_000, "tabvisor ");
const EXPECTED = {
  sizeBytes: DATA.length,
  sha256: createHash("sha256").update(DATA).digest("hex"),
};
const FETCHER = { env: {}, progress: silent };

let directory = "";
let server: Server | null = null;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guests-download-"));
});
afterEach(() => {
  server?.close();
  server = null;
  rmSync(directory, { recursive: true });
});

async function serve(listener: RequestListener): Promise<URL> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}/file`);
}

test("a file is fetched once and then kept", async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    requests++;
    response.end(DATA);
  });
  const path = join(directory, "sub", "file");
  await download(url, path, EXPECTED, FETCHER);
  await download(url, path, EXPECTED, FETCHER);
  expect(readFileSync(path).equals(DATA)).toBe(true);
  expect(requests).toBe(1);
  expect(readdirSync(join(directory, "sub"))).toEqual(["file"]);
});

test("a kept file that was damaged is fetched anew", async () => {
  const url = await serve((_, response) => void response.end(DATA));
  const path = join(directory, "file");
  writeFileSync(path, Buffer.alloc(DATA.length));
  await download(url, path, EXPECTED, FETCHER);
  expect(readFileSync(path).equals(DATA)).toBe(true);
});

test.each([
  ["other bytes", Buffer.alloc(DATA.length)],
  ["more bytes", Buffer.concat([DATA, Buffer.of(0)])],
])("%s than the index describes are refused and not kept", async (_, served) => {
  const url = await serve((_request, response) => void response.end(served));
  const path = join(directory, "file");
  await expect(download(url, path, EXPECTED, FETCHER)).rejects.toThrow("signed index");
  expect(readdirSync(directory)).toEqual([]);
});

test("a connection that breaks off is tried again", async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    response.setHeader("content-length", DATA.length);
    if (requests++ === 0) {
      response.write(DATA.subarray(0, 1000), () => response.destroy());
    } else {
      response.end(DATA);
    }
  });
  await download(url, join(directory, "file"), EXPECTED, FETCHER);
  expect(requests).toBe(2);
});

test("a busy server is asked again, a missing file is not", async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    response.statusCode = requests++ === 0 ? 503 : 404;
    response.end();
  });
  await expect(fetchBytes(url, 100, {})).rejects.toBeInstanceOf(NotFoundError);
  expect(requests).toBe(2);
});

test("redirects are followed, but not in a circle", async () => {
  const url = await serve((request, response) => {
    const target = { "/file": "/there", "/there": null, "/loop": "/loop" }[request.url ?? ""];
    if (typeof target === "string") {
      response.writeHead(302, { location: target });
      response.end();
    } else {
      response.end("here");
    }
  });
  expect((await fetchBytes(url, 100, {})).toString()).toBe("here");
  await expect(fetchBytes(new URL("/loop", url), 100, {})).rejects.toThrow("redirects");
});

test("a file beyond its limit is refused", async () => {
  const url = await serve((_, response) => void response.end(DATA));
  await expect(fetchBytes(url, 1000, {})).rejects.toBeInstanceOf(GuestError);
});

test("requests go through the proxy with the whole address", async () => {
  const seen: string[] = [];
  const proxy = await serve((request, response) => {
    seen.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}`);
    response.end("through");
  });
  const env = { http_proxy: `http://me:secret@${proxy.host}` };
  const url = new URL("http://mirror.invalid/debian/x");
  expect((await fetchBytes(url, 100, env)).toString()).toBe("through");
  const credentials = Buffer.from("me:secret").toString("base64");
  expect(seen).toEqual([`http://mirror.invalid/debian/x Basic ${credentials}`]);
});

test("file: addresses work, and say what is missing", async () => {
  const path = join(directory, "here");
  writeFileSync(path, "bytes");
  expect((await fetchBytes(new URL(`file://${path}`), 100, {})).toString()).toBe("bytes");
  const missing = new URL(`file://${directory}/nothing`);
  await expect(fetchBytes(missing, 100, {})).rejects.toThrow("nothing does not exist");
  expect(existsSync(join(directory, "nothing"))).toBe(false);
});
