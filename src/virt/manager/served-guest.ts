/** Guests that are served beside the page, as machines: their definitions and what their disks stand on. */
import type { BootName, GuestManifest } from "../guest-manifest.ts";
import { servedPath } from "../served-path.ts";
import type { XmlElement } from "../xml/element.ts";
import { type NewBoot, newDomain, type Platform, TABVISOR_PLATFORM } from "./new-domain.ts";
import { newVolume } from "./new-volume.ts";

/** What libosinfo calls the system of the guests that are served. */
export const SERVED_OS = "http://debian.org/debian/13";

/** Guests that put a system on an empty disk. */
const INSTALLERS: ReadonlySet<string> = new Set(["installer"]);

/** Whether the guest is there to put a system on an empty disk. */
export function isInstaller({ name }: Pick<GuestManifest, "name">): boolean {
  return INSTALLERS.has(name);
}

export interface GuestMachine {
  readonly name: string;
  readonly uuid?: string;
  /** Our own machine when absent. */
  readonly platform?: Platform;
  /** What the guest is comfortable with when absent. */
  readonly memoryBytes?: number;
  /** One when absent. */
  readonly vcpus?: number;
  /** `fast` when absent. */
  readonly boot?: BootName;
  /** The path of the volume that stands on the guest's disk, for a guest that has one. */
  readonly disk?: string;
  readonly network?: string;
}

/** The machine of a guest, for `virDomainDefineXML`. */
export function guestDomain(manifest: GuestManifest, machine: GuestMachine): XmlElement {
  const { platform = TABVISOR_PLATFORM, vcpus = 1, boot = "fast", disk, ...rest } = machine;
  return newDomain({
    memoryBytes: manifest.usualMemoryBytes || USUAL_MEMORY_BYTES,
    ...rest,
    platform,
    vcpus,
    boot: guestBoot(manifest, boot),
    os: SERVED_OS,
    disks:
      disk === undefined
        ? []
        : [
            {
              device: "disk",
              source: { kind: "file", path: disk },
              format: "qcow2",
              discards: true,
            },
          ],
  });
}

/** For guests that do not say. */
const USUAL_MEMORY_BYTES = 256 * 2 ** 20;

/** A guest's own firmware, kernel, initramfs and command line. */
export function guestBoot(manifest: GuestManifest, name: BootName = "fast"): NewBoot {
  const { firmware, kernel, initrd, append } = manifest.boots[name];
  return {
    kind: "kernel",
    loader: servedPath(manifest, firmware),
    kernel: servedPath(manifest, kernel),
    initrd: servedPath(manifest, initrd),
    cmdline: append,
  };
}

/**
 * The volume that a guest's disk is: what is read comes from the served image, what is written stays
 * in the volume. Undefined for guests that live in memory.
 *
 * @param capacityBytes as large as the image when absent
 */
export function guestVolume(
  manifest: GuestManifest,
  name: string,
  capacityBytes?: number,
): XmlElement | undefined {
  const { disk } = manifest.boots.fast;
  if (!disk) return undefined;
  return newVolume({
    name,
    format: "qcow2",
    backing: { path: servedPath(manifest, disk), format: "qcow2" },
    ...(capacityBytes !== undefined && { capacityBytes }),
  });
}
