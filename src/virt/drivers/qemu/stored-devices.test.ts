/** Devices that are taken out of a definition, or changed there. */
import { beforeEach, describe, expect, it } from "vitest";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

const [LIVE, CONFIG] = [1, 2];
const MAC = "52:54:00:00:00:09";
const DEVICES = `<interface type='user'><mac address='${MAC}'/><model type='virtio'/></interface>
  <interface type='user'><mac address='52:54:00:00:00:0a'/></interface>
  <controller type='scsi' index='0' model='virtio-scsi'/><rng model='virtio'>
  <backend model='random'>/dev/urandom</backend><alias name='ua-dice'/></rng>
  <input type='keyboard' bus='virtio'/><graphics type='vnc' port='-1'/>
  <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>`;

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
  await bench.calls.domainDefineXMLFlags(xml("a").replace("<serial", `${DEVICES}<serial`), 0);
});

const domain = () => bench.calls.domainLookupByName("a");
const stored = (): string => bench.ports.files.files.get("qemu/a.xml") ?? "";
const detach = async (device: string, flags = CONFIG): Promise<void> =>
  bench.calls.domainDetachDeviceFlags(await domain(), device, flags);

describe("devices that go from a definition", () => {
  it.each([
    ["an interface", `<interface type='user'><mac address='${MAC}'/></interface>`, MAC],
    ["entropy", "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>", "<rng"],
    ["a keyboard", "<input type='keyboard' bus='virtio'/>", "<input"],
    ["a controller", "<controller type='scsi' index='0'/>", "virtio-scsi"],
    [
      "a channel",
      "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
      "guest_agent",
    ],
    ["a serial port", "<serial type='pty'/>", "<serial"],
  ])("are %s", async (_, device, mark) => {
    expect(stored()).toContain(mark);
    await detach(device);
    expect(stored()).not.toContain(mark);
    expect(stored()).toContain("/d.img");
  });

  it("take along the console that the serial port is, and no other", async () => {
    await detach("<serial type='pty'/>");
    expect(stored()).not.toContain("<target type='serial'");
    expect(stored()).toMatch(/<console type='pty'>\s*<target type='virtio'/);
  });

  it.each([
    [
      "<interface type='user'><mac address='52:54:00:00:00:0b'/></interface>",
      "device not found: no device found at address '(<null>)' matching MAC address" +
        " '52:54:00:00:00:0b' and alias '(<null>)'",
    ],
    ["<interface type='user'/>", "operation failed: multiple matching devices found"],
    [
      "<rng model='virtio'><backend model='random'>/dev/x</backend></rng>",
      "no matching RNG device",
    ],
    ["<watchdog model='i6300esb'/>", "domain has no watchdog"],
    [
      "<console type='pty'><target type='serial' port='0'/></console>",
      "detaching serial console is not supported",
    ],
    ["<graphics type='vnc'/>", "persistent detach of device 'graphics' is not supported"],
  ])("are not %s", async (device, words) => {
    const before = stored();
    await expect(detach(device)).rejects.toThrow(words);
    expect(stored()).toBe(before);
  });

  it("are named by their aliases, too", async () => {
    const go = async (alias: string, flags: number) =>
      bench.calls.domainDetachDeviceAlias(await domain(), alias, flags);
    await go("ua-dice", CONFIG);
    expect(stored()).not.toContain("<rng");
    await expect(go("ua-dice", CONFIG)).rejects.toThrow("no device found with alias ua-dice");
  });
});

describe("devices of a definition", () => {
  const update = async (device: string, flags = CONFIG): Promise<void> =>
    bench.calls.domainUpdateDeviceFlags(await domain(), device, flags);

  it("change", async () => {
    await update(`<interface type='user'><mac address='${MAC}'/><link state='down'/></interface>`);
    expect(stored()).toContain("<link state='down'/>");
    await update("<graphics type='vnc' port='5999' autoport='no'/>");
    expect(stored()).toContain("port='5999'");
    await expect(update("<graphics type='spice'/>")).rejects.toThrow(
      "cannot find existing graphics type 'spice' device to modify",
    );
    await expect(update("<rng model='virtio'/>")).rejects.toThrow(
      "persistent update of device 'rng' is not supported",
    );
  });
});

describe("devices of a running domain", () => {
  it("go by their aliases where they can be unplugged", async () => {
    const disk = `<disk type='file'><source file='/s.img'/><target dev='sda' bus='scsi'/></disk>`;
    await bench.calls.domainDefineXMLFlags(xml("a").replace("<serial", `${disk}<serial`), 0);
    const running = await bench.calls.domainCreateWithFlags(await domain(), 0);
    const go = (alias: string) => bench.calls.domainDetachDeviceAlias(running, alias, LIVE);
    await go("scsi0-0-0-0");
    expect(bench.ports.machines.at(-1)?.calls).toContain("detach sda");
    await expect(go("virtio-disk0")).rejects.toThrow("This type of disk cannot be hot unplugged");
    await expect(go("serial0")).rejects.toThrow("live detach of device 'serial' is not supported");
    const drop = bench.calls.domainUpdateDeviceFlags(running, "<graphics type='vnc'/>", LIVE);
    await expect(drop).rejects.toThrow(
      "cannot find existing graphics device to modify of type 'vnc'",
    );
  });
});
