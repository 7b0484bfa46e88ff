/** What a running domain has to say to changes, in the words that libvirt's qemu driver has for them. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts, MemoryFiles } from "./testing/fake-ports.ts";

const XML = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
  <vcpu current='2'>3</vcpu><os><type arch='riscv64' machine='virt'>hvm</type></os><devices>
  <disk type='file'><source file='/d.img'/><target dev='sda' bus='scsi'/></disk>
  <serial type='pty'/><memballoon model='none'/></devices></domain>`;
const [LIVE, CONFIG, FROM_AGENT] = [1, 2, 1];

let calls: Calls;
let domain: DomainRef;

beforeEach(async () => {
  const host = await openQemuHost(new FakePorts(new MemoryFiles()), () => {});
  calls = host.connection() as Calls;
  domain = await calls.domainDefineXMLFlags(XML, 0);
  domain = await calls.domainCreateWithFlags(domain, 0);
});

describe("vCPUs of a running domain", () => {
  it("are as many as they were", async () => {
    const set = (vcpus: number, flags: number) => calls.domainSetVcpusFlags(domain, vcpus, flags);
    await expect(set(4, LIVE)).rejects.toThrow(
      "requested vcpus is greater than max allowable vcpus for the live domain: 4 > 3",
    );
    await expect(set(3, LIVE)).rejects.toThrow("cpu hotplug is not supported");
    await expect(set(1, LIVE)).rejects.toThrow("failed to find appropriate hotpluggable vcpus");
    await set(3, CONFIG);
    await set(2, LIVE | CONFIG);
    expect(await calls.domainGetVcpusFlags(domain, CONFIG)).toBe(2);
  });
});

describe("memory of a running domain", () => {
  it("is looked at before the balloon is missed", async () => {
    await expect(calls.domainSetMemoryFlags(domain, 2 ** 20, LIVE)).rejects.toThrow(
      "cannot set memory higher than max memory",
    );
    await expect(calls.domainSetMemoryFlags(domain, 1024, LIVE)).rejects.toThrow(
      "Requested operation is not valid: Unable to change memory of active domain without the balloon device and guest OS balloon driver",
    );
  });
});

describe("devices of a running domain", () => {
  it("are devices, on buses that there are", async () => {
    const attach = (xml: string) => calls.domainAttachDeviceFlags(domain, xml, LIVE);
    await expect(attach("<domain/>")).rejects.toThrow("unknown device type 'domain'");
    await expect(attach("<disk><target dev='sdb' bus='x'/></disk>")).rejects.toThrow(
      "Invalid value for attribute 'bus' in element 'target': 'x'.",
    );
  });

  it("have the index of their images in the figures", async () => {
    const [record] = await calls.connectGetAllDomainStats([domain], 0, 0);
    const found = record?.params.find(({ field }) => field === "block.0.backingIndex");
    expect(found?.value).toBe(1);
  });
});

describe("addresses of a running domain", () => {
  it("are known to the guest alone", async () => {
    expect(await calls.domainInterfaceAddresses(domain, 0, 0)).toEqual([]);
    await expect(calls.domainInterfaceAddresses(domain, FROM_AGENT, 0)).rejects.toThrow("agent");
    await expect(calls.domainInterfaceAddresses(domain, 3, 0)).rejects.toThrow(
      "Unknown IP address data source 3",
    );
  });
});
