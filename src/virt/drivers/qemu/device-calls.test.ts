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

  it("take another medium", async () => {
    const devices = scsi("sda", "/1.iso", "cdrom");
    const xmlWith = xml("a").replace("<serial", `${devices}<serial`);
    const domain = await bench.calls.domainDefineXMLFlags(xmlWith, 0);
    await bench.calls.domainCreateWithFlags(domain, 0);
    await bench.calls.domainUpdateDeviceFlags(domain, scsi("sda", "/2.iso", "cdrom"), 1);
    expect(bench.ports.machines[0]?.calls).toContain("changeMedium sda");
    expect(await bench.calls.domainGetXMLDesc(domain, 0)).toContain("/2.iso");
  });
});
