import { resolve } from "node:path";
import type { DriveConfig } from "../../api/types.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { nodeWebImages } from "../../host/node/web-images.ts";
import type { BlockOptions, DriveImage } from "../../protocol/drive-spec.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { pathOf, protocolOf } from "../../storage/graph/filename.ts";
import { ImageOpener, type OpenImage } from "../../storage/graph/opener.ts";
import type { OfferedFiles } from "./engine-images.ts";

/** A machine's drives for a page: images here are read over the web, what is written stays there. */
export interface OfferedDrives {
  readonly drives: readonly DriveConfig[];
  /** Lets go of the images, which nobody may write to meanwhile. */
  close(): Promise<void>;
}

/**
 * @param files what the server offers; the images are added
 * @param origin of the server, with a final slash
 * @throws VmError in QEMU's words for an image that cannot be opened
 */
export async function offerDrives(
  drives: readonly DriveConfig[],
  files: OfferedFiles,
  origin: string,
): Promise<OfferedDrives> {
  const opener = new ImageOpener(nodeFiles, () => {}, nodeWebImages);
  const open: OpenImage[] = [];
  const close = async (): Promise<void> => {
    for (const { node } of open.splice(0)) await node.close();
  };
  const offer = async (drive: DriveConfig): Promise<DriveConfig> => {
    if (drive.image === undefined) return drive;
    const image = await openRead(opener, drive, drive.image);
    open.push(image);
    const address = (path: string): string => {
      const name = `drives/${open.length}-${files.size}`;
      files.set(name, path);
      return origin + name;
    };
    const options = optionsOf(image, address);
    const isKept = drive.readOnly === true || drive.snapshot === true;
    return { ...drive, image: isKept ? { kind: "options", options } : overlay(drive.id, options) };
  };
  try {
    const offered: DriveConfig[] = [];
    for (const drive of drives) offered.push(await offer(drive));
    return { drives: offered, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openRead(
  opener: ImageOpener,
  { id, option = id }: DriveConfig,
  image: DriveImage,
): Promise<OpenImage> {
  if (image.kind === "bytes" || (image.kind === "file" && image.backing !== undefined)) {
    throw vmError("argumentUnsupported", `${option}: only images of this computer can be given`);
  }
  const { filename, format: driver } = image.kind === "file" ? image : {};
  const options = image.kind === "options" ? image.options : {};
  try {
    return await opener.open({ filename, driver, options: { ...options }, write: false });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw vmError("openFailed", `${option}: ${why}`, { cause });
  }
}

/** The image with all that it stands on, by addresses. */
function optionsOf(
  { driver, filename, backing }: OpenImage,
  address: (path: string) => string,
): BlockOptions {
  const below = backing === undefined ? {} : { backing: optionsOf(backing, address) };
  const scheme = protocolOf(filename);
  if (scheme?.startsWith("null-")) return { driver, file: { driver: scheme } };
  const isWeb = scheme === "http" || scheme === "https";
  const url = isWeb ? filename : address(resolve(pathOf(filename)));
  return { driver, file: { driver: isWeb ? scheme : "http", url }, ...below };
}

/** In the page's own files, which end with the browser. */
function overlay(id: string, backing: BlockOptions): DriveImage {
  return { kind: "file", filename: `/tmp/${id}.qcow2`, format: "qcow2", backing };
}
