import { beforeEach, describe, expect, it } from "vitest";
import { vmError } from "../../../protocol/vm-error.ts";
import { type Connect, openConnect } from "../../../virt/driver/connect.ts";
import { testDriver } from "../../../virt/drivers/test/driver.ts";
import { fakePorts } from "../../../virt/drivers/test/fake-ports.ts";
import { Manager } from "../../../virt/manager/manager.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { addDevice, addedId, redefine, removeDevice } from "./actions.ts";
import { deviceAt, devicesIn } from "./model/hardware.ts";

const RNG = parseXml(
  "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
  "device_definition",
);

/** Calls that the mock has not, as a driver that plugs devices in. */
let plugged: [string, number][];
let refusal: Error | null;
let manager: Manager;

beforeEach(async () => {
  plugged = [];
  refusal = vmError("noSupport", "virDomainAttachDeviceFlags");
  const driver = testDriver(fakePorts());
  manager = await Manager.open({
    open: async () => plugging(await openConnect("test:///default", [driver])),
    nowMs: () => 0,
    every: () => () => {},
  });
});

function plugging(connect: Connect): Connect {
  const call = async (_ref: unknown, xml: string, flags: number): Promise<void> => {
    if (refusal) throw refusal;
    plugged.push([xml.split("\n")[0] ?? "", flags]);
  };
  return new Proxy(connect, {
    get: (target, name) =>
      name === "domainAttachDeviceFlags" || name === "domainDetachDeviceFlags"
        ? call
        : Reflect.get(target, name),
  });
}

const domain = (): ManagedDomain => {
  const [found] = manager.domains();
  if (!found) throw new Error("there is no domain");
  return found;
};

const presenceOf = (id: string) =>
  devicesIn(domain().definition, domain().live).find((device) => device.id === id)?.presence;

describe("a device", () => {
  it("that cannot be plugged in is there from the next start on", async () => {
    const before = domain();
    expect((await addDevice(manager, before, RNG))?.message).toContain("not supported");
    expect(presenceOf("rng-0")).toBe("definition");
    expect(addedId(before, domain())).toBe("rng-0");
    // What never ran needs no unplugging.
    expect(await removeDevice(manager, domain(), "rng-0")).toBeNull();
    expect(presenceOf("rng-0")).toBeUndefined();
  });

  it("is plugged into both definitions by one call where the driver can", async () => {
    refusal = null;
    expect(await addDevice(manager, domain(), RNG)).toBeNull();
    expect(await removeDevice(manager, domain(), "disk-vda")).toBeNull();
    expect(plugged).toEqual([
      ["<rng model='virtio'>", 3],
      ["<disk type='file' device='disk'>", 3],
    ]);
  });

  it("that cannot be unplugged goes after the next shut off", async () => {
    expect((await removeDevice(manager, domain(), "disk-vda"))?.message).toContain("not supported");
    expect(presenceOf("disk-vda")).toBe("live");
    refusal = null;
    // It is in what runs only: so is the call.
    expect(await removeDevice(manager, domain(), "disk-vda")).toBeNull();
    expect(plugged).toEqual([["<disk type='file' device='disk'>", 1]]);
  });

  it("changes nothing where libvirt refuses its definition", async () => {
    const bad = parseXml("<interface type='network'/>", "device_definition");
    await expect(addDevice(manager, domain(), bad)).rejects.toThrow("No <source> 'network'");
    expect(devicesIn(domain().definition, domain().live)).toHaveLength(3);
  });

  it("is only plugged in where the domain is transient", async () => {
    await manager.connect.domainUndefineFlags(domain().ref, 0);
    await expect.poll(() => domain().isPersistent).toBe(false);
    await expect(addDevice(manager, domain(), RNG)).rejects.toThrow("not supported");
    refusal = null;
    expect(await addDevice(manager, domain(), RNG)).toBeNull();
    expect(plugged).toEqual([["<rng model='virtio'>", 1]]);
    await expect(redefine(manager, domain(), (definition) => definition)).rejects.toThrow(
      "transient domains do not have any persistent config",
    );
  });
});

describe("a definition", () => {
  it("keeps the passwords that snapshots do not show", async () => {
    const graphics = "<graphics type='vnc' port='-1' passwd='secret'/>";
    const withGraphics = parseXml(graphics, "device_definition");
    await addDevice(manager, domain(), withGraphics);
    expect(deviceAt(domain().definition, "graphics-0")?.attributes.get("passwd")).toBeUndefined();
    await redefine(manager, domain(), (definition) => definition);
    expect(await manager.connect.domainGetXMLDesc(domain().ref, 3)).toContain("passwd='secret'");
  });
});
