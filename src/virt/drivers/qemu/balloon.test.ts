/** Memory that a running domain's guest gives up and takes back. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Event, MonitorEvent } from "../../driver/events.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { FakeMachine } from "./testing/fake-ports.ts";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

const MIB = 2 ** 20;
const KIB_PER_MIB = 1024;
const [LIVE, CONFIG, MAXIMUM, INACTIVE, HMP] = [1, 2, 4, 2, 1];

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

/** Starts a domain of 128 MiB at most, and 96 MiB at first. */
async function started(
  balloon = "<memballoon model='virtio'/>",
  rest = "",
): Promise<[DomainRef, FakeMachine]> {
  const text = xml("a", `<currentMemory unit='MiB'>96</currentMemory>${rest}`);
  const definition = text.replace("<serial", `${balloon}<serial`);
  const domain = await bench.calls.domainDefineXMLFlags(definition, 0);
  const active = await bench.calls.domainCreateWithFlags(domain, 0);
  return [active, bench.ports.machines.at(-1) as FakeMachine];
}

const currentKib = async (domain: DomainRef, flags = 0): Promise<number> => {
  const text = await bench.calls.domainGetXMLDesc(domain, flags);
  return Number(/<currentMemory unit='KiB'>(\d+)</.exec(text)?.[1]);
};

describe("a domain's balloon", () => {
  it("is asked for the current memory at the start, and the domain has what the guest has", async () => {
    const events: Event[] = [];
    const monitor: MonitorEvent[] = [];
    await bench.calls.connectEvents((event) => void events.push(event));
    await bench.calls.connectMonitorEvents((event) => void monitor.push(event));
    const [domain, machine] = await started();
    expect(machine.config.memoryBytes).toBe(128 * MIB);
    expect(machine.calls).toEqual(["start", `setBalloon ${96 * MIB}`]);
    expect(await currentKib(domain)).toBe(128 * KIB_PER_MIB);
    machine.inflate(100 * MIB);
    machine.inflate(96 * MIB);
    expect(await currentKib(domain)).toBe(96 * KIB_PER_MIB);
    expect((await bench.calls.domainGetInfo(domain)).memoryKib).toBe(96 * KIB_PER_MIB);
    expect(events).toContainEqual({
      of: "domain",
      domain,
      event: { kind: "balloon-change", actual: 100 * KIB_PER_MIB },
    });
    expect(monitor.at(-1)).toMatchObject({
      event: "BALLOON_CHANGE",
      details: `{"actual":${96 * MIB}}`,
    });
  });

  it("asks for nothing where the guest may have all, and is not there where that was said", async () => {
    const [, machine] = await bench.started();
    expect(machine.calls).toEqual(["start"]);
    bench = await openQemuBench();
    const [domain, other] = await started("<memballoon model='none'/>");
    expect(other.config.devices?.some(({ kind }) => kind === "virtio-balloon")).toBe(false);
    expect(other.calls).toEqual(["start"]);
    // As libvirt: what the machine has counts.
    expect(await currentKib(domain)).toBe(128 * KIB_PER_MIB);
    expect(await bench.calls.domainMemoryStats(domain, 0)).toEqual([{ tag: 7, value: 64n }]);
  });

  it("may give memory back by itself", async () => {
    const [, { config }] = await started(
      "<memballoon model='virtio-non-transitional' autodeflate='on'/>",
    );
    expect(config.devices?.at(-1)).toEqual({
      kind: "virtio-balloon",
      disableLegacy: true,
      deflateOnOom: true,
    });
  });

  it("does not report free pages, and is not Xen's", async () => {
    await expect(started("<memballoon model='virtio' freePageReporting='on'/>")).rejects.toThrow(
      "unsupported configuration: freePageReporting is not supported by this QEMU binary",
    );
    await expect(started("<memballoon model='xen'/>")).rejects.toThrow(
      "Memory balloon device type 'xen' is not supported by this version of qemu",
    );
  });

  it("is asked again by the machine's next start", async () => {
    const [domain, machine] = await started(
      "<memballoon model='virtio'><stats period='3'/></memballoon>",
      "<on_poweroff>restart</on_poweroff>",
    );
    await bench.calls.domainSetMemoryFlags(domain, 80 * KIB_PER_MIB, LIVE);
    machine.inflate(80 * MIB);
    machine.calls.length = 0;
    machine.tell({ state: "shutoff", reason: "shutdown", exitCode: 0 });
    await expect
      .poll(() => machine.calls)
      .toEqual(["start", "setBalloonPolling 3", `setBalloon ${80 * MIB}`]);
    expect(await currentKib(domain)).toBe(128 * KIB_PER_MIB);
  });
});

describe("memory of a domain", () => {
  it("is changed by the guest, and for the next start", async () => {
    const [domain, machine] = await started();
    const set = (mib: number, flags: number) =>
      bench.calls.domainSetMemoryFlags(domain, mib * KIB_PER_MIB, flags);
    await set(64, LIVE | CONFIG);
    expect(machine.calls.at(-1)).toBe(`setBalloon ${64 * MIB}`);
    expect(await currentKib(domain)).toBe(128 * KIB_PER_MIB);
    expect(await currentKib(domain, INACTIVE)).toBe(64 * KIB_PER_MIB);
    await set(32, 0);
    expect(await currentKib(domain, INACTIVE)).toBe(64 * KIB_PER_MIB);
    await bench.calls.domainSuspend(domain);
    await set(48, LIVE);
    expect(machine.calls.at(-1)).toBe(`setBalloon ${48 * MIB}`);
  });

  it("is no more than both definitions allow", async () => {
    const [domain] = await started();
    const set = (mib: number, flags: number) =>
      bench.calls.domainSetMemoryFlags(domain, mib * KIB_PER_MIB, flags);
    await expect(set(256, MAXIMUM)).rejects.toThrow(
      "cannot resize the maximum memory on an active domain",
    );
    await set(72, CONFIG | MAXIMUM);
    expect(await currentKib(domain, INACTIVE)).toBe(72 * KIB_PER_MIB);
    for (const [mib, flags] of [
      [129, LIVE],
      [73, CONFIG],
      [73, LIVE | CONFIG],
    ] as const) {
      await expect(set(mib, flags)).rejects.toThrow("cannot set memory higher than max memory");
    }
    await set(128, LIVE);
    // The current memory of the next start stays where it is lower.
    await set(64, CONFIG);
    await set(100, CONFIG | MAXIMUM);
    expect(await currentKib(domain, INACTIVE)).toBe(64 * KIB_PER_MIB);
  });
});

describe("the guest's figures", () => {
  const STATS = {
    "stat-swap-in": 4096n,
    "stat-swap-out": 8192n,
    "stat-major-faults": 3n,
    "stat-minor-faults": 4n,
    "stat-free-memory": 51_200n,
    "stat-total-memory": 102_400n,
    "stat-available-memory": 61_440n,
    "stat-disk-caches": 10_240n,
    "stat-htlb-pgalloc": 1n,
    // QEMU's word for what the guest did not say.
    "stat-htlb-pgfail": 2n ** 64n - 1n,
  };

  it("are given in libvirt's order and units", async () => {
    const [domain, machine] = await started();
    machine.balloonInfo = {
      actualBytes: 96 * MIB,
      stats: STATS,
      statsAtS: 1_700_000_000,
      pollIntervalS: 0,
    };
    const stats = await bench.calls.domainMemoryStats(domain, 0);
    expect(stats.map(({ tag, value }) => [tag, Number(value)])).toEqual([
      ...[
        [6, 98_304],
        [0, 4],
        [1, 8],
        [2, 3],
        [3, 4],
        [4, 50],
        [5, 100],
      ],
      ...[
        [8, 60],
        [9, 1_700_000_000],
        [10, 10],
        [11, 1],
        [7, 64],
      ],
    ]);
    machine.inflate(96 * MIB);
    const [record] = await bench.calls.connectGetAllDomainStats([domain], 4, 0);
    expect(record?.params.map(({ field, value }) => `${field}=${value}`)).toEqual([
      "balloon.current=98304",
      "balloon.maximum=131072",
      "balloon.swap_in=4",
      "balloon.swap_out=8",
      "balloon.major_fault=3",
      "balloon.minor_fault=4",
      "balloon.unused=50",
      "balloon.available=100",
      "balloon.usable=60",
      "balloon.last-update=1700000000",
      "balloon.disk_caches=10",
      "balloon.hugetlb_pgalloc=1",
      "balloon.rss=64",
    ]);
  });

  it("are asked for as often as the domain says", async () => {
    const [domain, machine] = await started(
      "<memballoon model='virtio'><stats period='5'/></memballoon>",
    );
    expect(machine.calls).toContain("setBalloonPolling 5");
    const period = async (flags: number): Promise<string | undefined> =>
      /<stats period='(\d+)'/.exec(await bench.calls.domainGetXMLDesc(domain, flags))?.[1];
    await bench.calls.domainSetMemoryStatsPeriod(domain, 7, LIVE);
    expect([await period(0), await period(INACTIVE)]).toEqual(["7", "5"]);
    await bench.calls.domainSetMemoryStatsPeriod(domain, 0, LIVE | CONFIG);
    expect([await period(0), await period(INACTIVE)]).toEqual([undefined, undefined]);
    expect(machine.calls.at(-1)).toBe("setBalloonPolling 0");
  });

  it("are not asked for without a balloon", async () => {
    const [domain] = await started("<memballoon model='none'/>");
    for (const flags of [LIVE, CONFIG]) {
      await expect(bench.calls.domainSetMemoryStatsPeriod(domain, 7, flags)).rejects.toThrow(
        "internal error: No memory balloon device configured, can not set the collection period",
      );
    }
  });
});

describe("the monitor's balloon", () => {
  const asked = async (domain: DomainRef, execute: string, args?: object): Promise<unknown> => {
    const command = JSON.stringify({ execute, ...(args && { arguments: args }) });
    const answer = await bench.calls.domainQemuMonitorCommand(domain, command, 0);
    const { return: value, error } = JSON.parse(answer) as { return?: unknown; error?: object };
    return error ?? value;
  };
  const wrong = (desc: string, name = "GenericError") => ({ class: name, desc });
  const typed = (domain: DomainRef, line: string) =>
    bench.calls.domainQemuMonitorCommand(domain, line, HMP);
  const property = (name: string, value?: unknown) => ({
    path: "/machine/peripheral/balloon0",
    property: name,
    ...(value !== undefined && { value }),
  });

  it("is commanded and asked by QMP, in QEMU's words", async () => {
    const [domain, machine] = await started();
    expect(await asked(domain, "balloon", { value: 64 * MIB })).toEqual({});
    expect(machine.calls.at(-1)).toBe(`setBalloon ${64 * MIB}`);
    expect(await asked(domain, "query-balloon")).toEqual({ actual: 128 * MIB });
    expect(await asked(domain, "query-memory-size-summary")).toMatchObject({
      "base-memory": 128 * MIB,
    });
    const size = wrong("Parameter 'target' expects a size");
    expect(await asked(domain, "balloon", { value: 0 })).toEqual(size);
    expect(await asked(domain, "balloon", { value: -5 })).toEqual(size);
    expect(await asked(domain, "balloon", { value: "x" })).toEqual(
      wrong("Invalid parameter type for 'value', expected: integer"),
    );
    expect(await asked(domain, "balloon")).toEqual(wrong("Parameter 'value' is missing"));
    expect(await asked(domain, "query-balloon", { x: 1 })).toEqual(
      wrong("Parameter 'x' is unexpected"),
    );
  });

  it("tells its properties, numbers of 64 bits to the last bit", async () => {
    const [domain, machine] = await started();
    machine.balloonInfo = { ...machine.balloonInfo, stats: { "stat-swap-in": 2n ** 63n + 1n } };
    const command = JSON.stringify({ execute: "qom-get", arguments: property("guest-stats") });
    const answer = await bench.calls.domainQemuMonitorCommand(domain, command, 0);
    expect(answer).toContain('"stat-swap-in":9223372036854775809,');
    expect(answer).toContain('"stat-htlb-pgfail":18446744073709551615},"last-update":0}');
    const set = (value: unknown) =>
      asked(domain, "qom-set", property("guest-stats-polling-interval", value));
    expect(await set(2)).toEqual({});
    expect(await asked(domain, "qom-get", property("guest-stats-polling-interval"))).toBe(2);
    expect(await set(-1)).toEqual(wrong("timer value must be greater than zero"));
    expect(await set(2 ** 32)).toEqual(wrong("timer value is too big"));
    expect(await set("x")).toEqual(
      wrong("Invalid parameter type for 'guest-stats-polling-interval', expected: integer"),
    );
    expect(await asked(domain, "qom-set", property("guest-stats", 1))).toEqual(
      wrong("Property 'virtio-balloon-device.guest-stats' is not writable"),
    );
    expect(await asked(domain, "qom-get", property("foo"))).toEqual(
      wrong("Property 'virtio-balloon-pci.foo' not found"),
    );
    expect(await asked(domain, "qom-get", { path: "balloon0", property: "type" })).toBe(
      "virtio-balloon-pci",
    );
    expect(await asked(domain, "qom-get", { path: "c", property: "type" })).toEqual(
      wrong("Device 'c' not found", "DeviceNotFound"),
    );
  });

  it("is commanded and asked by hand", async () => {
    const [domain, machine] = await started();
    expect(await typed(domain, "balloon 64")).toBe("");
    expect(machine.calls.at(-1)).toBe(`setBalloon ${64 * MIB}`);
    expect(await typed(domain, "balloon 0x20")).toBe("");
    expect(machine.calls.at(-1)).toBe(`setBalloon ${32 * MIB}`);
    expect(await typed(domain, "info balloon")).toBe("balloon: actual=128\r\n");
    const help = `Try "help balloon" for more information\r\n`;
    expect(await typed(domain, "balloon")).toBe(`unexpected end of expression\r\n${help}`);
    expect(await typed(domain, "balloon x")).toBe(`invalid char 'x' in expression\r\n${help}`);
    expect(await typed(domain, "balloon -1")).toBe(`enter a positive value\r\n${help}`);
    expect(await typed(domain, "balloon 1 2")).toBe(
      `balloon: extraneous characters at the end of line\r\n${help}`,
    );
    expect(await typed(domain, "balloon 0")).toBe("Error: Parameter 'target' expects a size\r\n");
  });

  it("is not there without one", async () => {
    const [domain] = await started("<memballoon model='none'/>");
    const none = wrong("No balloon device has been activated", "DeviceNotActive");
    expect(await asked(domain, "query-balloon")).toEqual(none);
    expect(await asked(domain, "balloon", { value: 0 })).toEqual(none);
    expect(await typed(domain, "info balloon")).toBe(
      "Error: No balloon device has been activated\r\n",
    );
  });
});
