/** What is still there when the driver is opened again. */
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryFiles } from "./testing/fake-ports.ts";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("what is stored", () => {
  it("is there again in the next host", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await bench.calls.domainSetAutostart(domain, true);
    const text = await bench.calls.domainGetXMLDesc(domain, 0);
    await bench.calls.networkDefineXMLFlags("<network><name>n</name></network>", 0);
    const secret = await bench.calls.secretDefineXML(
      "<secret><usage type='volume'><volume>/v</volume></usage></secret>",
      0,
    );
    await bench.calls.secretSetValue(secret, Uint8Array.of(0, 255, 7), 0);
    bench = await openQemuBench(bench.ports.files);
    // As under libvirt, controllers that were added stand with their like when they are read again.
    const lines = (of: string): string[] => of.split("\n").toSorted();
    expect(lines(await bench.calls.domainGetXMLDesc(domain, 0))).toEqual(lines(text));
    expect(await bench.calls.domainGetAutostart(domain)).toBe(true);
    expect(await bench.calls.connectListAllNetworks(0)).toHaveLength(1);
    expect(await bench.calls.secretGetValue(secret, 0)).toEqual(Uint8Array.of(0, 255, 7));
    await bench.host.autostart(() => {});
    expect(bench.ports.machines).toHaveLength(1);
  });

  it("is the old or the new one after a crash between any two writes of a rename", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("old"), 0);
    await bench.calls.domainSetAutostart(domain, true);
    const before = new Map(bench.ports.files.files);
    for (let changes = 0; changes <= 4; changes++) {
      const files = new Map(before);
      bench = await openQemuBench(new MemoryFiles(files, changes));
      const renamed = bench.calls.domainRename(domain, "new", 0);
      if (changes < 4) await expect(renamed).rejects.toThrow("the writer died");
      else await renamed;
      bench = await openQemuBench(new MemoryFiles(files));
      const [found, ...others] = await bench.calls.connectListAllDomains(0);
      expect(others).toEqual([]);
      expect(["old", "new"]).toContain(found?.name);
      expect(await bench.calls.domainGetAutostart(found!)).toBe(true);
      expect(files.size).toBe(3);
    }
  });

  it("is of one domain where another one is given its name at the same time", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    const other = xml("c").replace(/<uuid>.*<\/uuid>/, "");
    const [renamed, defined] = await Promise.allSettled([
      bench.calls.domainRename(domain, "c", 0),
      bench.calls.domainDefineXMLFlags(other, 0),
    ]);
    expect([renamed.status, defined.status].toSorted()).toEqual(["fulfilled", "rejected"]);
    const names = (await bench.calls.connectListAllDomains(0)).map(({ name }) => name);
    expect(names.filter((name) => name === "c")).toHaveLength(1);
  });

  it("stays as it was when it cannot be written", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    bench = await openQemuBench(new MemoryFiles(bench.ports.files.files, 0));
    await expect(bench.calls.domainSetMaxMemory(domain, 262_144)).rejects.toThrow(
      "the writer died",
    );
    expect(await bench.calls.domainGetMaxMemory(domain)).toBe(131_072);
    await expect(bench.calls.domainUndefineFlags(domain, 0)).rejects.toThrow("the writer died");
    expect(await bench.calls.connectListAllDomains(0)).toHaveLength(1);
  });
});
