import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import type { Environment } from "../cache/paths.ts";
import { errorCode, GuestError, NotFoundError } from "../errors.ts";
import { proxyAuthorization, proxyFor } from "./proxy.ts";

/** What an address holds. */
export interface Body {
  readonly stream: Readable;
  /** Bytes that will follow; null when the server does not say. */
  readonly length: number | null;
}

/** The server answered with a status that may be another one at the next try. */
export class BusyError extends GuestError {
  override readonly name = "BusyError";
}

/** A connection that is silent for this long counts as broken. */
const IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;
const RETRY_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Opens an http:, https: or file: address. Node's own fetch is not used: on Node 20 it knows no
 * proxy.
 *
 * @throws NotFoundError for a missing file, BusyError for a status worth another try, GuestError
 * for any other refusal, and Node's errors for a connection that fails
 */
export async function openUrl(url: URL, env: Environment): Promise<Body> {
  if (url.protocol === "file:") {
    return openFile(url);
  }
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(at, env);
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400 && response.headers.location !== undefined) {
      response.resume();
      at = new URL(response.headers.location, at);
      continue;
    }
    return bodyOf(response, status, at);
  }
  throw new GuestError(`${url.href} redirects more than ${MAX_REDIRECTS} times.`);
}

async function openFile(url: URL): Promise<Body> {
  const path = fileURLToPath(url);
  try {
    const { size } = await stat(path);
    return { stream: createReadStream(path), length: size };
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      throw new NotFoundError(`${path} does not exist.`);
    }
    throw error;
  }
}

function bodyOf(response: http.IncomingMessage, status: number, url: URL): Body {
  if (status === 200) {
    const length = response.headers["content-length"];
    return { stream: response, length: length === undefined ? null : Number(length) };
  }
  response.resume();
  if (status === 404 || status === 410) {
    throw new NotFoundError(`${url.href} does not exist (HTTP status ${status}).`);
  }
  const Kind = RETRY_STATUS.has(status) ? BusyError : GuestError;
  throw new Kind(`${url.href} was refused with HTTP status ${status}.`);
}

async function request(url: URL, env: Environment): Promise<http.IncomingMessage> {
  const proxy = proxyFor(url, env);
  const headers: Record<string, string> = { "user-agent": "tabvisor-guests", accept: "*/*" };
  if (url.protocol === "https:") {
    const socket = proxy === null ? null : await tunnel(proxy, url);
    const options = socket === null ? {} : { createConnection: () => secure(socket, url) };
    return answer(https.request(url, { headers, agent: false, ...options }));
  }
  if (url.protocol !== "http:") {
    throw new GuestError(`${url.href} is no http:, https: or file: address.`);
  }
  if (proxy === null) {
    return answer(http.request(url, { headers }));
  }
  // RFC 9112 §3.2.2: a request to a proxy carries the whole address.
  const authorization = proxyAuthorization(proxy);
  if (authorization !== null) {
    headers["proxy-authorization"] = authorization;
  }
  headers["host"] = url.host;
  return answer(http.request(proxy, { headers, path: url.href }));
}

function answer(outgoing: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.setTimeout(IDLE_MS, () => {
      outgoing.destroy(Object.assign(new Error("The server is silent"), { code: "ETIMEDOUT" }));
    });
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** RFC 9110 §9.3.6: a tunnel through the proxy to the server of `url`. */
function tunnel(proxy: URL, url: URL): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const authorization = proxyAuthorization(proxy);
  const headers: Record<string, string> = { host: target };
  if (authorization !== null) {
    headers["proxy-authorization"] = authorization;
  }
  return new Promise((resolve, reject) => {
    const outgoing = http.request(proxy, { method: "CONNECT", path: target, headers });
    outgoing.setTimeout(IDLE_MS, () => outgoing.destroy(new Error("The proxy is silent")));
    outgoing.on("connect", (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(
          new GuestError(
            `The proxy ${proxy.host} refuses ${target} (HTTP status ${response.statusCode}).`,
          ),
        );
      }
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function secure(socket: Socket, url: URL): tls.TLSSocket {
  return tls.connect({ socket, servername: url.hostname });
}
