import type { LoadedImage, LoadedImages } from "../protocol/machine-service.ts";
import { transfer } from "../protocol/rpc.ts";
import type { LoadControl, MachineHost } from "./host.ts";
import type { ImageSource, LoadProgress, MachineConfig } from "./types.ts";

const ROLES = ["firmware", "kernel", "initrd"] as const;

/** Follows the loading of all images of a machine. */
export interface ImagesControl {
  readonly signal: AbortSignal;
  /** Called once it is known how large all of them are. */
  onProgress(progress: LoadProgress): void;
}

/**
 * Reads all images of a configuration afresh.
 *
 * @returns images marked for transfer to a worker: they can be sent once
 * @throws VmError naming the image that cannot be read
 */
export async function loadImages(
  host: MachineHost,
  config: MachineConfig,
  control?: ImagesControl,
): Promise<LoadedImages> {
  const sources = ROLES.flatMap((role) => {
    const source = config[role];
    return source === undefined ? [] : [{ role, source }];
  });
  const parts = sources.map(() => UNKNOWN);
  const images: { -readonly [K in keyof LoadedImages]: LoadedImage } = {};
  await Promise.all(
    sources.map(async ({ role, source }, at) => {
      images[role] = await loadImage(host, source, control && partOf(control, parts, at));
    }),
  );
  return transfer(images, imageBuffers(images) as Transferable[]);
}

async function loadImage(
  host: MachineHost,
  source: ImageSource,
  control: LoadControl | undefined,
): Promise<LoadedImage> {
  if (source.kind === "url" && source.sizeBytes !== undefined) {
    control?.onBytes(0, source.sizeBytes);
  }
  const bytes = await host.load(source, control);
  control?.onBytes(bytes.length, bytes.length);
  return { name: source.name, bytes };
}

interface Part {
  readonly done: number;
  readonly total: number | null;
}

const UNKNOWN: Part = { done: 0, total: null };

/** One image's share of what is told of all. */
function partOf({ signal, onProgress }: ImagesControl, parts: Part[], at: number): LoadControl {
  return {
    signal,
    onBytes: (done, total) => {
      parts[at] = { done, total };
      let [doneBytes, totalBytes] = [0, 0];
      for (const part of parts) {
        if (part.total === null) return;
        doneBytes += part.done;
        totalBytes += part.total;
      }
      onProgress({ doneBytes, totalBytes });
    },
  };
}

/** The buffers that move with the images. */
export function imageBuffers(images: LoadedImages): ArrayBufferLike[] {
  return ROLES.flatMap((role) => images[role]?.bytes.buffer ?? []);
}
