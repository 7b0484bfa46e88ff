/** From a definition to what the embedding API builds. */
import { fastestAia } from "../../api/fastest-aia.ts";
import type { AiaKind, ImageSource, MachineConfig } from "../../api/types.ts";
import { bootWay } from "../command-line.ts";
import type { BootSource, DomainDefinition, ImageRef } from "../domain.ts";
import type { GuestFile, GuestManifest } from "../guest-manifest.ts";
import { efiFlash } from "./efi-flash.ts";
import { machineDisks } from "./machine-disks.ts";
import type { GuestCatalogue, ImageStore } from "./ports.ts";

type Images = Pick<MachineConfig, "firmware" | "kernel" | "initrd" | "append">;

/** What every domain gets besides the board's own devices: entropy, and a console with a size. */
const DEVICES = [{ kind: "virtio-rng" }, { kind: "virtio-console" }] as const;

/** Firmware for kernels that come without: OpenSBI out of this guest image. */
const FIRMWARE_GUEST = "shell";

/** Where images come from, and who wants to know how much of them has arrived (0 to 1). */
export interface ImageSources {
  readonly images: ImageStore;
  readonly guests: GuestCatalogue;
  readonly onProgress: (progress: number) => void;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** Reads all images. @throws VmError when one is missing */
export async function machineConfig(
  definition: DomainDefinition,
  sources: ImageSources,
): Promise<MachineConfig> {
  const { name, memoryBytes, vcpus, boot } = definition;
  const images =
    boot.kind === "guest" ? await guestImages(boot, sources) : await ownImages(boot, sources);
  const disks = await machineDisks(definition.disks ?? [], sources.guests);
  const efi =
    boot.kind === "files" && boot.efi ? await efiFlash(name, sources) : { drives: [], flash: [] };
  const drives = [...efi.drives, ...disks.drives];
  const devices = [...DEVICES, ...disks.devices];
  const machine = { name, memoryBytes, vcpus, aia: aiaOf(definition), flash: efi.flash };
  return { ...machine, devices, drives, ...images };
}

/** Built-in guests know AIA; of a user's own files nobody knows that. */
function aiaOf({ aia, boot, vcpus }: DomainDefinition): AiaKind {
  return aia ?? (boot.kind === "guest" ? fastestAia(vcpus) : "none");
}

type BootOf<Kind> = Extract<BootSource, { kind: Kind }>;

async function guestImages(boot: BootOf<"guest">, sources: ImageSources): Promise<Images> {
  const guest = await sources.guests.find(boot.guest);
  const way = bootWay(boot.commandLine, guest);
  const files = [way.firmware, way.kernel, way.initrd] as const;
  const load = loader(guest, files, sources);
  const [firmware, kernel, initrd] = await Promise.all([
    load(files[0]),
    load(files[1]),
    load(files[2]),
  ]);
  return { firmware, kernel, initrd, append: way.append };
}

async function ownImages(boot: BootOf<"files">, sources: ImageSources): Promise<Images> {
  const open = async (ref: ImageRef | undefined): Promise<ImageSource | undefined> =>
    ref && sources.images.open(ref);
  const firmware = (await open(boot.firmware)) ?? (await builtInFirmware(sources));
  const [kernel, initrd] = [await open(boot.kernel), await open(boot.initrd)];
  return { firmware, append: boot.append, ...(kernel && { kernel }), ...(initrd && { initrd }) };
}

async function builtInFirmware(sources: ImageSources): Promise<ImageSource> {
  const guest = await sources.guests.find(FIRMWARE_GUEST);
  const { firmware } = guest.boots.fast;
  return loader(guest, [firmware], sources)(firmware);
}

/** Loads files of one guest, and counts what has arrived of all of them together. */
function loader(guest: GuestManifest, files: readonly GuestFile[], sources: ImageSources) {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let arrived = 0;
  const onBytes = (count: number) => {
    arrived += count;
    if (total > 0) sources.onProgress(Math.min(1, arrived / total));
  };
  return (file: GuestFile) => sources.guests.load(guest, file, { onBytes, signal: sources.signal });
}
