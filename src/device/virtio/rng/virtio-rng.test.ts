import { describe, expect, it } from "vitest";
import { RecordingTrace } from "../../testing/doubles.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { Feature } from "../features.ts";
import { BURST_CHAINS } from "../virtio-device.ts";
import { VirtioRng } from "./virtio-rng.ts";

function make(packed = false) {
  const trace = new RecordingTrace();
  const entropy = { fill: (target: Uint8Array) => void target.fill(0xab) };
  const bench = virtioBench(new VirtioRng({ entropy, trace }), { packed });
  bench.driver.start(1, 8, packed ? Feature.ringPacked : 0n);
  return { ...bench, trace };
}

describe.each([false, true])("virtio-rng (packed %s)", (packed) => {
  it("fills what the driver offers", () => {
    const { driver, slot, interrupt } = make(packed);
    const request = driver.rings[0]?.add([100, 28]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toEqual([{ id: request?.id, length: 128 }]);
    expect(request?.bytes(0).every((byte) => byte === 0xab)).toBe(true);
    expect(request?.bytes(1).every((byte) => byte === 0xab)).toBe(true);
    expect(interrupt.status).toBe(1);
  });

  it("gives less than asked for to a huge request", () => {
    const { driver, slot } = make(packed);
    const request = driver.rings[0]?.add([0x1_8000]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toEqual([{ id: request?.id, length: 0x1_0000 }]);
    expect(request?.bytes(0)[0x1_0000]).toBe(0);
  });

  it("returns a request without room, and notes readable bytes", () => {
    const { driver, slot, trace } = make(packed);
    driver.rings[0]?.add([Uint8Array.of(1)]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toMatchObject([{ length: 0 }]);
    expect(trace.notes).toEqual(["virtio-rng: a request holds device-readable bytes"]);
  });

  it("lets go after a burst and comes back for the rest", () => {
    let fills = 0;
    // A driver that offers again as fast as it is served.
    const entropy = {
      fill: () => {
        fills++;
        driver.rings[0]?.poll();
        driver.rings[0]?.add([1]);
      },
    };
    const device = new VirtioRng({ entropy, trace: new RecordingTrace() });
    const { driver, slot, runDeferred } = virtioBench(device, { packed });
    driver.start(1, 8, packed ? Feature.ringPacked : 0n);
    driver.rings[0]?.add([1]);
    slot.notify(0);
    expect(fills).toBe(BURST_CHAINS);
    runDeferred();
    expect(fills).toBe(2 * BURST_CHAINS);
  });

  it("serves requests that waited for DRIVER_OK", () => {
    const { driver } = make(packed);
    driver.negotiate(Feature.version1 | (packed ? Feature.ringPacked : 0n));
    const ring = driver.setUpQueue(0, 8, packed);
    ring.add([4]);
    driver.driverOk();
    expect(ring.poll()).toHaveLength(1);
  });
});
