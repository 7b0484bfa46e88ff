import { StorageError, errnoOf, strerror } from "../../errors.ts";
import type { ImageFile, OpenFileOptions } from "../../ports.ts";
import { FileNode } from "../../protocol/file-node.ts";
import { lockRefused } from "../access.ts";
import { pathOf } from "../filename.ts";
import { textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { switchOption } from "../option-values.ts";
import { demandKnown, described } from "./described.ts";

/** A file of the host. */
export async function openFile(nodes: NodeOpener, request: NodeRequest): Promise<OpenImage> {
  const { options, write } = request;
  const share = request.share === true || switchOption(options, "locking") === false;
  const driver = request.driver ?? textOf(options, "driver") ?? "file";
  const device = driver !== "file";
  demandKnown(options, driver, "protocol", ["aio", "locking", "drop-cache", "pr-manager"]);
  const path =
    request.filename === undefined ? textOf(options, "filename") : pathOf(request.filename);
  if (path === undefined || path === "")
    throw new StorageError("EINVAL", "The 'file' block driver requires a file name");
  const opened = await openPath(nodes, path, { write, share, ...(device && { device }) }, driver);
  try {
    const release = nodes.access.acquire(nodes.files.identity(path), { write, share }, path);
    const node = new FileNode(opened, !write, release);
    nodes.opened(path, node);
    return {
      node,
      driver,
      ...described(path, { driver, filename: path }),
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
  driver: string,
): Promise<ImageFile> {
  try {
    return await files.open(path, options);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EAGAIN") throw lockRefused(options.write, path);
    const { code } = error as { code?: unknown };
    // A directory can be opened for reading, only that it is no file.
    if (code === "ENODEV" || (errno === "EISDIR" && !options.write)) {
      const kind = options.device ? "either a character or block device" : "a regular file";
      throw new StorageError("EINVAL", `'${driver}' driver requires '${path}' to be ${kind}`);
    }
    throw new StorageError(errno, `Could not open '${path}': ${strerror(errno)}`, error);
  }
}
