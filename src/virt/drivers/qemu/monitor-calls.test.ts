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
