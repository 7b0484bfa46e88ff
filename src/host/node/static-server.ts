import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

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
    const found = name.startsWith("..") ? Promise.resolve() : answer(target, type, response);
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
  response.writeHead(200, { ...HEADERS, "Content-Type": type, "Content-Length": info.size });
  await new Promise<void>((resolve) => {
    const stream = createReadStream(target);
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
