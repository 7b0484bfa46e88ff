/** A domain's states, their reasons and the events that tell of them. */
import { beforeEach, describe, expect, it } from "vitest";
import { openQemuBench, type QemuBench, xml } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("states, reasons and events", () => {
  it("follow the user's verbs", async () => {
    const [domain] = await bench.started();
    expect(domain.id).toBe(1);
    await bench.calls.domainSuspend(domain);
    expect(await bench.stateOf(domain)).toEqual({ state: 3, reason: 1 });
    await bench.calls.domainResume(domain);
    expect(await bench.stateOf(domain)).toEqual({ state: 1, reason: 5 });
    await bench.calls.domainDestroyFlags(domain, 0);
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 2 });
    expect(bench.events).toEqual(["0.0", "4.0", "2.0", "3.0", "4.0", "5.1"]);
  });

  it("tell a start in pause as a start and a pause", async () => {
    const domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    await bench.calls.domainCreateWithFlags(domain, 1);
    expect(await bench.stateOf(domain)).toEqual({ state: 3, reason: 1 });
    expect(bench.events).toEqual(["0.0", "2.0", "3.0"]);
  });

  it("follow the guest", async () => {
    const [domain, machine] = await bench.started();
    machine.tell({ state: "paused", reason: "ioerror", message: "drive 'vda': no space" });
    expect(await bench.stateOf(domain)).toEqual({ state: 3, reason: 5 });
    expect(await bench.calls.domainGetMessages(domain, 0)).toEqual(["drive 'vda': no space"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 1 });
    expect(bench.events).toEqual(["0.0", "4.0", "2.0", "3.2", "6.1", "5.0"]);
  });

  it("follow on_crash", async () => {
    const [domain, machine] = await bench.started();
    machine.tell({ state: "crashed", reason: "crashed" });
    await expect.poll(() => bench.stateOf(domain)).toEqual({ state: 5, reason: 3 });
    const [again, other] = await bench.started("<on_crash>restart</on_crash>");
    other.tell({ state: "crashed", reason: "crashed" });
    await expect.poll(() => other.calls).toEqual(["start", "start"]);
    expect(await bench.stateOf(again)).toEqual({ state: 1, reason: 1 });
  });

  it("start a machine again whose guest powers off for a reboot", async () => {
    const [domain, machine] = await bench.started();
    await bench.calls.domainReboot(domain, 0);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    await expect.poll(() => bench.events).toEqual(["0.0", "4.0", "2.0", "reboot"]);
    expect(machine.calls).toEqual(["start", "shutdown", "start"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(await bench.stateOf(domain)).toEqual({ state: 5, reason: 1 });
  });

  it("keep the power button that was pressed in pause", async () => {
    const [domain, machine] = await bench.started();
    await bench.calls.domainSuspend(domain);
    await bench.calls.domainShutdownFlags(domain, 0);
    expect(machine.calls).toEqual(["start", "pause"]);
    await bench.calls.domainResume(domain);
    expect(machine.calls).toEqual(["start", "pause", "resume", "shutdown"]);
    machine.tell({ state: "shutoff", reason: "shutdown" });
    expect(bench.events.slice(-2)).toEqual(["6.2", "5.0"]);
  });

  it("forget a transient domain that ends", async () => {
    const domain = await bench.calls.domainCreateXML(xml("t"), 0);
    expect(await bench.calls.domainIsPersistent(domain)).toBe(false);
    await bench.calls.domainDestroyFlags(domain, 0);
    expect(await bench.calls.connectListAllDomains(0)).toEqual([]);
    expect([...bench.ports.files.files.keys()]).toEqual(["host-uuid"]);
  });
});
