import { describe, expect, it } from "vitest";
import type { DiskDefinition } from "../domain.ts";
import { guestDisk } from "../guest-disk.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import { machineDisks } from "./machine-disks.ts";
import type { GuestCatalogue } from "./ports.ts";

const file = (path: string) => ({ path, sizeBytes: 1 });
const way = {
  firmware: file("f"),
  kernel: file("k"),
  initrd: file("i"),
  disk: file("disk.qcow2"),
  append: "",
  notes: [],
};
const guest: GuestManifest = {
  name: "debian",
  title: "Debian",
  key: "k1",
  leastMemoryBytes: 0,
  usualMemoryBytes: 0,
  boots: { fast: way, stock: way },
};
const guests: GuestCatalogue = {
  list: async () => [guest],
  find: async () => guest,
  efi: () => Promise.reject(new Error("not asked for")),
  address: ({ name }, { path }) => `https://host/guests/${name}/${path}`,
  load: () => Promise.reject(new Error("not asked for")),
};

describe("disks of a definition", () => {
  it("become drives with devices, those on the SCSI bus behind one controller", async () => {
    const disks: DiskDefinition[] = [
      { target: "sda", device: "disk", bus: "scsi", source: "/a", format: "raw", serial: "S" },
      { target: "vda", device: "disk", bus: "virtio", source: "/b", cache: "unsafe" },
      { target: "sdb", device: "cdrom", bus: "scsi" },
    ];
    const { drives, devices } = await machineDisks(disks, guests);
    expect(devices).toEqual([
      { kind: "virtio-blk", drive: "vda" },
      {
        kind: "virtio-scsi",
        units: [
          { kind: "disk", drive: "sda", target: 0, lun: 0, serial: "S" },
          { kind: "cdrom", drive: "sdb", target: 1, lun: 0 },
        ],
      },
    ]);
    expect(drives[0]?.image).toEqual({ kind: "file", filename: "/a", format: "raw" });
    expect(drives.map(({ noFlush }) => noFlush)).toEqual([false, true, false]);
    expect([drives[2]?.readOnly, drives[2]?.image]).toEqual([true, undefined]);
  });

  it("stand on the served image of the guest's very build", async () => {
    const disk = guestDisk(guest, "12345678-aaaa");
    if (disk === null) throw new Error("the guest has a disk");
    const { drives } = await machineDisks([disk], guests);
    expect(drives[0]?.image).toEqual({
      kind: "file",
      filename: "/var/lib/libvirt/images/debian-12345678.qcow2",
      format: "qcow2",
      backing: {
        driver: "qcow2",
        file: { driver: "https", url: "https://host/guests/debian/disk.qcow2" },
      },
    });
    const older = { ...disk, backing: { guest: "debian", key: "k0" } };
    await expect(machineDisks([older], guests)).rejects.toThrow(
      "disk vda stands on another build of guest image 'debian' than the one that is served",
    );
  });
});
