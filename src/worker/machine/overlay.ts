import type { BlockOptions } from "../../protocol/drive-spec.ts";
import type { BlockNode } from "../../storage/block-node.ts";
import { createImage } from "../../storage/graph/creator.ts";
import type { ImageOpener } from "../../storage/graph/opener.ts";
import { StorageError } from "../../storage/errors.ts";
import type { DriveHost } from "./open-drives.ts";

/**
 * Opens a qcow2 image over another one. It is made, empty, when it is not there.
 *
 * @throws StorageError in QEMU's words
 */
export async function openOverlay(
  filename: string,
  backing: BlockOptions,
  write: boolean,
  opener: ImageOpener,
  host: DriveHost,
): Promise<BlockNode> {
  const { files } = host;
  if (files !== null && !(await files.exists(filename))) {
    await makeOverlay(filename, backing, opener, host);
  }
  const file = { driver: "file", filename };
  const options = { driver: "qcow2", file, backing: backing };
  return (await opener.open({ options, write })).node;
}

/** Under another name first: a crash leaves no half of an image. */
async function makeOverlay(
  filename: string,
  backing: BlockOptions,
  opener: ImageOpener,
  { files, directories, warn }: DriveHost,
): Promise<void> {
  if (files === null || directories === null) throw new StorageError("ENOTSUP");
  const below = await opener.open({ options: backing, write: false });
  const { sizeBytes } = below.node;
  await below.node.close();
  const part = `${filename}.part`;
  const slash = filename.lastIndexOf("/");
  if (slash > 0) await directories.mkdir(filename.slice(0, slash), { recursive: true });
  await createImage(files, {
    filename: part,
    format: "qcow2",
    sizeBytes,
    options: new Map([
      ["backing_file", nameOf(backing)],
      ["backing_fmt", typeof backing["driver"] === "string" ? backing["driver"] : "raw"],
    ]),
    nowMs: 0,
    report: warn,
  });
  await directories.rename(part, filename);
}

/** The name of a backing image as it stands in the one above: plain where it can be. */
function nameOf(backing: BlockOptions): string {
  const { driver, file, ...rest } = backing;
  if (typeof file === "object" && Object.keys(rest).length === 0) {
    const { driver: protocol, filename, url, ...more } = file;
    const name = protocol === "file" ? filename : url;
    if (typeof name === "string" && Object.keys(more).length === 0) return name;
  }
  return `json:${JSON.stringify({ driver, file, ...rest })}`;
}
