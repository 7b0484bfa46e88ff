/** QEMU's monitor. */
import { beforeEach, describe, expect, it } from "vitest";
import type { DomainRef } from "../../driver/refs.ts";
import { openQemuBench, type QemuBench } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("the monitor", () => {
  const ask = async (domain: DomainRef, execute: string): Promise<unknown> =>
    JSON.parse(await bench.calls.domainQemuMonitorCommand(domain, JSON.stringify({ execute }), 0));

  it("answers what is so", async () => {
    const [domain] = await bench.started();
    expect(await ask(domain, "query-status")).toEqual({
      return: { status: "running", singlestep: false, running: true },
      id: "libvirt-1",
    });
    await ask(domain, "stop");
    expect(await bench.stateOf(domain)).toEqual({ state: 3, reason: 1 });
    expect(await bench.calls.domainQemuMonitorCommand(domain, "info status", 1)).toBe(
      "VM status: paused\r\n",
    );
    expect(await ask(domain, "query-version")).toMatchObject({
      return: { qemu: { major: 1, minor: 2, micro: 3 } },
    });
  });

  it("prints registers as QEMU does", async () => {
    const [domain] = await bench.started();
    const text = await bench.calls.domainQemuMonitorCommand(domain, "info registers", 1);
    const lines = text.split("\r\n");
    // QEMU 7.2's monitor, without what only the H extension has.
    expect(lines.slice(0, 3)).toEqual(["", "CPU#0", " pc       0000000080001234"]);
    expect(lines[5]).toBe(" mip      0000000000000000");
    expect(lines).toContain(
      " x4/tp    0000000000000040 x5/t0    0000000000000050 x6/t1    0000000000000060 x7/t2    0000000000000070",
    );
    expect(lines.at(-2)).toBe(
      " f28/ft8  0000000000000000 f29/ft9  0000000000000000 f30/ft10 0000000000000000 f31/ft11 0000000000000000",
    );
    expect(await bench.calls.domainQemuMonitorCommand(domain, "info registers -a", 1)).toContain(
      "CPU#0\r\n",
    );
  });

  it("keeps the registers of a crash", async () => {
    const [domain, machine] = await bench.started();
    const { harts } = await machine.inspect();
    machine.tell({ state: "crashed", reason: "crashed", message: "boom", harts });
    await expect
      .poll(async () => (await bench.calls.domainGetEnd(domain))?.registers)
      .toMatch(/^CPU#0 S-mode\n pc {7}0000000080001234\n/);
    expect(await bench.calls.domainGetEnd(domain)).toMatchObject({ message: "boom" });
  });

  it("does not make up what it does not know", async () => {
    const [domain] = await bench.started();
    expect(await ask(domain, "migrate")).toMatchObject({
      error: { class: "CommandNotFound", desc: "The command migrate has not been found" },
    });
    await expect(bench.calls.domainQemuMonitorCommand(domain, "{", 0)).rejects.toThrow(
      "internal error: cannot parse json {",
    );
  });
});
