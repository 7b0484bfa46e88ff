/** A definition's disks as drives and devices of the machine. */
import type { DeviceConfig, DriveConfig } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { DiskDefinition, GuestBacking } from "../domain.ts";
import type { GuestCatalogue } from "./ports.ts";

type BlockOptions = Extract<NonNullable<DriveConfig["image"]>, { kind: "options" }>["options"];

export interface MachineDisks {
  readonly drives: readonly DriveConfig[];
  readonly devices: readonly DeviceConfig[];
}

/** @throws VmError when a guest that a disk stands on is not there, or is another build of it */
export async function machineDisks(
  disks: readonly DiskDefinition[],
  guests: GuestCatalogue,
): Promise<MachineDisks> {
  const drives = await Promise.all(disks.map((disk) => driveOf(disk, guests)));
  const virtio = disks.filter(({ bus }) => bus === "virtio");
  const units = disks.filter(({ bus }) => bus === "scsi").map(unitOf);
  const blocks = virtio.map(({ target, serial }) => {
    return { kind: "virtio-blk", drive: target, ...(serial !== undefined && { serial }) } as const;
  });
  const controllers = units.length > 0 ? [{ kind: "virtio-scsi", units } as const] : [];
  return { drives, devices: [...blocks, ...controllers] };
}

function unitOf({ device, target, serial }: DiskDefinition, index: number) {
  return {
    kind: device,
    drive: target,
    target: index,
    lun: 0,
    ...(serial !== undefined && { serial }),
  };
}

async function driveOf(disk: DiskDefinition, guests: GuestCatalogue): Promise<DriveConfig> {
  const { target, device, source, cache, errorPolicy } = disk;
  const drive = {
    id: target,
    readOnly: disk.readonly === true || device === "cdrom",
    noFlush: cache === "unsafe",
    writeThrough: cache === "writethrough" || cache === "directsync",
    discard: disk.discard === "unmap",
    ...(errorPolicy !== undefined && { writeError: ERROR_POLICIES[errorPolicy] }),
    option: `disk ${target}`,
  };
  if (source === undefined) return drive;
  const format = disk.format === undefined ? {} : { format: disk.format };
  const backing = disk.backing && { backing: await backingOf(disk.backing, target, guests) };
  return { ...drive, image: { kind: "file", filename: source, ...format, ...backing } };
}

/** libvirt has another word for QEMU's `enospc`. */
const ERROR_POLICIES = {
  stop: "stop",
  report: "report",
  ignore: "ignore",
  enospace: "enospc",
} as const;

async function backingOf(
  { guest: name, key }: GuestBacking,
  target: string,
  guests: GuestCatalogue,
): Promise<BlockOptions> {
  const guest = await guests.find(name);
  const { disk } = guest.boots.fast;
  if (disk === undefined || guest.key !== key) {
    throw vmError(
      "configUnsupported",
      `disk ${target} stands on another build of guest image '${name}' than the one that is served`,
    );
  }
  const url = guests.address(guest, disk);
  return { driver: "qcow2", file: { driver: new URL(url).protocol.slice(0, -1), url } };
}
