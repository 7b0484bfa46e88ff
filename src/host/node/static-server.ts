import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { parseRange } from "./byte-range.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

const HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

/** A server of this machine's own browser. */
export interface StaticServer {
  /** With a final slash. */
  readonly origin: string;
  close(): void;
}

/**
 * Serves a folder, and single files or bytes under names of their own, on a free port of the
 * loopback interface. Every page of it is cross-origin isolated.
 *
 * @param extra paths (without the leading slash) to files or bytes outside the folder
 */
export async function serveStatic(
  folder: string,
  extra: ReadonlyMap<string, string | Uint8Array>,
): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const name = normalize(path).replace(/^[/\\]+/, "");
    const target = extra.get(name) ?? join(folder, name);
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    const found = name.startsWith("..")
      ? Promise.resolve()
      : answer(target, type, request, response);
    found.catch(() => {}).finally(() => refuse(response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}/`, close: () => closeNow(server) };
}

function closeNow(server: ReturnType<typeof createServer>): void {
  server.close();
  server.closeAllConnections();
}

async function answer(
  target: string | Uint8Array,
  type: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (typeof target !== "string") {
    const headers = { ...HEADERS, "Content-Type": type, "Content-Length": target.length };
    response.writeHead(200, headers);
    response.end(target);
    return;
  }
  const info = await stat(target);
  if (!info.isFile()) return;
  const part = parseRange(request.headers.range, info.size);
  // The time says it of files that nobody else writes to meanwhile.
  const headers = { ...HEADERS, "Content-Type": type, ETag: `"${info.size}-${info.mtimeMs}"` };
  if (part === "unsatisfiable") {
    response.writeHead(416, { ...headers, "Content-Range": `bytes */${info.size}` }).end();
    return;
  }
  const { start, end } = part ?? { start: 0, end: info.size - 1 };
  const range = part === null ? {} : { "Content-Range": `bytes ${start}-${end}/${info.size}` };
  const length = end + 1 - start;
  response.writeHead(part === null ? 200 : 206, { ...headers, ...range, "Content-Length": length });
  if (length === 0) response.end();
  else await sendFile(target, { start, end }, response);
}

function sendFile(
  path: string,
  part: { readonly start: number; readonly end: number },
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const stream = createReadStream(path, part);
    stream.on("error", () => response.destroy());
    stream.on("close", () => resolve());
    stream.pipe(response);
  });
}

/** For all that was not answered. */
function refuse(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(404, HEADERS);
  response.end();
}
