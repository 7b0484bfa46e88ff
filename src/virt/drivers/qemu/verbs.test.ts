import { describe, expect, it } from "vitest";
import type { VmError } from "../../../protocol/vm-error.ts";
import { Pipe } from "../../driver/pipe.ts";
import type { Calls, DriverConnection } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts } from "./testing/fake-ports.ts";
import { QEMU_VERBS, type QemuState, type QemuVerb } from "./verbs.ts";

const xml = (name: string, extra = ""): string =>
  `<domain type='qemu'><name>${name}</name><memory unit='MiB'>128</memory>
   <os><type arch='riscv64' machine='virt'>hvm</type></os>${extra}
   <devices><disk type='file'><source file='/d.img'/><target dev='sda' bus='scsi'/></disk>
   <serial type='pty'/></devices></domain>`;

/** One call for each verb. */
const ACTS: Readonly<Record<QemuVerb, (connection: Calls, domain: DomainRef) => Promise<unknown>>> =
  {
    define: (c, { name, uuid }) => c.domainDefineXMLFlags(xml(name, `<uuid>${uuid}</uuid>`), 0),
    undefine: (c, domain) => c.domainUndefineFlags(domain, 0),
    create: (c, domain) => c.domainCreateWithFlags(domain, 0),
    suspend: (c, domain) => c.domainSuspend(domain),
    resume: (c, domain) => c.domainResume(domain),
    shutdown: (c, domain) => c.domainShutdownFlags(domain, 0),
    reboot: (c, domain) => c.domainReboot(domain, 0),
    reset: (c, domain) => c.domainReset(domain, 0),
    destroy: (c, domain) => c.domainDestroyFlags(domain, 0),
    rename: (c, domain) => c.domainRename(domain, "other", 0),
    setMaxMemory: (c, domain) => c.domainSetMaxMemory(domain, 262_144),
    openConsole: (c, domain) => c.domainOpenConsole(domain, null, new Pipe().driverEnd, 0),
    screenshot: (c, domain) => c.domainScreenshot(domain, new Pipe().driverEnd, 0, 0),
    monitorCommand: (c, domain) => c.domainQemuMonitorCommand(domain, '{"execute":"x"}', 0),
    coreDump: (c, domain) => c.domainCoreDumpWithFormat(domain, "/core", 0, 0),
    blockStats: (c, domain) => c.domainBlockStatsFlags(domain, "sda", 0),
    memoryStats: (c, domain) => c.domainMemoryStats(domain, 0),
    blockResize: (c, domain) => c.domainBlockResize(domain, "sda", 1n, 0),
    vcpuInfo: (c, domain) => c.domainGetVcpus(domain),
  };

/** Where a legal verb leads; the state it was in where it is not named. */
const LEADS: Partial<Record<QemuVerb, QemuState>> = {
  create: "running",
  suspend: "paused",
  resume: "running",
  destroy: "shutoff",
};

const NUMBERS: Readonly<Record<QemuState, number>> = {
  running: 1,
  paused: 3,
  shutoff: 5,
  crashed: 6,
};

async function domainIn(state: QemuState): Promise<[Calls, DomainRef]> {
  const ports = new FakePorts();
  const host = await openQemuHost(ports, () => {});
  const connection: DriverConnection = host.connection();
  const calls = connection as Calls;
  const text = xml("a", "<on_crash>preserve</on_crash>");
  const domain = await calls.domainDefineXMLFlags(text, 0);
  if (state === "shutoff") return [calls, domain];
  await calls.domainCreateWithFlags(domain, state === "paused" ? 1 : 0);
  if (state === "crashed") {
    ports.machines[0]?.tell({ state: "crashed", reason: "crashed", message: "a hart is gone" });
  }
  return [calls, domain];
}

describe("every verb in every state", () => {
  for (const verb of Object.keys(QEMU_VERBS) as QemuVerb[]) {
    for (const state of Object.keys(NUMBERS) as QemuState[]) {
      const row = QEMU_VERBS[verb][state];
      const what = row === true ? "is legal" : `is refused: ${row}`;
      it(`${verb} of a domain that is ${state} ${what}`, async () => {
        const [calls, domain] = await domainIn(state);
        expect((await calls.domainGetState(domain, 0)).state).toBe(NUMBERS[state]);
        const outcome = await ACTS[verb](calls, domain).then(
          () => true,
          (error: VmError) => error.message,
        );
        expect(outcome).toBe(row === true ? true : `Requested operation is not valid: ${row}`);
        if (verb === "undefine" && state === "shutoff") return;
        const next = row === true ? (LEADS[verb] ?? state) : state;
        expect((await calls.domainGetState(domain, 0)).state).toBe(NUMBERS[next]);
      });
    }
  }
});
