/** Serves built guests under guests/NAME/, as a static host would that knows their encodings. */
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Connect, Plugin } from "vite";
import { parseRange } from "../../src/host/node/byte-range.ts";

const PREFIX = "/guests/";
/** A list of the guests that are there. */
const INDEX = "index.json";
/** In the order of preference. */
const ENCODINGS = ["br", "gzip"] as const;

/** What is used of the guests' room, which is compiled by itself. */
interface GuestRoom {
  readGuest(name: string): BuiltGuest | null;
  listGuests(): readonly { readonly name: string; readonly isFirmware: boolean }[];
}

interface BuiltGuest {
  readonly directory: string;
  readonly manifest: { readonly files: Readonly<Record<string, ServedFile>> };
}

interface ServedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly encodings: readonly { readonly encoding: string; readonly path: string }[];
}

/** Vite plugin: the guests of this machine's cache, in development and in preview. */
export function serveGuests(root: string): Plugin {
  const middleware = guestMiddleware(root);
  return {
    name: "tabvisor:guests",
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}

function guestMiddleware(root: string): Connect.NextHandleFunction {
  return (request, response, next) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (!path.startsWith(PREFIX)) return next();
    const [name = "", ...rest] = path.slice(PREFIX.length).split("/");
    serve(root, { name, file: rest.join("/") }, request, response).catch(next);
  };
}

interface Wanted {
  readonly name: string;
  readonly file: string;
}

async function serve(
  root: string,
  wanted: Wanted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (wanted.name === INDEX) return sendJson(response, JSON.stringify(await builtNames(root)));
  const guest = await findGuest(root, wanted.name);
  if (guest === null) return refuse(response, `guest ${wanted.name} is not built`);
  if (wanted.file === "manifest.json") {
    return sendJson(response, await readFile(join(guest.directory, "manifest.json")));
  }
  // Only files that the manifest names: the rest of the address is the visitor's own invention.
  const file = Object.values(guest.manifest.files).find(({ path }) => path === wanted.file);
  if (file === undefined) return refuse(response, `guest ${wanted.name} has no such file`);
  send(guest.directory, file, request, response);
}

function sendJson(response: ServerResponse, json: string | Uint8Array): void {
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Cache-Control", "no-cache");
  response.end(json);
}

async function guestRoom(root: string): Promise<GuestRoom | null> {
  const room = join(root, "dist/guests/index.js");
  if (!existsSync(room)) return null;
  return (await import(pathToFileURL(room).href)) as GuestRoom;
}

/** Names of the guests that are in the cache and can be booted. */
async function builtNames(root: string): Promise<readonly string[]> {
  const room = await guestRoom(root);
  const guests = room?.listGuests().filter(({ isFirmware }) => !isFirmware) ?? [];
  return guests.map(({ name }) => name).filter((name) => room?.readGuest(name));
}

async function findGuest(root: string, name: string): Promise<BuiltGuest | null> {
  const guests = await guestRoom(root);
  try {
    return guests?.readGuest(name) ?? null;
  } catch {
    // No recipe has this name.
    return null;
  }
}

function send(
  directory: string,
  file: ServedFile,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const tag = `"${file.sha256.slice(0, 32)}"`;
  response.setHeader("ETag", tag);
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("Vary", "Accept-Encoding");
  response.setHeader("Content-Type", "application/octet-stream");
  if (request.headers["if-none-match"] === tag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const accepted = request.headers["accept-encoding"] ?? "";
  const encoding = ENCODINGS.find(
    (name) => accepted.includes(name) && file.encodings.some((row) => row.encoding === name),
  );
  if (encoding !== undefined) response.setHeader("Content-Encoding", encoding);
  const row = file.encodings.find((candidate) => candidate.encoding === encoding);
  // Of a disk, parts are asked for; it has no encodings.
  const range = row === undefined ? parseRange(request.headers.range, file.sizeBytes) : null;
  if (range === "unsatisfiable") {
    response.statusCode = 416;
    response.setHeader("Content-Range", `bytes */${file.sizeBytes}`);
    response.end();
    return;
  }
  response.setHeader("Accept-Ranges", row === undefined ? "bytes" : "none");
  if (range !== null) {
    response.statusCode = 206;
    response.setHeader("Content-Range", `bytes ${range.start}-${range.end}/${file.sizeBytes}`);
  }
  const stream = createReadStream(join(directory, row?.path ?? file.path), range ?? {});
  stream.on("error", () => response.destroy());
  stream.pipe(response);
}

function refuse(response: ServerResponse, why: string): void {
  response.statusCode = 404;
  response.setHeader("Content-Type", "text/plain");
  response.end(`${why}\n`);
}
