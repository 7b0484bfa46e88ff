import { beforeEach, describe, expect, it, vi } from "vitest";
import { Pipe } from "../../driver/pipe.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { openQemuHost, type QemuHost } from "./driver.ts";
import { type FakeMachine, FakePorts, MemoryFiles } from "./testing/fake-ports.ts";

const UUID = "11111111-2222-3333-4444-555555555555";
const xml = (name: string, extra = ""): string =>
  `<domain type='qemu'><name>${name}</name><uuid>${UUID}</uuid><memory unit='MiB'>128</memory>
   <os><type arch='riscv64' machine='virt'>hvm</type><kernel>/k</kernel><cmdline>a b</cmdline></os>
   ${extra}<devices><disk type='file'><driver type='qcow2' discard='unmap'/><source file='/d.img'/>
   <target dev='vda' bus='virtio'/></disk><serial type='pty'/>
   <console type='pty'><target type='serial'/></console>
   <console type='pty'><target type='virtio'/></console></devices></domain>`;

let ports: FakePorts;
let host: QemuHost;
let calls: Calls;
let events: string[];

async function open(files = new MemoryFiles()): Promise<void> {
  ports = new FakePorts(files);
  host = await openQemuHost(ports, (name, error) => {
    throw new Error(`damaged: ${name}`, { cause: error });
  });
  calls = host.connection() as Calls;
  events = [];
  await calls.connectEvents((event) => {
    if (event.of !== "domain") return;
    const { event: what } = event;
    events.push(what.kind === "lifecycle" ? `${what.event}.${what.detail}` : what.kind);
  });
}

beforeEach(() => open());

async function started(extra = ""): Promise<[DomainRef, FakeMachine]> {
  const domain = await calls.domainDefineXMLFlags(xml("a", extra), 0);
  const active = await calls.domainCreateWithFlags(domain, 0);
  return [active, ports.machines.at(-1)!];
}

const stateOf = (domain: DomainRef) => calls.domainGetState(domain, 0);

describe("a domain's machine", () => {
  it("has what the definition says", async () => {
    const [, { config }] = await started();
    expect(config).toMatchObject({
      name: "a",
      memoryBytes: 128 * 2 ** 20,
      vcpus: 1,
      append: "a b",
      kernel: { name: "/k" },
      firmware: { name: "firmware" },
      onReboot: "restart",
    });
    expect(config.drives).toMatchObject([
      { id: "vda", discard: true, image: { kind: "file", filename: "/d.img", format: "qcow2" } },
    ]);
    expect(config.devices).toEqual([
      { kind: "virtio-console" },
      { kind: "virtio-blk", drive: "vda" },
    ]);
  });

  it("is paused from its first instruction on where that is asked for", async () => {
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await calls.domainCreateWithFlags(domain, 1);
    expect(await stateOf(domain)).toEqual({ state: 3, reason: 1 });
    await calls.domainResume(domain);
    expect(events).toEqual(["0.0", "2.0", "3.0", "4.0"]);
    expect(ports.machines[0]?.calls).toEqual(["start", "resume"]);
  });

  it("ends with the connection where that is asked for", async () => {
    const connection = host.connection();
    const other = connection as Calls;
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await other.domainCreateWithFlags(domain, 2);
    await calls.domainDestroyFlags(domain, 0);
    await other.domainCreateWithFlags(domain, 0);
    await host.connection().close();
    expect(await stateOf(domain)).toMatchObject({ state: 1 });
    await other.domainDestroyFlags(domain, 0);
    await other.domainCreateWithFlags(domain, 2);
    await connection.close();
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 2 });
    expect(events.at(-1)).toBe("5.1");
  });

  it("is refused where it has a device that no machine has", async () => {
    const bad = xml("a").replace("<serial", "<sound model='ich6'/><serial");
    const domain = await calls.domainDefineXMLFlags(bad, 0);
    await expect(calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "unsupported configuration: this QEMU doesn't support the device sound",
    );
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 6 });
  });

  it("is refused where a disk's file is missing", async () => {
    ports.missing.add("/d.img");
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await expect(calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "Cannot access storage file '/d.img': No such file or directory",
    );
  });

  it("leaves the domain shut off when it cannot be built", async () => {
    ports.prepare = (machine) => (machine.startError = new Error("no room"));
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await expect(calls.domainCreateWithFlags(domain, 0)).rejects.toThrow("no room");
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 6 });
    expect(events).toEqual(["0.0", "5.5"]);
    ports.prepare = () => {};
    await calls.domainCreateWithFlags(domain, 0);
    expect(await stateOf(domain)).toEqual({ state: 1, reason: 1 });
  });
});

describe("states, reasons and events", () => {
  it("follow the user's verbs", async () => {
    const [domain] = await started();
    expect(domain.id).toBe(1);
    await calls.domainSuspend(domain);
    expect(await stateOf(domain)).toEqual({ state: 3, reason: 1 });
    await calls.domainResume(domain);
    expect(await stateOf(domain)).toEqual({ state: 1, reason: 5 });
    await calls.domainDestroyFlags(domain, 0);
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 2 });
    expect(events).toEqual(["0.0", "2.0", "3.0", "4.0", "5.1"]);
  });

  it("tell a start in pause as a start and a pause", async () => {
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await calls.domainCreateWithFlags(domain, 1);
    expect(await stateOf(domain)).toEqual({ state: 3, reason: 1 });
    expect(events).toEqual(["0.0", "2.0", "3.0"]);
  });

  it("follow the guest", async () => {
    const [domain, machine] = await started();
    machine.tell({ state: "paused", reason: "ioerror", message: "drive 'vda': no space" });
    expect(await stateOf(domain)).toEqual({ state: 3, reason: 5 });
    expect(await calls.domainGetMessages(domain, 0)).toEqual(["drive 'vda': no space"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 1 });
    expect(events).toEqual(["0.0", "2.0", "3.2", "6.1", "5.0"]);
  });

  it("follow on_crash", async () => {
    const [domain, machine] = await started();
    machine.tell({ state: "crashed", reason: "crashed" });
    await expect.poll(() => stateOf(domain)).toEqual({ state: 5, reason: 3 });
    const [again, other] = await started("<on_crash>restart</on_crash>");
    other.tell({ state: "crashed", reason: "crashed" });
    await expect.poll(() => other.calls).toEqual(["start", "start"]);
    expect(await stateOf(again)).toEqual({ state: 1, reason: 1 });
  });

  it("start a machine again whose guest powers off for a reboot", async () => {
    const [domain, machine] = await started();
    await calls.domainReboot(domain, 0);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    await expect.poll(() => events).toEqual(["0.0", "2.0", "reboot"]);
    expect(machine.calls).toEqual(["start", "shutdown", "start"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(await stateOf(domain)).toEqual({ state: 5, reason: 1 });
  });

  it("keep the power button that was pressed in pause", async () => {
    const [domain, machine] = await started();
    await calls.domainSuspend(domain);
    await calls.domainShutdownFlags(domain, 0);
    expect(machine.calls).toEqual(["start", "pause"]);
    await calls.domainResume(domain);
    expect(machine.calls).toEqual(["start", "pause", "resume", "shutdown"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(events.slice(-2)).toEqual(["6.2", "5.0"]);
  });

  it("forget a transient domain that ends", async () => {
    const domain = await calls.domainCreateXML(xml("t"), 0);
    expect(await calls.domainIsPersistent(domain)).toBe(false);
    await calls.domainDestroyFlags(domain, 0);
    expect(await calls.connectListAllDomains(0)).toEqual([]);
    expect([...ports.files.files.keys()]).toEqual(["host-uuid"]);
  });
});

describe("consoles", () => {
  it("hold back what nobody has read, and carry both ways", async () => {
    const [domain, machine] = await started();
    machine.serial.say("boot");
    await new Promise((resolve) => setTimeout(resolve));
    const pipe = new Pipe();
    await calls.domainOpenConsole(domain, null, pipe.driverEnd, 0);
    expect(utf8Text((await pipe.userEnd.read()) as Uint8Array)).toBe("boot");
    machine.serial.say("more");
    expect(utf8Text((await pipe.userEnd.read()) as Uint8Array)).toBe("more");
    await pipe.userEnd.write(utf8Bytes("ls"));
    await expect.poll(() => machine.serial.sent.map(utf8Text)).toEqual(["ls"]);
  });

  it("are for one session at a time, unless by force", async () => {
    const [domain, machine] = await started();
    const first = new Pipe();
    await calls.domainOpenConsole(domain, "console1", first.driverEnd, 0);
    const second = new Pipe();
    await expect(calls.domainOpenConsole(domain, "console1", second.driverEnd, 0)).rejects.toThrow(
      "Active console session exists for this domain",
    );
    await calls.domainOpenConsole(domain, "console1", second.driverEnd, 1);
    await expect(first.userEnd.read()).rejects.toThrow("aborted");
    machine.consoles[0]?.say("hvc");
    expect(utf8Text((await second.userEnd.read()) as Uint8Array)).toBe("hvc");
  });

  it("end with the machine", async () => {
    const [domain] = await started();
    const pipe = new Pipe();
    await calls.domainOpenConsole(domain, null, pipe.driverEnd, 0);
    await calls.domainDestroyFlags(domain, 0);
    expect(await pipe.userEnd.read()).toBeNull();
  });
});

const scsi = (dev: string, file: string, device = "disk"): string =>
  `<disk type='file' device='${device}'><source file='${file}'/>
   <target dev='${dev}' bus='scsi'/></disk>`;

describe("devices", () => {
  it("are plugged into the machine, its live definition and the next start's", async () => {
    const [domain, machine] = await started();
    await calls.domainAttachDeviceFlags(domain, scsi("sda", "/s.img"), 1 | 2);
    expect(machine.calls).toContain("attach sda");
    const live = await calls.domainGetXMLDesc(domain, 0);
    expect(live).toContain("<alias name='scsi0-0-0-0'/>");
    expect(await calls.domainGetXMLDesc(domain, 2)).toContain("/s.img");
    expect(ports.files.files.get("qemu/a.xml")).toContain("/s.img");
    await calls.domainDetachDeviceFlags(domain, scsi("sda", "/s.img"), 1);
    expect(machine.calls).toContain("detach sda");
    expect(await calls.domainGetXMLDesc(domain, 0)).not.toContain("/s.img");
    expect(await calls.domainGetXMLDesc(domain, 2)).toContain("/s.img");
    expect(events.slice(-2)).toEqual(["device-added", "device-removed"]);
  });

  it("are refused where the machine cannot plug them in, and nothing changes then", async () => {
    const [domain] = await started();
    const before = await calls.domainGetXMLDesc(domain, 2);
    const disk = scsi("vdb", "/b.img").replace("scsi", "virtio");
    await expect(calls.domainAttachDeviceFlags(domain, disk, 1 | 2)).rejects.toThrow(
      "Operation not supported: disk bus 'virtio' cannot be hotplugged.",
    );
    await expect(calls.domainAttachDeviceFlags(domain, scsi("vda", "/b"), 2)).rejects.toThrow(
      "Requested operation is not valid: target vda already exists",
    );
    await expect(calls.domainDetachDeviceFlags(domain, scsi("sdx", "/b"), 2)).rejects.toThrow(
      "device not found: no target device sdx",
    );
    expect(await calls.domainGetXMLDesc(domain, 2)).toBe(before);
  });

  it("take another medium", async () => {
    const devices = scsi("sda", "/1.iso", "cdrom");
    const xmlWith = xml("a").replace("<serial", `${devices}<serial`);
    const domain = await calls.domainDefineXMLFlags(xmlWith, 0);
    await calls.domainCreateWithFlags(domain, 0);
    await calls.domainUpdateDeviceFlags(domain, scsi("sda", "/2.iso", "cdrom"), 1);
    expect(ports.machines[0]?.calls).toContain("changeMedium sda");
    expect(await calls.domainGetXMLDesc(domain, 0)).toContain("/2.iso");
  });
});

describe("interrupt controllers", () => {
  it.each([
    ["/k", 2, "none"],
    ["/usr/share/tabvisor/guests/shell/kernel", 1, "none"],
    ["/usr/share/tabvisor/guests/shell/kernel", 2, "aplic-imsic"],
  ])("of kernel %s on %i vCPUs are %s", async (kernel, vcpus, aia) => {
    const text = xml("a", `<vcpu>${vcpus}</vcpu>`).replace("/k<", `${kernel}<`);
    const domain = await calls.domainDefineXMLFlags(text, 0);
    await calls.domainCreateWithFlags(domain, 0);
    expect(ports.machines[0]?.config.aia).toBe(aia);
  });
});

describe("EFI firmware", () => {
  const efi = (os = "") =>
    xml("a").replace(/<os>.*<\/os>/s, `<os firmware='efi'><type>hvm</type>${os}</os>`);

  it("is chosen when the domain starts, with a file for its variables", async () => {
    const domain = await calls.domainDefineXMLFlags(efi(), 0);
    await calls.domainCreateWithFlags(domain, 0);
    const live = await calls.domainGetXMLDesc(domain, 0);
    expect(live).toContain("<loader readonly='yes' type='pflash'>/efi.fd</loader>");
    expect(live).toContain("<nvram template='/efi-vars.fd'>/nvram/a_VARS.fd</nvram>");
    expect(await calls.domainGetXMLDesc(domain, 2)).not.toContain("<loader");
    expect(ports.machines[0]?.config.flash).toHaveLength(2);
  });

  it("takes its variables along when the domain is undefined, if told to", async () => {
    const domain = await calls.domainDefineXMLFlags(efi(), 0);
    await expect(calls.domainUndefineFlags(domain, 0)).rejects.toThrow(
      "cannot undefine domain with nvram",
    );
    await calls.domainUndefineFlags(domain, 4);
    expect(ports.missing).toContain("/nvram/a_VARS.fd");
  });

  it("is offered where it is there", async () => {
    const offered = () => calls.connectGetDomainCapabilities(null, null, null, null, 0);
    expect(await offered()).toContain("<value>/efi.fd</value>");
    ports.missing.add("/efi.fd");
    expect(await offered()).not.toContain("<value>/efi.fd</value>");
  });

  it("with secure boot is not there", async () => {
    const secure = "<firmware><feature enabled='yes' name='secure-boot'/></firmware>";
    const domain = await calls.domainDefineXMLFlags(efi(secure), 0);
    await expect(calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "operation failed: Unable to find any firmware to satisfy 'efi'",
    );
  });
});

describe("figures", () => {
  it("of free memory leave out what machines take, where the host does not tell", async () => {
    expect(await calls.nodeGetFreeMemory()).toBe(4096n);
    vi.spyOn(ports.host, "freeMemory").mockReturnValue(null);
    expect(await calls.nodeGetFreeMemory()).toBe(2n ** 20n);
    await started();
    expect(await calls.nodeGetFreeMemory()).toBe(2n ** 20n - 65_536n);
    expect(await calls.nodeGetCellsFreeMemory(0, 1)).toEqual([2n ** 20n - 65_536n]);
  });

  it("of the machine's vCPUs and disks", async () => {
    const [domain] = await started();
    const [record] = await calls.connectGetAllDomainStats([], 0, 0);
    const values = new Map(record?.params.map(({ field, value }) => [field, value]));
    expect(values.get("cpu.time")).toBe(1_500_000_000n);
    expect(values.get("balloon.maximum")).toBe(131_072n);
    expect(values.get("balloon.rss")).toBe(64n);
    expect(values.get("vcpu.0.instructions.sum")).toBe(7n);
    expect(values.get("vcpu.0.exits.sum")).toBe(0n);
    expect(values.get("block.0.path")).toBe("/d.img");
    expect(values.get("block.0.capacity")).toBe(1024n);
    expect((await calls.domainGetInfo(domain)).cpuTimeNs).toBe(1_500_000_000n);
    expect(await calls.domainMemoryStats(domain, 0)).toEqual([
      { tag: 6, value: 131_072n },
      { tag: 7, value: 64n },
    ]);
  });
});

describe("a screenshot", () => {
  it("is a picture of the console that was meant", async () => {
    const [domain, machine] = await started();
    const shot = async (screen: number): Promise<Uint8Array> => {
      const { driverEnd, userEnd } = new Pipe();
      expect(await calls.domainScreenshot(domain, driverEnd, screen, 0)).toBe("image/png");
      const picture = await userEnd.read();
      expect(await userEnd.read()).toBeNull();
      return picture as Uint8Array;
    };
    const before = await shot(0);
    machine.serial.say("text");
    await vi.waitFor(async () => expect(await shot(0)).not.toEqual(before));
    expect(await shot(1)).toEqual(before);
    await expect(shot(2)).rejects.toThrow("Requested operation is not valid: no such screen ID");
  });
});

describe("the monitor", () => {
  const ask = async (domain: DomainRef, execute: string): Promise<unknown> =>
    JSON.parse(await calls.domainQemuMonitorCommand(domain, JSON.stringify({ execute }), 0));

  it("answers what is so", async () => {
    const [domain] = await started();
    expect(await ask(domain, "query-status")).toEqual({
      return: { status: "running", singlestep: false, running: true },
      id: "libvirt-1",
    });
    await ask(domain, "stop");
    expect(await stateOf(domain)).toEqual({ state: 3, reason: 1 });
    expect(await calls.domainQemuMonitorCommand(domain, "info status", 1)).toBe(
      "VM status: paused\r\n",
    );
    expect(await ask(domain, "query-version")).toMatchObject({
      return: { qemu: { major: 1, minor: 2, micro: 3 } },
    });
  });

  it("does not make up what it does not know", async () => {
    const [domain] = await started();
    expect(await ask(domain, "migrate")).toMatchObject({
      error: { class: "CommandNotFound", desc: "The command migrate has not been found" },
    });
    await expect(calls.domainQemuMonitorCommand(domain, "{", 0)).rejects.toThrow(
      "internal error: cannot parse json {",
    );
  });
});

describe("what is stored", () => {
  it("is there again in the next host", async () => {
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await calls.domainSetAutostart(domain, true);
    const text = await calls.domainGetXMLDesc(domain, 0);
    await calls.networkDefineXMLFlags("<network><name>n</name></network>", 0);
    const secret = await calls.secretDefineXML(
      "<secret><usage type='volume'><volume>/v</volume></usage></secret>",
      0,
    );
    await calls.secretSetValue(secret, Uint8Array.of(0, 255, 7), 0);
    await open(ports.files);
    // As under libvirt, controllers that were added stand with their like when they are read again.
    const lines = (of: string): string[] => of.split("\n").toSorted();
    expect(lines(await calls.domainGetXMLDesc(domain, 0))).toEqual(lines(text));
    expect(await calls.domainGetAutostart(domain)).toBe(true);
    expect(await calls.connectListAllNetworks(0)).toHaveLength(1);
    expect(await calls.secretGetValue(secret, 0)).toEqual(Uint8Array.of(0, 255, 7));
    await host.autostart(() => {});
    expect(ports.machines).toHaveLength(1);
  });

  it("is the old or the new one after a crash between any two writes of a rename", async () => {
    const domain = await calls.domainDefineXMLFlags(xml("old"), 0);
    await calls.domainSetAutostart(domain, true);
    const before = new Map(ports.files.files);
    for (let changes = 0; changes <= 4; changes++) {
      const files = new Map(before);
      await open(new MemoryFiles(files, changes));
      const renamed = calls.domainRename(domain, "new", 0);
      if (changes < 4) await expect(renamed).rejects.toThrow("the writer died");
      else await renamed;
      await open(new MemoryFiles(files));
      const [found, ...others] = await calls.connectListAllDomains(0);
      expect(others).toEqual([]);
      expect(["old", "new"]).toContain(found?.name);
      expect(await calls.domainGetAutostart(found!)).toBe(true);
      expect(files.size).toBe(3);
    }
  });

  it("stays as it was when it cannot be written", async () => {
    const domain = await calls.domainDefineXMLFlags(xml("a"), 0);
    await open(new MemoryFiles(ports.files.files, 0));
    await expect(calls.domainSetMaxMemory(domain, 262_144)).rejects.toThrow("the writer died");
    expect(await calls.domainGetMaxMemory(domain)).toBe(131_072);
    await expect(calls.domainUndefineFlags(domain, 0)).rejects.toThrow("the writer died");
    expect(await calls.connectListAllDomains(0)).toHaveLength(1);
  });
});
