import { describe, expect, it } from "vitest";
import { parseXml } from "../../../../virt/xml/parse.ts";
import { deviceAt, devicesIn, placeOf } from "./hardware.ts";

const domain = (devices: string) =>
  parseXml(`<domain><devices>\n${devices}\n</devices></domain>`, "domain_definition");

const EVERYTHING = domain(`
  <emulator>/usr/bin/qemu</emulator>
  <rng model='virtio'/>
  <controller type='pci' index='0' model='pcie-root'/>
  <controller type='scsi' index='0'/>
  <disk device='disk'><target dev='vda' bus='virtio'/></disk>
  <disk device='cdrom'><target dev='sda' bus='scsi'/></disk>
  <disk device='disk'><target dev='vdb' bus='virtio'/></disk>
  <interface type='network'><mac address='52:54:00:00:00:01'/></interface>
  <serial type='pty'/>
  <console type='pty'><target type='serial'/></console>
  <console type='pty'><target type='virtio'/></console>
  <crypto model='virtio'/>`);

describe("the hardware list", () => {
  it("holds everything in libvirt's <devices>, virt-manager's kinds first", () => {
    expect(devicesIn(EVERYTHING, null).map(({ id, number }) => [id, number])).toEqual([
      ["disk-vda", 1],
      ["disk-sda", 1],
      ["disk-vdb", 2],
      ["interface-52:54:00:00:00:01", 1],
      ["serial-0", 1],
      ["console-0", 1],
      ["controller-pci-0", 1],
      ["controller-scsi-0", 2],
      ["rng-0", 1],
      ["crypto-0", 1],
    ]);
  });

  it("finds a device by its id, and its place among the elements", () => {
    expect(deviceAt(EVERYTHING, "disk-vdb")?.attributes.get("device")).toBe("disk");
    expect(placeOf(EVERYTHING, "rng-0")).toBe(1);
    expect(placeOf(EVERYTHING, "disk-vdz")).toBe(-1);
    expect(deviceAt(EVERYTHING, "console-0")?.children).toHaveLength(1);
  });

  it("tells two devices of one name apart", () => {
    const mac = "<interface type='user'><mac address='52:54:00:00:00:01'/></interface>";
    expect(devicesIn(domain(mac + mac), null).map(({ id }) => id)).toEqual([
      "interface-52:54:00:00:00:01",
      "interface-52:54:00:00:00:01-1",
    ]);
  });

  it("says what is there only until the machine ends, or only from its next start", () => {
    const disk = (name: string) => `<disk><target dev='${name}' bus='scsi'/></disk>`;
    const [next, now] = [domain(disk("sda") + disk("sdb")), domain(disk("sda") + disk("sdc"))];
    expect(devicesIn(next, now).map(({ id, presence }) => [id, presence])).toEqual([
      ["disk-sda", "both"],
      ["disk-sdb", "definition"],
      ["disk-sdc", "live"],
    ]);
  });
});
