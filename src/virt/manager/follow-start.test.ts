import { beforeEach, describe, expect, it } from "vitest";
import type { Connect } from "../driver/connect.ts";
import type { DomainRef } from "../driver/refs.ts";
import { openQemuBench, type QemuBench, xml } from "../drivers/qemu/testing/qemu-bench.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { followStart } from "./follow-start.ts";

const SHUTOFF = 5;
const RUNNING = 1;

describe("a start that is followed", () => {
  let bench: QemuBench;
  let domain: DomainRef;
  let giveUp: AbortController;
  let told: string[];
  let ready: () => void;

  beforeEach(async () => {
    bench = await openQemuBench();
    domain = await bench.calls.domainDefineXMLFlags(xml("a"), 0);
    bench.ports.prepare = (machine) =>
      (machine.images = new Promise((resolve) => (ready = resolve)));
    giveUp = new AbortController();
    told = [];
  });

  const start = (connect: Partial<Connect> = {}): Promise<unknown> =>
    followStart(
      { ...bench.calls, ...connect } as Connect,
      domain.uuid,
      { signal: giveUp.signal, progress: (done, total) => void told.push(`${done}/${total}`) },
      () => bench.calls.domainCreateWithFlags(domain, 0),
    );
  const machine = async () => {
    await expect.poll(() => bench.ports.machines[0]?.calls).toEqual(["start"]);
    return bench.ports.machines[0]!;
  };
  const state = async () => (await bench.stateOf(domain)).state;

  it("tells the bytes that are loaded, until it is done", async () => {
    const work = start();
    const { load } = await machine().then((each) => ({ load: each.load.bind(each) }));
    load({ doneBytes: 1, totalBytes: 4 });
    load({ doneBytes: 4, totalBytes: 4 });
    ready();
    await work;
    load({ doneBytes: 9, totalBytes: 9 });
    expect(told).toEqual(["1/4", "4/4"]);
    expect(await state()).toBe(RUNNING);
  });

  it("leaves the machine off when it is given up", async () => {
    const work = start();
    await machine();
    giveUp.abort();
    await expect(work).rejects.toThrow("operation aborted");
    expect(await state()).toBe(SHUTOFF);
  });

  it("leaves the machine off, too, when the driver could not end it before it ran", async () => {
    let refusals = 0;
    const work = start({
      domainDestroyFlags: async (ref, flags) => {
        if ((refusals += 1) === 1) throw vmError("operationInvalid", "domain is not running");
        await bench.calls.domainDestroyFlags(ref, flags);
      },
    });
    await machine();
    giveUp.abort();
    await expect.poll(() => refusals).toBe(1);
    ready();
    await expect(work).rejects.toThrow("aborted");
    expect(await state()).toBe(SHUTOFF);
  });

  it("keeps a machine that runs when it is given up later", async () => {
    const work = start();
    await machine();
    ready();
    await work;
    giveUp.abort();
    await Promise.resolve();
    expect(await state()).toBe(RUNNING);
  });

  it("is done on a connection that tells nothing", async () => {
    const refuse = () => Promise.reject(vmError("noSupport", "virConnectDomainLoads"));
    const work = start({ connectDomainLoads: refuse });
    await machine();
    ready();
    await work;
    expect(await state()).toBe(RUNNING);
  });
});
