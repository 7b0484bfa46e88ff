import type { BlockNode } from "../block-node.ts";
import { StorageError, errnoOf, strerror } from "../errors.ts";
import type { FileHost, SocketHost } from "../ports.ts";
import { FileNode } from "../protocol/file-node.ts";
import { lockRefused } from "./access.ts";
import { pathOf, protocolOf } from "./filename.ts";
import { ImageOpener } from "./opener.ts";

/** Where files for new images are made. */
export interface NewFileHost {
  readonly files: FileHost;
  /** For exports of NBD servers; null where there are none. */
  readonly sockets: SocketHost | null;
  report(message: string): void;
}

const SECTOR_BYTES = 512;

/** True when a name leads to an export of an NBD server: that is there, and as long as it is. */
export function isExport(name: string): boolean {
  return protocolOf(name)?.split("+")[0]?.toLowerCase() === "nbd";
}

/**
 * Creates or empties a file. Of an export the first sector is cleared, so that nothing is found in it.
 *
 * @throws StorageError with QEMU's words
 */
export async function createFile(host: NewFileHost, name: string): Promise<BlockNode> {
  if (isExport(name)) return clearExport(host, name);
  const scheme = protocolOf(name);
  if (scheme !== undefined && scheme !== "file")
    throw new StorageError("EINVAL", `Unknown protocol '${scheme}'`);
  const path = pathOf(name);
  try {
    return new FileNode(await host.files.open(path, { write: true, create: true }), false);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EAGAIN") throw lockRefused(true, path);
    throw new StorageError(errno, `Could not create '${path}': ${strerror(errno)}`, error);
  }
}

async function clearExport({ files, sockets, report }: NewFileHost, name: string) {
  const opener = new ImageOpener(files, report, null, { sockets });
  const { node } = await opener.open({ filename: name, driver: "nbd", write: true });
  try {
    await node.writeZeroes(0, Math.min(SECTOR_BYTES, node.sizeBytes));
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}

/** What was made of an image is taken away when it came to nothing: as in QEMU. */
export async function removeFile(files: FileHost, name: string): Promise<void> {
  if (isExport(name)) return;
  try {
    await files.remove(pathOf(name));
  } catch {
    // The reason why the image was not made is the one to tell.
  }
}
