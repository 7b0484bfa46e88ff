/** From what was chosen to volumes and definitions. */
import type { MachinePlan, PlannedVolume } from "../../virt/manager/create-machine.ts";
import { BOOT_POOL, DEFAULT_POOL, type PoolPlace } from "../../virt/manager/ensure-pool.ts";
import type { Content } from "../../virt/manager/upload-stream.ts";
import { type NewBoot, type NewDisk, newDomain } from "../../virt/manager/new-domain.ts";
import { newVolume } from "../../virt/manager/new-volume.ts";
import { guestBoot, guestVolume, isInstaller, SERVED_OS } from "../../virt/manager/served-guest.ts";
import { servedGuestName } from "../../virt/served-path.ts";
import type { XmlElement } from "../../virt/xml/element.ts";
import { fileContent } from "../common/file-content.ts";
import { webContent } from "../common/web-image.ts";
import type { Around } from "./around.ts";
import {
  bringsDisk,
  type ChosenVolume,
  chosenDisk,
  isCd,
  type LocalFile,
  type Settled,
  wantedBytes,
} from "./draft.ts";
import { type ImageKind, imageFileName } from "../common/image-kind.ts";
import { webAddress } from "./problems.ts";

/** A volume and the part that it has in the machine. */
interface Part extends PlannedVolume {
  readonly role: "disk" | "cdrom" | "kernel" | "initrd";
  readonly format: string;
}

const MIB = 2 ** 20;

/**
 * What is to be done for a draft without problems.
 *
 * @param uuid of the new machine
 */
export function planOf(settled: Settled, around: Around, uuid: string): MachinePlan {
  const parts = partsOf(settled, around);
  return {
    volumes: parts,
    starts: settled.starts && !settled.customizes,
    define: (paths) => {
      const made = new Map(
        parts.map(({ role, format }, at) => [role, { path: paths[at] ?? "", format }]),
      );
      return definitionsOf(settled, around, uuid, made);
    },
  };
}

type Made = ReadonlyMap<Part["role"], { readonly path: string; readonly format: string }>;

function partsOf(settled: Settled, around: Around): Part[] {
  switch (settled.source) {
    case "guest":
      return settled.medium === "disk" ? guestDisk(settled) : newDisk(settled);
    case "file":
      return settled.image ? filePart(settled, settled.image) : [];
    case "url":
      return webPart(settled, around);
    case "import":
      return newDisk(settled);
    case "kernel":
      return [...newDisk(settled), ...bootFiles(settled)];
  }
}

/** The chosen pool; the default one is made where it is missing. */
function place({ pool }: Settled): PoolPlace {
  return pool === DEFAULT_POOL.name ? DEFAULT_POOL : { name: pool };
}

function guestDisk(settled: Settled): Part[] {
  const { guest, name } = settled;
  if (!guest) return [];
  const bytes = wantedBytes(settled);
  return [
    {
      role: "disk",
      format: "qcow2",
      pool: place(settled),
      name: `${name}.qcow2`,
      xml: (free) => guestVolume(guest, free) ?? emptyVolume(free, 0),
      ...(bytes !== undefined && { leastBytes: bytes }),
    },
  ];
}

function newDisk(settled: Settled): Part[] {
  if (bringsDisk(settled) || settled.storage !== "new") return [];
  const bytes = wantedBytes(settled) ?? 0;
  return [
    {
      role: "disk",
      format: "qcow2",
      pool: place(settled),
      name: `${settled.name}.qcow2`,
      xml: (free) => emptyVolume(free, bytes),
    },
  ];
}

function emptyVolume(name: string, capacityBytes: number): XmlElement {
  return newVolume({ name, format: "qcow2", capacityBytes });
}

/** A disk image becomes the machine's disk; an ISO image is its CD, beside a disk of its own. */
function imagePart(settled: Settled, kind: ImageKind, fileName: string, content: Content): Part[] {
  const isIso = kind.kind === "iso";
  const bytes = isIso ? undefined : wantedBytes(settled);
  const image: Part = {
    role: isIso ? "cdrom" : "disk",
    format: kind.kind === "disk" ? kind.format : "raw",
    pool: place(settled),
    name: isIso ? fileName : imageFileName(settled.name, kind),
    // Whatever is in it: the file is as long as what comes.
    xml: (name) => newVolume({ name, format: "raw", capacityBytes: content.sizeBytes ?? 0 }),
    content,
    ...(bytes !== undefined && { leastBytes: bytes }),
  };
  return isIso ? [image, ...newDisk(settled)] : [image];
}

function filePart(settled: Settled, { file, name, kind }: LocalFile): Part[] {
  return imagePart(settled, kind, name, fileContent(file));
}

function webPart(settled: Settled, { web }: Around): Part[] {
  if (!web) return [];
  const { url, kind, sizeBytes } = web;
  if (settled.way === "copy") {
    const name = new URL(url).pathname.split("/").at(-1) || "image";
    return imagePart(settled, kind, name, webContent(url, sizeBytes));
  }
  // A CD is only read: it needs no volume.
  if (kind.kind !== "disk") return newDisk(settled);
  const bytes = wantedBytes(settled);
  const backing = { path: url, format: kind.format };
  return [
    {
      role: "disk",
      format: "qcow2",
      pool: place(settled),
      name: `${settled.name}.qcow2`,
      xml: (name) => newVolume({ name, format: "qcow2", backing }),
      ...(bytes !== undefined && { leastBytes: bytes }),
    },
  ];
}

function bootFiles({ kernel, initrd }: Settled): Part[] {
  const part = (role: "kernel" | "initrd", picked: Settled["kernel"]): Part[] => {
    if (picked?.from !== "computer") return [];
    const content = fileContent(picked.file);
    return [
      {
        role,
        format: "raw",
        pool: BOOT_POOL,
        name: picked.name,
        xml: (name) => newVolume({ name, format: "raw", capacityBytes: picked.file.size }),
        content,
      },
    ];
  };
  return [...part("kernel", kernel), ...part("initrd", initrd)];
}

function definitionsOf(settled: Settled, around: Around, uuid: string, made: Made) {
  const machine = {
    name: settled.name,
    uuid,
    platform: around.platform,
    memoryBytes: settled.memoryMib * MIB,
    vcpus: settled.vcpus,
    disks: disksOf(settled, around, made),
    ...(settled.source === "guest" && { os: SERVED_OS }),
    ...(settled.network !== "" && { network: settled.network }),
  };
  const boot = bootOf(settled, around, made);
  const installs = settled.source === "guest" && settled.guest && isInstaller(settled.guest);
  if (boot.kind !== "kernel" || !installs || machine.disks.length === 0) {
    return { definition: newDomain({ ...machine, boot }) };
  }
  // The installer's kernel is for the first start alone; what it has put on the disk is for later ones.
  const first = newDomain({ ...machine, boot: { ...boot, isEfi: true }, onReboot: "destroy" });
  return { first, definition: newDomain({ ...machine, boot: { kind: "efi", order: ["hd"] } }) };
}

function bootOf(settled: Settled, around: Around, made: Made): NewBoot {
  const { source, guest, medium, cmdline } = settled;
  if (source === "guest" && guest) return guestBoot(guest);
  if (source === "kernel") return kernelBoot(settled, made, cmdline);
  if (medium === "iso") return { kind: "efi", order: ["cdrom", "hd"] };
  // A disk of a served guest has no boot loader: it needs the guest's kernel.
  const below = servedGuestName(chosenDisk(settled)?.backing ?? "");
  const served = around.guests.find(({ name }) => name === below);
  if (served) return guestBoot(served);
  return { kind: "efi", order: ["hd"] };
}

function kernelBoot({ kernel, initrd }: Settled, made: Made, cmdline: string): NewBoot {
  const path = (role: "kernel" | "initrd", picked: Settled["kernel"]): string | undefined =>
    picked?.from === "pool" ? picked.path : made.get(role)?.path;
  const initrdPath = path("initrd", initrd);
  return {
    kind: "kernel",
    kernel: path("kernel", kernel) ?? "",
    ...(initrdPath !== undefined && { initrd: initrdPath }),
    cmdline: cmdline.trim(),
  };
}

function disksOf(settled: Settled, { web }: Around, made: Made): NewDisk[] {
  const disks: NewDisk[] = [];
  const chosen = chosenDisk(settled);
  const disk = made.get("disk");
  if (chosen) disks.push(chosenAsDisk(chosen));
  if (disk) {
    disks.push({
      device: "disk",
      source: { kind: "file", path: disk.path },
      format: disk.format,
      discards: true,
    });
  }
  const isCdVolume = settled.source === "import" && settled.medium === "iso";
  if (isCdVolume && settled.volume) disks.push(chosenAsDisk(settled.volume));
  const cd = made.get("cdrom");
  if (cd) disks.push({ device: "cdrom", source: { kind: "file", path: cd.path }, format: "raw" });
  const isWebCd = settled.source === "url" && settled.medium === "iso" && settled.way === "overlay";
  const address = isWebCd && web ? webAddress(web.url) : null;
  if (address) {
    const { protocol, hostname, port, pathname, search } = address;
    const source = { kind: "web", protocol, hostname, port, pathname, search } as const;
    disks.push({ device: "cdrom", source, format: "raw" });
  }
  return disks;
}

function chosenAsDisk(volume: ChosenVolume): NewDisk {
  const { path, isBlock, format } = volume;
  const source = { kind: isBlock ? "block" : "file", path } as const;
  if (isCd(volume)) return { device: "cdrom", source, format: "raw" };
  return { device: "disk", source, format, discards: !isBlock };
}
