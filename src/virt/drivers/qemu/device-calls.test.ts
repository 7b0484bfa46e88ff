/** Devices that are added, removed and changed while a domain runs. */
import { beforeEach, describe, expect, it } from "vitest";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

const scsi = (dev: string, file: string, device = "disk"): string =>
  `<disk type='file' device='${device}'><source file='${file}'/>
   <target dev='${dev}' bus='scsi'/></disk>`;

describe("devices", () => {
  it("are plugged into the machine, its live definition and the next start's", async () => {
    const [domain, machine] = await bench.started();
    await bench.calls.domainAttachDeviceFlags(domain, scsi("sda", "/s.img"), 1 | 2);
    expect(machine.calls).toContain("attach sda");
    const live = await bench.calls.domainGetXMLDesc(domain, 0);
    expect(live).toContain("<alias name='scsi0-0-0-0'/>");
    expect(await bench.calls.domainGetXMLDesc(domain, 2)).toContain("/s.img");
    expect(bench.ports.files.files.get("qemu/a.xml")).toContain("/s.img");
    await bench.calls.domainDetachDeviceFlags(domain, scsi("sda", "/s.img"), 1);
    expect(machine.calls).toContain("detach sda");
    expect(await bench.calls.domainGetXMLDesc(domain, 0)).not.toContain("/s.img");
    expect(await bench.calls.domainGetXMLDesc(domain, 2)).toContain("/s.img");
    expect(bench.events.slice(-2)).toEqual(["device-added", "device-removed"]);
  });

  it("are refused where the machine cannot plug them in, and nothing changes then", async () => {
    const [domain] = await bench.started();
    const before = await bench.calls.domainGetXMLDesc(domain, 2);
    const disk = scsi("vdb", "/b.img").replace("scsi", "virtio");
    await expect(bench.calls.domainAttachDeviceFlags(domain, disk, 1 | 2)).rejects.toThrow(
      "Operation not supported: disk bus 'virtio' cannot be hotplugged.",
    );
    await expect(bench.calls.domainAttachDeviceFlags(domain, scsi("vda", "/b"), 2)).rejects.toThrow(
      "XML error: target 'vda' duplicated for disk sources '/d.img' and '/b'",
    );
    await expect(bench.calls.domainDetachDeviceFlags(domain, scsi("sdx", "/b"), 2)).rejects.toThrow(
      "device not found: no target device sdx",
    );
    expect(await bench.calls.domainGetXMLDesc(domain, 2)).toBe(before);
  });

  it("leave channels as the guest has opened them", async () => {
    const channel = `<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>`;
    const text = xml("a").replace("<serial", `${channel}<serial`);
    const domain = await bench.calls.domainDefineXMLFlags(text, 0);
    await bench.calls.domainCreateWithFlags(domain, 0);
    bench.ports.machines[0]?.channels[0]?.open(true);
    await bench.calls.domainAttachDeviceFlags(domain, scsi("sda", "/s.img"), 1);
    expect(await bench.calls.domainGetXMLDesc(domain, 0)).toContain("state='connected'");
  });

  it("take another medium", async () => {
    const devices = scsi("sda", "/1.iso", "cdrom");
    const xmlWith = xml("a").replace("<serial", `${devices}<serial`);
    const domain = await bench.calls.domainDefineXMLFlags(xmlWith, 0);
    await bench.calls.domainCreateWithFlags(domain, 0);
    await bench.calls.domainUpdateDeviceFlags(domain, scsi("sda", "/2.iso", "cdrom"), 1);
    expect(bench.ports.machines[0]?.calls).toContain("changeMedium sda");
    expect(await bench.calls.domainGetXMLDesc(domain, 0)).toContain("/2.iso");
    expect(bench.events.slice(-2)).toEqual(["tray-change", "tray-change"]);
    await bench.calls.domainUpdateDeviceFlags(domain, scsi("sda", "/2.iso", "cdrom"), 1);
    expect(
      bench.ports.machines[0]?.calls.filter((call) => call === "changeMedium sda"),
    ).toHaveLength(1);
  });
});

describe("what a running domain changes of a disk", () => {
  /** The disk `vda` of the definition, or the drive `sda` without a medium. */
  const drive = `<disk type='file' device='cdrom'><target dev='sda' bus='scsi'/></disk>`;
  const vda = (driver: string, extra = "", file = "/d.img"): string =>
    `<disk type='file'><driver name='qemu' type='qcow2' ${driver}/><source file='${file}'/>
     <target dev='vda' bus='virtio'/>${extra}</disk>`;
  const update = async (disk: string, flags = 1): Promise<void> => {
    const domain = await bench.calls.domainLookupByName("a");
    await bench.calls.domainUpdateDeviceFlags(domain, disk, flags);
  };

  beforeEach(async () => {
    const text = xml("a").replace("<serial", `${drive}<serial`);
    await bench.calls.domainCreateWithFlags(await bench.calls.domainDefineXMLFlags(text, 0), 0);
  });

  it.each([
    [vda("cache='none'"), "cannot modify field 'cache' of the disk"],
    [vda("discard='ignore'"), "cannot modify field 'discard' of the disk"],
    [vda("", "<readonly/>"), "cannot modify field 'readonly' of the disk"],
    [vda("", "<serial>s</serial>"), "cannot modify field 'serial' of the disk"],
    [vda("", "<iotune><read_iops_sec>1</read_iops_sec></iotune>"), "'blkdeviotune read_iops_sec'"],
    [vda("", "<blockio logical_block_size='4096'/>"), "'blockio logical_block_size'"],
    [vda("", "<boot order='1'/>"), "per-device boot elements cannot be used together with"],
    [
      vda("", "<address type='pci' domain='0' bus='0' slot='0x1f' function='0'/>"),
      "cannot modify field 'address' of the disk",
    ],
    [vda("").replace("'virtio'", "'scsi'"), "cannot modify field 'bus' of the disk"],
    [vda("", "", "/e.img"), "disk source can be changed only in removable drives"],
    [vda("", "<alias name='ua-x'/>"), "operation forbidden: changing device alias is not allowed"],
    [vda("").replace("vda", "vdz"), "internal error: disk 'vdz' not found"],
    ["<rng model='virtio'/>", "unsupported configuration: live update of device 'rng'"],
  ])("is little: %s", async (disk, words) => {
    await expect(update(disk)).rejects.toThrow(words);
    await expect(update(disk, 3)).rejects.toThrow();
    expect(bench.ports.files.files.get("qemu/a.xml")).toContain("/d.img");
    expect(bench.ports.files.files.get("qemu/a.xml")).not.toContain("cache=");
  });

  it("is nothing where nothing differs", async () => {
    const before = await bench.calls.domainGetXMLDesc(await bench.calls.domainLookupByName("a"), 0);
    await update(vda("discard='unmap'"));
    await update(vda(""));
    await update(drive);
    const after = await bench.calls.domainGetXMLDesc(await bench.calls.domainLookupByName("a"), 0);
    expect(after).toBe(before);
    expect(bench.ports.machines[0]?.calls).toEqual(["start"]);
  });
});
