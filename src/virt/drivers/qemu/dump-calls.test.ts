import { beforeEach, describe, expect, it } from "vitest";
import type { Calls } from "../../driver/driver.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { typedParam } from "../../driver/typed-params.ts";
import { openQemuHost } from "./driver.ts";
import { FakePorts } from "./testing/fake-ports.ts";

const XML = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
  <os><type arch='riscv64' machine='virt'>hvm</type></os></domain>`;
const [CRASH, LIVE, RESET, MEMORY_ONLY] = [1, 2, 8, 16];
/** Headers, the notes of one hart, and where the first byte of memory is. */
const MEMORY_AT = 64 + 2 * 64 + 3 * 56 + 396;

let ports: FakePorts;
let calls: Calls;
let domain: DomainRef;
let events: string[];

beforeEach(async () => {
  ports = new FakePorts();
  calls = (await openQemuHost(ports, () => {})).connection() as Calls;
  domain = await calls.domainDefineXMLFlags(XML, 0);
  await calls.domainCreateWithFlags(domain, 0);
  events = [];
  await calls.connectEvents((event) => {
    if (event.of !== "domain" || event.event.kind !== "lifecycle") return;
    events.push(`${event.event.event}.${event.event.detail}`);
  });
});

const stateNow = () => calls.domainGetState(domain, 0);
const dump = (format: number, flags: number, path = "/core") =>
  calls.domainCoreDumpWithFormat(domain, path, format, flags);

describe("a dump", () => {
  it("is all memory, in the order of addresses, and the guest stands meanwhile", async () => {
    await dump(0, MEMORY_ONLY);
    const core = ports.outputs.get("/core") ?? new Uint8Array();
    const view = new DataView(core.buffer);
    expect(view.getUint32(MEMORY_AT, true)).toBe(0x1000);
    expect(view.getUint32(MEMORY_AT + 0x1000, true)).toBe(0x8000_0000);
    expect(core.length).toBe(MEMORY_AT + 0x4000 + 11);
    expect(ports.machines[0]?.calls).toEqual([
      "start",
      "pause",
      "inspect",
      "readMemory",
      "readMemory",
      "resume",
    ]);
    expect(events).toEqual(["3.0", "4.0"]);
    expect(await stateNow()).toEqual({ state: 1, reason: 5 });
  });

  it("leaves a paused guest paused, and says what it did", async () => {
    await calls.domainSuspend(domain);
    await dump(0, MEMORY_ONLY | LIVE);
    expect(await stateNow()).toEqual({ state: 3, reason: 1 });
    expect((await calls.domainGetJobStats(domain, 0)).type).toBe(0);
    const { type, params } = await calls.domainGetJobStats(domain, 1);
    expect(type).toBe(3);
    expect(typedParam(params, "operation")?.value).toBe(8);
    expect(typedParam(params, "memory_processed")?.value).toBe(0x4000n);
    expect((await calls.domainGetJobStats(domain, 1)).type).toBe(0);
  });

  it("ends the domain or resets it where that is asked for", async () => {
    await dump(0, RESET);
    expect(ports.machines[0]?.calls.slice(-2)).toEqual(["reset", "resume"]);
    await dump(0, CRASH);
    expect(await stateNow()).toEqual({ state: 5, reason: 3 });
    expect(events.at(-1)).toBe("5.2");
  });

  it("is refused in libvirt's words", async () => {
    await expect(dump(1, 0)).rejects.toThrow(
      "kdump-compressed format is only supported with memory-only dump",
    );
    await expect(dump(1, MEMORY_ONLY)).rejects.toThrow(
      "unsupported dumpformat 'kdump-zlib' for this QEMU binary",
    );
    ports.missing.add("/none/core");
    await expect(dump(0, 0, "/none/core")).rejects.toThrow("No such file or directory");
    expect(await stateNow()).toEqual({ state: 1, reason: 5 });
    await expect(calls.domainAbortJobFlags(domain, 0)).rejects.toThrow(
      "no job is active on the domain",
    );
  });

  it("can be given up", async () => {
    const dumped = dump(0, 0);
    while ((await calls.domainGetJobStats(domain, 0)).type === 0);
    await calls.domainAbortJobFlags(domain, 0);
    await expect(dumped).rejects.toThrow("domain core dump job: canceled by client");
    expect(ports.outputs.size).toBe(0);
    expect(await stateNow()).toEqual({ state: 1, reason: 5 });
  });
});
