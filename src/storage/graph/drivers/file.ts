import { StorageError, errnoOf, strerror } from "../../errors.ts";
import type { ImageFile, OpenFileOptions } from "../../ports.ts";
import { FileNode } from "../../protocol/file-node.ts";
import { lockRefused } from "../access.ts";
import { pathOf } from "../filename.ts";
import { textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { demandKnown, described } from "./described.ts";

/** A file of the host. */
export async function openFile(nodes: NodeOpener, request: NodeRequest): Promise<OpenImage> {
  const { options, write, share = false } = request;
  demandKnown(options, "file", "protocol", ["aio", "locking", "drop-cache", "pr-manager"]);
  const path =
    request.filename === undefined ? textOf(options, "filename") : pathOf(request.filename);
  if (path === undefined || path === "")
    throw new StorageError("EINVAL", "The 'file' block driver requires a file name");
  const opened = await openPath(nodes, path, { write, share });
  try {
    const release = nodes.access.acquire(nodes.files.identity(path), { write, share }, path);
    const node = new FileNode(opened, !write, release);
    return {
      node,
      driver: "file",
      ...described(path, { driver: "file", filename: path }),
      dataName: path,
      basePath: path,
      backing: undefined,
      probed: false,
      allocatedBytes: node.allocatedBytes(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openPath(
  { files }: NodeOpener,
  path: string,
  options: OpenFileOptions,
): Promise<ImageFile> {
  try {
    return await files.open(path, options);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EAGAIN") throw lockRefused(options.write, path);
    if (errno === "EISDIR") {
      throw new StorageError("EINVAL", `The 'file' driver requires '${path}' to be a regular file`);
    }
    throw new StorageError(errno, `Could not open '${path}': ${strerror(errno)}`, error);
  }
}
