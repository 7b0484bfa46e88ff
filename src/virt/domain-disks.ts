/** libvirt's calls on the disks of a running domain; what they change is for this run. */
import type { Machine } from "../api/machine.ts";
import type { BlockStats, DiskAttachment, DriveConfig } from "../api/types.ts";
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import { vmError } from "../protocol/vm-error.ts";

/** Disks go by the ids of their drives, devices by their own or else their drives'. */
export interface DomainDisks {
  blockResize(disk: string, sizeBytes: number): Promise<void>;
  /** Limits of bytes and requests a second; none of those that are left out. */
  setBlockIoTune(disk: string, limits: ThrottleLimits): Promise<void>;
  /** @throws VmError invalidArg where there is no such disk */
  blockStats(disk: string): Promise<BlockStats>;
  attachDevice(disk: DiskAttachment): Promise<void>;
  detachDevice(device: string): Promise<void>;
  /** As updateDevice with another source: null ejects. By force against the guest's lock. */
  changeMedia(
    device: string,
    media: DriveConfig | null,
    options?: { readonly force?: boolean },
  ): Promise<void>;
}

/** @param machine of the run; it throws while there is none */
export function machineDisks(machine: () => Machine): DomainDisks {
  return {
    blockResize: async (disk, sizeBytes) => machine().blockResize(disk, sizeBytes),
    setBlockIoTune: async (disk, limits) => machine().setBlockIoTune(disk, limits),
    async blockStats(disk) {
      const stats = (await machine().blockStats())[disk];
      if (stats) return stats;
      throw vmError("invalidArg", `invalid path: ${disk}`);
    },
    attachDevice: async (disk) => machine().attachDisk(disk),
    detachDevice: async (device) => machine().detachDisk(device),
    changeMedia: async (device, media, options) => machine().changeMedium(device, media, options),
  };
}

/** Of a driver whose domains have no disks. */
export function noDisks(): DomainDisks {
  const refuse = (call: string) => async (): Promise<never> => {
    throw vmError("noSupport", call);
  };
  return {
    blockResize: refuse("virDomainBlockResize"),
    setBlockIoTune: refuse("virDomainSetBlockIoTune"),
    blockStats: refuse("virDomainBlockStats"),
    attachDevice: refuse("virDomainAttachDevice"),
    detachDevice: refuse("virDomainDetachDevice"),
    changeMedia: refuse("virDomainUpdateDeviceFlags"),
  };
}
