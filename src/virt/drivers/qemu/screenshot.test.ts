/** Pictures of consoles. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Pipe } from "../../driver/pipe.ts";
import { openQemuBench, type QemuBench } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("a screenshot", () => {
  it("is a picture of the console that was meant", async () => {
    const [domain, machine] = await bench.started();
    const shot = async (screen: number): Promise<Uint8Array> => {
      const { driverEnd, userEnd } = new Pipe();
      expect(await bench.calls.domainScreenshot(domain, driverEnd, screen, 0)).toBe("image/png");
      const picture = await userEnd.read();
      expect(await userEnd.read()).toBeNull();
      return picture as Uint8Array;
    };
    const before = await shot(0);
    machine.serial.say("text");
    await vi.waitFor(async () => expect(await shot(0)).not.toEqual(before));
    expect(await shot(1)).toEqual(before);
    await expect(shot(2)).rejects.toThrow("Requested operation is not valid: no such screen ID");
  });
});
