import type { DiskDefinition } from "./domain.ts";
import type { GuestManifest } from "./guest-manifest.ts";

/** The directory of libvirt's default pool. */
const DEFAULT_POOL = "/var/lib/libvirt/images";

/** The disk that a machine needs to boot `guest`, in a file of its own; null where it needs none. */
export function guestDisk(guest: GuestManifest, uuid: string): DiskDefinition | null {
  const { name, key, boots } = guest;
  if (boots.fast.disk === undefined) return null;
  return {
    target: "vda",
    device: "disk",
    bus: "virtio",
    source: `${DEFAULT_POOL}/${name}-${uuid.slice(0, 8)}.qcow2`,
    format: "qcow2",
    discard: "unmap",
    backing: { guest: name, key },
  };
}
