import { StorageError, errnoOf, strerror } from "../../errors.ts";
import type { ByteStream, SocketAddress } from "../../ports.ts";
import {
  type NbdAddress,
  nbdFromOptions,
  nbdUri,
  parseNbdName,
} from "../../protocol/nbd/address.ts";
import { NbdNode } from "../../protocol/nbd/nbd-node.ts";
import { ExportFlag, type NbdExport, negotiate } from "../../protocol/nbd/negotiate.ts";
import { type ImageOptions, childOptions, textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { demandKnown, described } from "./described.ts";

const KNOWN = ["server", "host", "port", "path", "export", "tls-creds", "reconnect-delay"];

/** An export of an NBD server. */
export async function openNbd(nodes: NodeOpener, request: NodeRequest): Promise<OpenImage> {
  const { options, write } = request;
  demandKnown(options, "nbd", "protocol", KNOWN);
  const address = addressOf(request);
  const stream = await connect(nodes, address.server);
  try {
    const found = await negotiate(stream, address.exportName);
    const readOnly = readOnlyOf(found, write, options);
    return opened(new NbdNode(stream, found, readOnly), address);
  } catch (error) {
    stream.close();
    throw error;
  }
}

function addressOf({ filename, options }: NodeRequest): NbdAddress {
  const name = filename ?? textOf(options, "filename");
  if (name !== undefined) return parseNbdName(name);
  return nbdFromOptions((key) => {
    const [child = "", inner] = key.split(".");
    return inner === undefined
      ? textOf(options, child)
      : textOf(childOptions(options, child), inner);
  });
}

async function connect({ sockets }: NodeOpener, server: SocketAddress): Promise<ByteStream> {
  if (sockets === null) throw new StorageError("EINVAL", "Unknown protocol 'nbd'");
  const place = server.kind === "unix" ? server.path : `${server.host}:${server.port}`;
  try {
    return await sockets.connect(server);
  } catch (error) {
    const errno = errnoOf(error);
    throw new StorageError(errno, `Failed to connect to '${place}': ${strerror(errno)}`, error);
  }
}

function readOnlyOf({ flags }: NbdExport, write: boolean, options: ImageOptions): boolean {
  if ((flags & ExportFlag.readOnly) === 0) return !write;
  if (write && textOf(options, "auto-read-only") !== "on")
    throw new StorageError("EACCES", "Could not open image: Permission denied");
  return true;
}

function opened(node: NbdNode, address: NbdAddress): OpenImage {
  const { server, exportName } = address;
  const where =
    server.kind === "unix"
      ? { type: "unix", path: server.path }
      : { type: "inet", host: server.host, port: String(server.port) };
  const uri = nbdUri(address);
  return {
    node,
    driver: "nbd",
    ...described(uri, {
      driver: "nbd",
      server: where,
      ...(exportName !== "" && { export: exportName }),
    }),
    dataName: uri,
    basePath: undefined,
    backing: undefined,
    probed: false,
    allocatedBytes: undefined,
  };
}
