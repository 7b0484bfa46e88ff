/** The guest's file systems, and the disks that they are on. */
import type { MachineConfig } from "../../../../api/types.ts";
import { devicesOf } from "../../../conf/domain/view.ts";
import { find, type XmlElement } from "../../../xml/element.ts";
import { targetOf } from "../machine-disks.ts";
import type { AgentReply } from "./reply.ts";

/** A disk where the guest sees it. */
export interface GuestDisk {
  /** `virtio`, `scsi`, … */
  readonly bus: string;
  /** PCI device number of the controller. */
  readonly slot: number | undefined;
  readonly target: number | undefined;
  readonly unit: number | undefined;
  readonly serial: string | undefined;
  /** `/dev/sda1`. */
  readonly device: string | undefined;
}

export interface FileSystem {
  readonly name: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly totalBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly disks: readonly GuestDisk[];
}

/** From the reply to `guest-get-fsinfo`. @throws VmError internalError */
export function fileSystems(reply: AgentReply): FileSystem[] {
  return reply.list().map((each) => ({
    name: each.text("name"),
    mountpoint: each.text("mountpoint"),
    fstype: each.text("type"),
    totalBytes: each.optionalNumber("total-bytes"),
    usedBytes: each.optionalNumber("used-bytes"),
    disks: each.listAt("disk").map(guestDisk),
  }));
}

export function guestDisk(address: AgentReply): GuestDisk {
  return {
    bus: address.text("bus-type"),
    slot: address.object("pci-controller")?.optionalNumber("slot"),
    target: address.optionalNumber("target"),
    unit: address.optionalNumber("unit"),
    serial: address.optionalText("serial"),
    device: address.optionalText("dev"),
  };
}

/**
 * The target of the disk that the guest sees: of SCSI disks by their places, of virtio disks by the
 * slot, which is where the machine's devices follow each other from 1 on.
 */
export function diskTarget(
  disk: GuestDisk,
  domain: XmlElement,
  { devices = [] }: Pick<MachineConfig, "devices">,
): string | undefined {
  if (disk.bus === "scsi") {
    const found = devicesOf(domain, "disk").find((each) => {
      const address = find(each, "address")?.attributes;
      return (
        find(each, "target")?.attributes.get("bus") === "scsi" &&
        Number(address?.get("target") ?? 0) === disk.target &&
        Number(address?.get("unit") ?? 0) === disk.unit
      );
    });
    return found && targetOf(found);
  }
  const device = disk.slot === undefined ? undefined : devices[disk.slot - 1];
  return device?.kind === "virtio-blk" ? device.drive : undefined;
}
