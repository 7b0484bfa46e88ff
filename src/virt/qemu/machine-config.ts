/** From a definition to what the embedding API builds. */
import type { ImageSource, MachineConfig } from "../../api/types.ts";
import { bootWay } from "../command-line.ts";
import type { BootSource, DomainDefinition, ImageRef } from "../domain.ts";
import type { GuestCatalogue, ImageStore } from "./ports.ts";

type Images = Pick<MachineConfig, "firmware" | "kernel" | "initrd" | "append">;

/** Firmware for kernels that come without: OpenSBI out of this guest image. */
const FIRMWARE_GUEST = "shell";

/** @throws VmError when an image is missing */
export async function machineConfig(
  { name, memoryBytes, vcpus, boot }: DomainDefinition,
  images: ImageStore,
  guests: GuestCatalogue,
): Promise<MachineConfig> {
  return { name, memoryBytes, vcpus, ...(await bootImages(boot, images, guests)) };
}

async function bootImages(
  boot: BootSource,
  images: ImageStore,
  guests: GuestCatalogue,
): Promise<Images> {
  if (boot.kind === "guest") {
    const guest = await guests.find(boot.guest);
    const { firmware, kernel, initrd, append } = bootWay(boot.commandLine, guest);
    return {
      firmware: guests.source(guest, firmware),
      kernel: guests.source(guest, kernel),
      initrd: guests.source(guest, initrd),
      append,
    };
  }
  const open = async (ref: ImageRef | undefined): Promise<ImageSource | undefined> =>
    ref && images.open(ref);
  const builtIn = async () => {
    const guest = await guests.find(FIRMWARE_GUEST);
    return guests.source(guest, guest.boots.fast.firmware);
  };
  const firmware = (await open(boot.firmware)) ?? (await builtIn());
  const [kernel, initrd] = [await open(boot.kernel), await open(boot.initrd)];
  return {
    firmware,
    append: boot.append,
    ...(kernel && { kernel }),
    ...(initrd && { initrd }),
  };
}
