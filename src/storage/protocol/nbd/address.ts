import { StorageError } from "../../errors.ts";
import type { SocketAddress } from "../../ports.ts";

/** An export of an NBD server. */
export interface NbdAddress {
  readonly server: SocketAddress;
  /** Empty for the server's default. */
  readonly exportName: string;
}

const DEFAULT_PORT = 10_809;

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * `nbd:unix:PATH`, `nbd:HOST:PORT`, either with `:exportname=NAME`; or an address by the NBD URI
 * specification: `nbd://HOST:PORT/NAME`, `nbd+unix:///NAME?socket=PATH`.
 *
 * @throws StorageError EINVAL
 */
export function parseNbdName(name: string): NbdAddress {
  return name.includes("://") ? parseUri(name) : parseOldName(name);
}

function parseOldName(name: string): NbdAddress {
  const [place = "", exportName = ""] = name.slice("nbd:".length).split(":exportname=", 2);
  if (place.startsWith("unix:")) return { server: unix(place.slice("unix:".length)), exportName };
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(place);
  if (parts === null) throw invalid(`No valid URL specified`);
  const host = parts[1] ?? parts[2] ?? "";
  return { server: { kind: "tcp", host: host || "localhost", port: Number(parts[3]) }, exportName };
}

function parseUri(name: string): NbdAddress {
  const uri =
    /^nbd(\+tcp|\+unix)?:\/\/(?:\[([^\]]*)\]|([^:/?]*))(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/;
  const parts = uri.exec(name);
  if (parts === null) throw invalid("No valid URL specified");
  const [, transport, host6, host4, port, path = "", query = ""] = parts;
  const exportName = decode(path);
  const socket = /(?:^|&)socket=([^&]*)/.exec(query)?.[1];
  if (transport === "+unix") {
    if (socket === undefined || (host4 ?? "") !== "" || port !== undefined)
      throw invalid("No valid URL specified");
    return { server: unix(decode(socket)), exportName };
  }
  if (query !== "") throw invalid("No valid URL specified");
  const host = host6 ?? host4 ?? "";
  const server = {
    kind: "tcp" as const,
    host: host || "localhost",
    port: Number(port ?? DEFAULT_PORT),
  };
  return { server, exportName };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new StorageError("EINVAL", "No valid URL specified", error);
  }
}

function unix(path: string): SocketAddress {
  return { kind: "unix", path };
}

/** The address from options: `path`, or `host` and `port`; under `server` with a type. */
export function nbdFromOptions(option: (name: string) => string | undefined): NbdAddress {
  const exportName = option("export") ?? "";
  const path = option("server.path") ?? option("path");
  const host = option("server.host") ?? option("host");
  if (path !== undefined && host !== undefined)
    throw invalid("path and host may not be used at the same time");
  if (path !== undefined) return { server: unix(path), exportName };
  if (host === undefined) throw invalid("NBD server address missing");
  const port = option("server.port") ?? option("port") ?? String(DEFAULT_PORT);
  if (!/^\d+$/.test(port)) throw invalid("Parameter 'port' expects a number");
  return { server: { kind: "tcp", host, port: Number(port) }, exportName };
}

/** The address as a user reads it. */
export function nbdUri({ server, exportName }: NbdAddress): string {
  const name = exportName === "" ? "" : `/${exportName}`;
  if (server.kind === "unix") return `nbd+unix://${name}?socket=${server.path}`;
  return `nbd://${server.host}:${server.port}${name}`;
}
