/** `<os firmware='efi'>`: UEFI firmware in the flash, and the domain's own variables. */
import type { DriveConfig, ImageSource, MachineConfig } from "../../api/types.ts";
import type { GuestFile } from "../guest-manifest.ts";
import type { GuestCatalogue, ImageStore } from "./ports.ts";

export interface EfiSources {
  readonly guests: Pick<GuestCatalogue, "efi" | "load">;
  readonly images: Pick<ImageStore, "persistent">;
  readonly onProgress: (progress: number) => void;
  readonly signal: AbortSignal;
}

/** Where libvirt keeps a domain's variables. */
export function nvramPath(domain: string): string {
  return `/var/lib/libvirt/qemu/nvram/${domain}_VARS.fd`;
}

/**
 * The variables' file is made when it is missing; where the browser keeps nothing they last as long as
 * the machine.
 *
 * @param name the domain's
 * @throws VmError when the firmware cannot be loaded
 */
export async function efiFlash(
  name: string,
  { guests, images, signal, onProgress }: EfiSources,
): Promise<Required<Pick<MachineConfig, "drives" | "flash">>> {
  const efi = await guests.efi();
  const total = efi.code.sizeBytes + efi.vars.sizeBytes;
  let arrived = 0;
  const onBytes = (count: number): void => onProgress(Math.min(1, (arrived += count) / total));
  const load = async (file: GuestFile): Promise<Uint8Array> =>
    bytesOf(await guests.load(efi, file, { onBytes, signal }));
  const [code, vars] = await Promise.all([load(efi.code), load(efi.vars)]);
  const filename = nvramPath(name);
  const nvram: DriveConfig["image"] = images.persistent
    ? { kind: "file", filename, format: "raw", template: vars }
    : { kind: "bytes", name: filename, format: "raw", bytes: vars };
  return {
    drives: [
      {
        id: "pflash0",
        image: { kind: "bytes", name: efi.code.path, format: "raw", bytes: code },
        readOnly: true,
      },
      { id: "pflash1", image: nvram, option: "nvram" },
    ],
    flash: [
      { unit: 0, drive: "pflash0" },
      { unit: 1, drive: "pflash1" },
    ],
  };
}

async function bytesOf(source: ImageSource): Promise<Uint8Array> {
  if (source.kind === "bytes") return source.bytes;
  const blob = source.kind === "blob" ? source.blob : await (await fetch(source.url)).blob();
  return new Uint8Array(await blob.arrayBuffer());
}
