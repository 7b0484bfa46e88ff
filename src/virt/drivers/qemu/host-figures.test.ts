import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import { openQemuBench } from "./testing/qemu-bench.ts";

let calls: Calls;

beforeEach(async () => {
  const bench = await openQemuBench();
  const times = [
    { kernelMs: 1, userMs: 2, idleMs: 3 },
    { kernelMs: 10, userMs: 20, idleMs: 30.5 },
  ];
  Object.assign(bench.ports.host, { cpuTimes: () => times });
  ({ calls } = bench);
});

describe("figures of the host", () => {
  it("are times of one CPU or all", async () => {
    const one = await calls.nodeGetCPUStats(1, 0);
    expect(one.map(({ field, value }) => `${field} ${value}`)).toEqual([
      ...["kernel 10000000", "user 20000000", "idle 30500000"],
    ]);
    expect((await calls.nodeGetCPUStats(-1, 0))[0]?.value).toBe(11_000_000n);
    await expect(calls.nodeGetCPUStats(2, 0)).rejects.toThrow("invalid argument: Invalid cpuNum");
  });

  it("are not there where the host does not tell", async () => {
    const { calls: others } = await openQemuBench();
    await expect(others.nodeGetCPUStats(-1, 0)).rejects.toThrow(
      "node CPU stats not implemented on this platform",
    );
  });

  it("are memory and its pages", async () => {
    expect(await calls.nodeGetMemoryStats(-1, 0)).toEqual([
      { field: "total", value: 1024n },
      { field: "free", value: 4n },
    ]);
    await expect(calls.nodeGetMemoryStats(1, 0)).rejects.toThrow("less than or equal to 0");
    expect(await calls.nodeGetFreePages([4], 0, 1, 0)).toEqual([1n]);
    await expect(calls.nodeGetFreePages([2048], 0, 1, 0)).rejects.toThrow(
      "operation failed: page size 2048 is not available on node 0",
    );
    await expect(calls.nodeGetFreePages([4], 1, 1, 0)).rejects.toThrow("start cell 1 out of range");
  });
});

describe("what the host does not know", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["'riscv64' architecture is not supported by CPU driver", () => calls.connectCompareCPU("", 0)],
    ["'x86_64' architecture is not", () => calls.connectGetCPUModelNames("x86_64", 0)],
    ["Host SMBIOS information is not available", () => calls.connectGetSysinfo(0)],
    [
      "QEMU '/usr/bin/qemu-system-riscv64' does not support any CPU models for virttype 'qemu'",
      () => calls.connectBaselineHypervisorCPU(null, null, null, null, [], 0),
    ],
    [
      "pool type 'dir' does not support source discovery",
      () => calls.connectFindStoragePoolSources("dir", null, 0),
    ],
    [
      "missing backend for pool type 13 (vstorage)",
      () => calls.connectFindStoragePoolSources("vstorage", null, 0),
    ],
    ["unknown storage pool type x", () => calls.connectFindStoragePoolSources("x", null, 0)],
  ])("is told: %s", async (words, ask) => {
    await expect(ask()).rejects.toThrow(words);
  });
});

describe("the host's devices", () => {
  it("are the host itself", async () => {
    const [ACTIVE, INACTIVE, SYSTEM, PCI] = [0x8000_0000, 0x4000_0000, 1, 2];
    const names = async (flags: number): Promise<string[]> =>
      (await calls.connectListAllNodeDevices(flags)).map(({ name }) => name);
    expect(await names(0)).toEqual(["computer"]);
    expect(await names(ACTIVE + SYSTEM + PCI)).toEqual(["computer"]);
    expect(await names(ACTIVE + PCI)).toEqual([]);
    expect(await names(INACTIVE)).toEqual([]);
    const computer = await calls.nodeDeviceLookupByName("computer");
    expect(await calls.nodeDeviceGetXMLDesc(computer, 0)).toBe(
      `<device>
  <name>computer</name>
  <capability type='system'>
    <hardware>
      <uuid>00000000-0000-0000-0000-000000000001</uuid>
    </hardware>
    <firmware>
    </firmware>
  </capability>
</device>
`,
    );
    await expect(calls.nodeDeviceDetachFlags(computer, null, 0)).rejects.toThrow(
      "device computer is not a PCI device",
    );
    await expect(calls.nodeDeviceLookupByName("pci_0")).rejects.toThrow(
      "Node device not found: no node device with matching name 'pci_0'",
    );
  });
});
