/** What the board tells firmware over fw_cfg. */
import { fwCfgItems } from "../device/fw-cfg/items.ts";
import type { FirmwareFile } from "../protocol/machine-service.ts";
import type { BootImages } from "./boot.ts";
import type { MachineShape } from "./memory-plan.ts";

/** Entries of the fw_cfg device by their selector values. */
export function fwCfgContents(
  { ramBytes, harts, flash = [] }: MachineShape,
  { kernel, initrd, append = "" }: BootImages,
  files: readonly FirmwareFile[],
): ReadonlyMap<number, Uint8Array> {
  // Copies: images are given back when they have been loaded.
  const images = flash.includes(0)
    ? {
        ...(kernel && { kernel: kernel.bytes.slice() }),
        ...(initrd && { initrd: initrd.bytes.slice() }),
        append,
      }
    : {};
  const named = new Map(files.map(({ name, bytes }) => [name, bytes]));
  return fwCfgItems({ ramBytes, harts, ...images, files: named });
}
