import type { LoadedImage, LoadedImages } from "../protocol/machine-service.ts";
import { transfer } from "../protocol/rpc.ts";
import type { MachineHost } from "./host.ts";
import type { ImageSource, MachineConfig } from "./types.ts";

const ROLES = ["firmware", "kernel", "initrd"] as const;

/**
 * Reads all images of a configuration afresh.
 *
 * @returns images marked for transfer to a worker: they can be sent once
 * @throws VmError naming the image that cannot be read
 */
export async function loadImages(host: MachineHost, config: MachineConfig): Promise<LoadedImages> {
  const images: { -readonly [K in keyof LoadedImages]: LoadedImage } = {};
  await Promise.all(
    ROLES.map(async (role) => {
      const source = config[role];
      if (source !== undefined) images[role] = await loadImage(host, source);
    }),
  );
  return transfer(images, imageBuffers(images) as Transferable[]);
}

async function loadImage(host: MachineHost, source: ImageSource): Promise<LoadedImage> {
  return { name: source.name, bytes: await host.load(source) };
}

/** The buffers that move with the images. */
export function imageBuffers(images: LoadedImages): ArrayBufferLike[] {
  return ROLES.flatMap((role) => images[role]?.bytes.buffer ?? []);
}
