/** Consoles: who reads and writes them, and until when. */
import { beforeEach, describe, expect, it } from "vitest";
import { Pipe } from "../../driver/pipe.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { openQemuBench, type QemuBench } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("consoles", () => {
  it("hold back what nobody has read, and carry both ways", async () => {
    const [domain, machine] = await bench.started();
    machine.serial.say("boot");
    await new Promise((resolve) => setTimeout(resolve));
    const pipe = new Pipe();
    await bench.calls.domainOpenConsole(domain, null, pipe.driverEnd, 0);
    expect(utf8Text((await pipe.userEnd.read()) as Uint8Array)).toBe("boot");
    machine.serial.say("more");
    expect(utf8Text((await pipe.userEnd.read()) as Uint8Array)).toBe("more");
    await pipe.userEnd.write(utf8Bytes("ls"));
    await expect.poll(() => machine.serial.sent.map(utf8Text)).toEqual(["ls"]);
  });

  it("are for one session at a time, unless by force", async () => {
    const [domain, machine] = await bench.started();
    const first = new Pipe();
    await bench.calls.domainOpenConsole(domain, "console1", first.driverEnd, 0);
    const second = new Pipe();
    await expect(
      bench.calls.domainOpenConsole(domain, "console1", second.driverEnd, 0),
    ).rejects.toThrow("Active console session exists for this domain");
    await bench.calls.domainOpenConsole(domain, "console1", second.driverEnd, 1);
    await expect(first.userEnd.read()).rejects.toThrow("aborted");
    machine.consoles[0]?.say("hvc");
    expect(utf8Text((await second.userEnd.read()) as Uint8Array)).toBe("hvc");
  });

  it("end with the machine", async () => {
    const [domain] = await bench.started();
    const pipe = new Pipe();
    await bench.calls.domainOpenConsole(domain, null, pipe.driverEnd, 0);
    await bench.calls.domainDestroyFlags(domain, 0);
    expect(await pipe.userEnd.read()).toBeNull();
  });
});
