/** What is set for a domain's next start, and what a running one says to the same. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { param, type TypedParams } from "../../driver/typed-params.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts, MemoryFiles } from "./testing/fake-ports.ts";

const XML = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
  <vcpu current='2'>4</vcpu><iothreads>1</iothreads>
  <os><type arch='riscv64' machine='virt'>hvm</type></os><devices>
  <disk type='file'><driver name='qemu' iothread='1'/><source file='/d.img'/>
  <target dev='vda' bus='virtio'/></disk>
  <interface type='user'><mac address='52:54:00:00:00:09'/><bandwidth><inbound average='5'/>
  <outbound average='7' peak='8'/></bandwidth></interface>
  <serial type='pty'/></devices></domain>`;
const [LIVE, CONFIG] = [1, 2];

let calls: Calls;
let files: MemoryFiles;
let domain: DomainRef;

beforeEach(async () => {
  files = new MemoryFiles();
  calls = (await openQemuHost(new FakePorts(files), () => {})).connection() as Calls;
  domain = await calls.domainDefineXMLFlags(XML, 0);
});

const stored = (): string => files.files.get("qemu/a.xml") ?? "";
const valueOf = (params: TypedParams, name: string): unknown =>
  params.find(({ field }) => field === name)?.value;

/** Starts the domain, without the interface, of which machines have none. */
const start = async (): Promise<void> => {
  const text = XML.replace(/<interface[^]*<.interface>/, "").replace(
    "<name>",
    `<uuid>${domain.uuid}</uuid><name>`,
  );
  domain = await calls.domainDefineXMLFlags(text, 0);
  domain = await calls.domainCreateWithFlags(domain, 0);
};

describe("what is tuned", () => {
  it("is the scheduler, within its ranges", async () => {
    const set = (...params: TypedParams) => calls.domainSetSchedulerParameters(domain, params);
    expect(await calls.domainGetSchedulerType(domain)).toBe("posix");
    await set(param.ullong("cpu_shares", 2048n), param.llong("vcpu_quota", -1n));
    await set(param.ullong("global_period", 5000n));
    const params = await calls.domainGetSchedulerParametersFlags(domain, CONFIG);
    expect(params.map(({ field }) => field)).toEqual([
      ...["cpu_shares", "vcpu_period", "vcpu_quota", "emulator_period", "emulator_quota"],
      ...["global_period", "global_quota", "iothread_period", "iothread_quota"],
    ]);
    expect(params[2]).toEqual(param.llong("vcpu_quota", -1n));
    expect(stored()).toContain("<global_period>5000</global_period>");
    await set(param.ullong("global_period", 0n));
    expect(stored()).not.toContain("global_period");
    await expect(set(param.ullong("vcpu_period", 999n))).rejects.toThrow(
      "invalid argument: value of 'vcpu_period' is out of range [1000, 1000000]",
    );
    await expect(set(param.uint("weight", 1))).rejects.toThrow("parameter 'weight' not supported");
  });

  it("is memory, block I/O and the host's nodes", async () => {
    await calls.domainSetMemoryParameters(domain, [param.ullong("hard_limit", 9n)], 0);
    expect(valueOf(await calls.domainGetMemoryParameters(domain, 0), "hard_limit")).toBe(9n);
    await expect(
      calls.domainSetMemoryParameters(domain, [param.ullong("swap_hard_limit", 1n)], 0),
    ).rejects.toThrow("must be lower than or equal to swap_hard_limit");
    const weights = [
      param.uint("weight", 300),
      param.string("device_weight", "/dev/x,200,/dev/y,1"),
    ];
    await calls.domainSetBlkioParameters(domain, weights, CONFIG);
    await calls.domainSetBlkioParameters(domain, [param.string("device_weight", "/dev/y,0")], 0);
    const blkio = await calls.domainGetBlkioParameters(domain, 0);
    expect([valueOf(blkio, "weight"), valueOf(blkio, "device_weight")]).toEqual([
      300,
      "/dev/x,200",
    ]);
    const wrong = calls.domainSetBlkioParameters(domain, [param.string("device_weight", "/x")], 0);
    await expect(wrong).rejects.toThrow("unable to parse blkio device 'device_weight' '/x'");
    await calls.domainSetNumaParameters(domain, [param.string("numa_nodeset", "0")], 0);
    expect(stored()).toContain("<memory mode='strict' nodeset='0'/>");
  });

  it("is an interface's bandwidth, one way as a whole", async () => {
    const mac = "52:54:00:00:00:09";
    const set = (...params: TypedParams) =>
      calls.domainSetInterfaceParameters(domain, mac, params, CONFIG);
    await set(param.uint("outbound.average", 9));
    expect(stored()).toContain("<outbound average='9'/>");
    expect(stored()).toContain("<inbound average='5'/>");
    await set(param.uint("inbound.average", 0), param.uint("outbound.peak", 3));
    expect(stored()).not.toContain("<inbound");
    expect(stored()).toContain("<outbound average='9'/>");
    expect(
      valueOf(await calls.domainGetInterfaceParameters(domain, mac, 0), "outbound.average"),
    ).toBe(9);
    await expect(calls.domainGetInterfaceParameters(domain, "vnet0", 0)).rejects.toThrow(
      "'vnet0' is not a known interface",
    );
  });

  it("is which events are counted", async () => {
    await calls.domainSetPerfEvents(domain, [param.boolean("instructions", true)], 0);
    await calls.domainSetPerfEvents(domain, [param.boolean("cmt", false)], 0);
    expect(stored()).toMatch(
      /name='cmt' enabled='no'\/>\s*<event name='instructions' enabled='yes'/,
    );
    expect(valueOf(await calls.domainGetPerfEvents(domain, 0), "instructions")).toBe(true);
    await start();
    expect(valueOf(await calls.domainGetPerfEvents(domain, LIVE), "instructions")).toBe(false);
  });
});

describe("threads", () => {
  it("are bound to CPUs", async () => {
    await calls.domainPinVcpuFlags(domain, 3, [false, true], CONFIG);
    await calls.domainPinEmulator(domain, [true, false], CONFIG);
    const pins = await calls.domainGetVcpuPinInfo(domain, CONFIG);
    expect(pins).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [false, true],
    ]);
    expect(await calls.domainGetEmulatorPinInfo(domain, CONFIG)).toEqual([true, false]);
    await calls.domainPinVcpuFlags(domain, 1, [true], CONFIG);
    expect(stored()).toMatch(/<vcpupin vcpu='1' cpuset='0'\/>\s*<vcpupin vcpu='3' cpuset='1'\/>/);
    await expect(calls.domainPinVcpuFlags(domain, 4, [true], CONFIG)).rejects.toThrow(
      "vcpu 4 is out of range of persistent cpu count 2",
    );
    await expect(calls.domainPinEmulator(domain, [false], CONFIG)).rejects.toThrow(
      "Empty cpu list for pinning",
    );
  });

  it("for I/O come and go, and have their workers", async () => {
    await calls.domainAddIOThread(domain, 4, CONFIG);
    await calls.domainPinIOThread(domain, 4, [false, true], CONFIG);
    const set = (...params: TypedParams) =>
      calls.domainSetIOThreadParams(domain, 4, params, CONFIG);
    await set(param.int("thread_pool_min", 1), param.int("thread_pool_max", 2));
    expect(stored()).toContain("<iothread id='4' thread_pool_min='1' thread_pool_max='2'/>");
    expect(await calls.domainGetIOThreadInfo(domain, CONFIG)).toEqual([
      { id: 1, affinity: [true, true] },
      { id: 4, affinity: [false, true] },
    ]);
    await expect(set(param.int("thread_pool_min", 3))).rejects.toThrow(
      "thread_pool_min (3) can't be greater than thread_pool_max (2)",
    );
    await expect(set(param.ullong("poll_max_ns", 3n))).rejects.toThrow(
      "configuring persistent polling values is not supported",
    );
    await expect(set(param.int("thread_pool_max", 0))).rejects.toThrow("a positive number or -1");
    await expect(calls.domainAddIOThread(domain, 1, CONFIG)).rejects.toThrow("already using");
    await expect(calls.domainDelIOThread(domain, 1, CONFIG)).rejects.toThrow(
      "cannot remove IOThread 1 since it is being used by disk 'vda'",
    );
    await calls.domainDelIOThread(domain, 4, CONFIG);
    expect(stored()).toContain("<iothreads>1</iothreads>");
    expect(stored()).not.toContain("iothreadpin");
    await expect(calls.domainDelIOThread(domain, 0, CONFIG)).rejects.toThrow("invalid value of 0");
  });
});

describe("single vCPUs", () => {
  const set = (map: string, isOnline: boolean, flags = CONFIG): Promise<void> =>
    calls.domainSetVcpu(domain, map, isOnline, flags);

  it("are chosen for the next start, until a count is set", async () => {
    await set("3", true);
    expect(stored()).toContain("<vcpu placement='static' current='3'>4</vcpu>");
    expect(stored()).toContain("<vcpu id='2' enabled='no' hotpluggable='yes'/>");
    expect(stored()).toContain("<vcpu id='3' enabled='yes' hotpluggable='yes'/>");
    await set("1,3", false);
    expect(await calls.domainGetVcpusFlags(domain, CONFIG)).toBe(1);
    await calls.domainSetVcpusFlags(domain, 2, CONFIG);
    expect(stored()).not.toContain("<vcpus>");
  });

  it.each([
    ["0", "vCPU '0' can't be modified"],
    ["4", "vcpu 4 is not present in persistent config"],
    ["^1", "no vcpus selected for modification"],
    ["x", "Failed to parse bitmap 'x'"],
  ])("are not %s", async (map, words) => {
    await expect(set(map, true)).rejects.toThrow(`invalid argument: ${words}`);
  });

  it("stay in their order as long as they are there for good", async () => {
    await calls.domainSetVcpusFlags(domain, 3, CONFIG);
    await expect(set("1", false)).rejects.toThrow(
      "vcpu '1' can't be modified as it is followed by non-hotpluggable online vcpus",
    );
  });
});

describe("actions on a guest's end", () => {
  const set = (type: number, action: number, flags: number): Promise<void> =>
    calls.domainSetLifecycleAction(domain, type, action, flags);
  const [POWEROFF, REBOOT, CRASH] = [0, 1, 2];
  const [DESTROY, RESTART, RENAME, PRESERVE, DUMP] = [0, 1, 2, 3, 4];

  it("change for the next start, and but for reboots while the domain runs", async () => {
    await set(REBOOT, DESTROY, CONFIG);
    expect(stored()).toContain("<on_reboot>destroy</on_reboot>");
    await start();
    await set(CRASH, PRESERVE, LIVE);
    await set(REBOOT, RESTART, LIVE);
    expect(await calls.domainGetXMLDesc(domain, 0)).toContain("<on_crash>preserve</on_crash>");
    expect(stored()).toContain("<on_crash>destroy</on_crash>");
    await expect(set(REBOOT, DESTROY, LIVE | CONFIG)).rejects.toThrow(
      "QEMU was started with incompatible -no-reboot setting",
    );
    expect(stored()).toContain("<on_reboot>restart</on_reboot>");
  });

  it.each([
    [POWEROFF, DUMP, "Lifecycle event 'poweroff' doesn't support 'coredump-destroy' action"],
    [CRASH, RENAME, "doesn't support the 'rename-restart' action"],
    [REBOOT, PRESERVE, "doesn't support the 'preserve' action for 'on_reboot'/'on_poweroff'"],
  ])("are refused: %i %i", async (type, action, words) => {
    await expect(set(type, action, CONFIG)).rejects.toThrow(`unsupported configuration: `);
    await expect(set(type, action, CONFIG)).rejects.toThrow(words);
  });

  it("do not contradict each other", async () => {
    await set(POWEROFF, RESTART, CONFIG);
    await expect(set(REBOOT, DESTROY, CONFIG)).rejects.toThrow("qemu driver doesn't support");
  });
});

describe("what the host has nothing for", () => {
  it.each([
    ["<blkiotune><weight>300</weight></blkiotune>", "Block I/O tuning is not available on this"],
    ["<memtune><soft_limit>9</soft_limit></memtune>", "Memory cgroup is not available on this"],
    ["<cputune><shares>9</shares></cputune>", "CPU tuning is not available on this host"],
    ["<cputune><quota>9000</quota></cputune>", "cgroup cpu is required for scheduler tuning"],
    ["<cputune><vcpupin vcpu='1' cpuset='1'/></cputune>", "cpu affinity is not supported"],
    ["<cputune><emulatorpin cpuset='1'/></cputune>", "Process CPU affinity is not supported"],
  ])("is refused when a domain starts: %s", async (element, words) => {
    const without = XML.replace(/<interface[^]*<.interface>/, "").replace("<name>a", "<name>b");
    const tuned = await calls.domainDefineXMLFlags(without.replace("<os>", `${element}<os>`), 0);
    await expect(calls.domainCreateWithFlags(tuned, 0)).rejects.toThrow(words);
  });

  it("is not what limits nothing, nor what a vCPU has that does not run", async () => {
    await calls.domainSetMemoryParameters(domain, [param.ullong("hard_limit", 0n)], CONFIG);
    await calls.domainPinVcpuFlags(domain, 3, [false, true], CONFIG);
    await calls.domainDetachDeviceFlags(domain, "<interface type='user'/>", CONFIG);
    await calls.domainCreateWithFlags(domain, 0);
    expect(await calls.domainIsActive(domain)).toBe(true);
  });
});

describe("a running domain", () => {
  beforeEach(start);

  it.each<[string, string, () => Promise<unknown>]>([
    [
      "scheduler",
      "cgroup CPU controller is not mounted",
      () => calls.domainGetSchedulerType(domain),
    ],
    [
      "shares",
      "cgroup CPU controller is not mounted",
      () => calls.domainSetSchedulerParameters(domain, [param.ullong("cpu_shares", 1n)]),
    ],
    ["memory", "cgroup memory controller is not", () => calls.domainGetMemoryParameters(domain, 0)],
    ["block I/O", "blkio cgroup isn't mounted", () => calls.domainGetBlkioParameters(domain, LIVE)],
    [
      "nodes",
      "cgroup cpuset controller is not mounted",
      () => calls.domainSetNumaParameters(domain, [param.string("numa_nodeset", "0")], LIVE),
    ],
    [
      "events",
      "Perf not supported on this platform",
      () => calls.domainSetPerfEvents(domain, [param.boolean("cmt", true)], LIVE | CONFIG),
    ],
    ["vCPUs", "specific vCPU hotplug", () => calls.domainSetVcpu(domain, "3", true, LIVE)],
    [
      "pins",
      "cpu affinity is not supported",
      () => calls.domainPinVcpuFlags(domain, 0, [true], LIVE),
    ],
    [
      "affinity",
      "not supported on this platform",
      () => calls.domainPinEmulator(domain, [true], 0),
    ],
    ["threads", "IOThreads not supported with", () => calls.domainGetIOThreadInfo(domain, 0)],
    [
      "a thread",
      "IOThreads not supported with",
      () => calls.domainAddIOThread(domain, 2, LIVE | CONFIG),
    ],
    ["wake-up", "wake-up from suspend is not", () => calls.domainPMWakeup(domain, 0)],
    ["sleep", "agent is not configured", () => calls.domainPMSuspendForDuration(domain, 0, 0n, 0)],
    [
      "interfaces",
      "'vnet0' is not a known interface",
      () => calls.domainInterfaceStats(domain, "vnet0"),
    ],
    [
      "block jobs",
      "disk vda does not have an active",
      () => calls.domainBlockJobAbort(domain, "vda", 0),
    ],
    ["unknown disks", "disk 'x' not found", () => calls.domainGetBlockJobInfo(domain, "x", 0)],
    ["secrets", "SEV-enabled", () => calls.domainSetLaunchSecurityState(domain, [], 0)],
  ])("refuses to change its %s", async (_, words, change) => {
    const before = stored();
    await expect(change()).rejects.toThrow(words);
    expect(stored()).toBe(before);
  });
});
