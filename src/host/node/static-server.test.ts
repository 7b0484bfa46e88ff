import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveStatic, type StaticServer } from "./static-server.ts";

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabvisor-static-"));
  await writeFile(join(folder, "page.html"), "<p>page");
  await writeFile(join(folder, "kernel"), "outside");
  const extra = new Map<string, string | Uint8Array>([
    ["images/kernel", join(folder, "kernel")],
    ["images/bytes", Uint8Array.of(1, 2, 3)],
  ]);
  server = await serveStatic(folder, extra);
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** The status of a request whose path no client has tidied up. */
function statusOf(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("serves pages that are cross-origin isolated", async () => {
  const response = await fetch(`${server.origin}page.html`);
  expect(await response.text()).toBe("<p>page");
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
});

test("serves files and bytes under their own names", async () => {
  expect(await (await fetch(`${server.origin}images/kernel`)).text()).toBe("outside");
  const bytes = await (await fetch(`${server.origin}images/bytes`)).arrayBuffer();
  expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3]);
});

test("serves parts of files, and says when a file is another one", async () => {
  const part = (range: string) =>
    fetch(`${server.origin}images/kernel`, { headers: { Range: range } });
  const response = await part("bytes=3-5");
  expect([response.status, response.headers.get("content-range")]).toEqual([206, "bytes 3-5/7"]);
  expect(await response.text()).toBe("sid");
  expect((await part("bytes=7-")).status).toBe(416);
  const etag = response.headers.get("etag");
  await writeFile(join(folder, "kernel"), "outsider");
  expect((await part("bytes=0-0")).headers.get("etag")).not.toBe(etag);
  await writeFile(join(folder, "kernel"), "outside");
});

test.each([
  "/missing",
  "/../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2fetc/passwd",
  "/",
])("%s is not found", async (path) => {
  expect(await statusOf(path)).toBe(404);
});
