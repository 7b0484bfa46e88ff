/** The machine that a domain's start makes, or why none is made. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("a domain's machine", () => {
  it("has what the definition says", async () => {
    const [, { config }] = await bench.started();
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
      // libvirt gives every domain one.
      { kind: "virtio-balloon" },
    ]);
  });

  it("is paused from its first instruction on where that is asked for", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await bench.calls.domainCreateWithFlags(domain, 1);
    expect(await bench.stateOf(domain)).toEqual({ state: 3, reason: 1 });
    await bench.calls.domainResume(domain);
    expect(bench.events).toEqual(["0.0", "2.0", "3.0", "4.0"]);
    expect(bench.ports.machines[0]?.calls).toEqual(["start", "resume"]);
  });

  it("ends with the connection where that is asked for", async () => {
    const connection = bench.host.connection();
    const other = connection as Calls;
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await other.domainCreateWithFlags(domain, 2);
    await bench.calls.domainDestroyFlags(domain, 0);
    await other.domainCreateWithFlags(domain, 0);
    await bench.host.connection().close();
    expect(await bench.stateOf(domain)).toMatchObject({ state: 1 });
    await other.domainDestroyFlags(domain, 0);
    await other.domainCreateWithFlags(domain, 2);
    await connection.close();
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 2 });
    expect(bench.events.at(-1)).toBe("5.1");
  });

  it("is refused where it has a device that no machine has", async () => {
    const bad = xml("a").replace("<serial", "<sound model='ich6'/><serial");
    const domain = await bench.calls.domainDefineXMLFlags(bad, 0);
    await expect(bench.calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "unsupported configuration: this QEMU doesn't support the device sound",
    );
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 6 });
  });

  it("is refused where a disk's file is missing", async () => {
    bench.ports.missing.add("/d.img");
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await expect(bench.calls.domainCreateWithFlags(domain, 0)).rejects.toThrow(
      "Cannot access storage file '/d.img': No such file or directory",
    );
  });

  it("leaves the domain shut off when it cannot be built", async () => {
    bench.ports.prepare = (machine) => (machine.startError = new Error("no room"));
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await expect(bench.calls.domainCreateWithFlags(domain, 0)).rejects.toThrow("no room");
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 6 });
    expect(bench.events).toEqual(["0.0"]);
    bench.ports.prepare = () => {};
    await bench.calls.domainCreateWithFlags(domain, 0);
    expect(await bench.stateOf(domain)).toEqual({ state: 1, reason: 1 });
  });

  it("ends with a domain that is destroyed while it starts", async () => {
    bench.ports.prepare = (machine) => (machine.images = new Promise(() => {}));
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    const start = says(bench.calls.domainCreateWithFlags(domain, 0));
    await expect.poll(() => bench.ports.machines[0]?.calls).toEqual(["start"]);
    await bench.calls.domainDestroyFlags(domain, 0);
    expect(await start).toBe("operation aborted: the machine was forced off");
    expect(bench.ports.machines[0]?.calls).toEqual(["start", "forceOff"]);
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 2 });
    expect(bench.events).toEqual(["0.0", "5.1"]);
  });

  it("ends, too, when it did not know of its start then", async () => {
    let go = (): void => {};
    bench.ports.prepare = (machine) => {
      machine.images = new Promise((resolve) => (go = resolve));
      machine.forceOff = () => {
        Reflect.deleteProperty(machine, "forceOff");
        return Promise.reject(new Error("domain is not running"));
      };
    };
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    const start = says(bench.calls.domainCreateWithFlags(domain, 0));
    await expect.poll(() => bench.ports.machines[0]?.calls).toEqual(["start"]);
    await bench.calls.domainDestroyFlags(domain, 0);
    go();
    expect(await start).toBe("operation aborted: the machine was forced off");
    expect(bench.ports.machines[0]?.state).toBe("shutoff");
    expect(bench.ports.machines[0]?.calls).toEqual(["start", "forceOff"]);
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 2 });
  });
});

const says = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("interrupt controllers", () => {
  it.each([
    ["/k", 2, "none"],
    ["/usr/share/tabvisor/guests/shell/kernel", 1, "none"],
    ["/usr/share/tabvisor/guests/shell/kernel", 2, "aplic-imsic"],
  ])("of kernel %s on %i vCPUs are %s", async (kernel, vcpus, aia) => {
    const text = xml("a", `<vcpu>${vcpus}</vcpu>`).replace("/k<", `${kernel}<`);
    const domain = await bench.calls.domainDefineXMLFlags(text, 0);
    await bench.calls.domainCreateWithFlags(domain, 0);
    expect(bench.ports.machines[0]?.config.aia).toBe(aia);
  });
});
