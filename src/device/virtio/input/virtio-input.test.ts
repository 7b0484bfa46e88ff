import { describe, expect, it } from "vitest";
import { latin1 } from "../../../util/bytes.ts";
import { RecordingTrace } from "../../testing/doubles.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { Feature } from "../features.ts";
import { VIRTIO_MMIO_REGS } from "../transport/mmio-regs.ts";
import { KEYBOARD_CLASS, keyboardConfig } from "./keyboard.ts";
import { eventBytes, EventType, type InputEvent, Led, parseEvent, Select } from "./regs.ts";
import { VirtioInput } from "./virtio-input.ts";

const [EVENTS, STATUS] = [0, 1];
const KEY_A = 30;
const SYNC = { type: EventType.syn, code: 0, value: 0 };
const key = (code: number, value: number): InputEvent => ({ type: EventType.key, code, value });
const led = (code: number, value: number): Uint8Array =>
  eventBytes({ type: EventType.led, code, value });

function make({ packed = false, serial = "", start = true } = {}) {
  const trace = new RecordingTrace();
  const heard: boolean[] = [];
  const listens = (_device: VirtioInput, isListening: boolean): void =>
    void heard.push(isListening);
  const model = {
    name: "virtio-keyboard",
    pciClass: KEYBOARD_CLASS,
    config: keyboardConfig(serial),
  };
  const device = new VirtioInput(model, { trace, listens });
  const bench = virtioBench(device, { packed });
  if (start) bench.driver.start(2, 8, packed ? Feature.ringPacked : 0n);
  return { ...bench, device, trace, heard };
}

/** The configuration of a keyboard, read as a driver reads it: by single bytes. */
function configOf(serial = "") {
  const { slot } = make({ serial });
  const at = VIRTIO_MMIO_REGS.Config.at;
  return (select: number, subsel = 0): Uint8Array => {
    slot.regs.write(at, 1, select);
    slot.regs.write(at + 1, 1, subsel);
    const bytes = (from: number, length: number): Uint8Array =>
      Uint8Array.from({ length }, (_, i) => slot.regs.read(at + from + i, 1));
    const size = slot.regs.read(at + 2, 1);
    if (size > 0) expect([...bytes(0, 2)]).toEqual([select, subsel]);
    return bytes(8, size);
  };
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe("the configuration of a virtio keyboard", () => {
  // Read from virtio-keyboard-device of QEMU 7.2.
  it("is QEMU's to the bit", () => {
    const read = configOf();
    const found: Record<string, string> = {};
    for (let select = 0; select < 256; select++) {
      for (let subsel = 0; subsel < 256; subsel++) {
        const bytes = hexOf(read(select, subsel));
        if (bytes !== "") found[`${select.toString(16)}.${subsel.toString(16)}`] = bytes;
      }
    }
    expect(found).toEqual({
      "1.0": "51454d552056697274696f204b6579626f61726400",
      "3.0": "0600270601000100",
      "11.1": "feffffffffffffffffffcf7bffffbefeffdf00f8783000000000000004",
      "11.11": "07",
      "11.14": "00",
    });
  });

  it("has a serial number where there is one", () => {
    expect(latin1(configOf("abc")(Select.idSerial))).toBe("abc");
  });

  it("reads as zeros without a selection, and takes a selection in one access, too", () => {
    const { slot, device } = make();
    const at = VIRTIO_MMIO_REGS.Config.at;
    expect(slot.regs.read(at, 4)).toBe(0);
    slot.regs.write(at, 2, Select.evBits | (EventType.led << 8));
    expect(slot.regs.read(at + 2, 1)).toBe(1);
    slot.regs.write(at + 8, 1, 0xff);
    expect(slot.regs.read(at + 8, 1)).toBe(7);
    expect(device.configBytes).toBe(37);
  });
});

describe.each([false, true])("a virtio keyboard (packed %s)", (packed) => {
  const events = (bench: ReturnType<typeof make>, buffers = 8, bytes = 8) => {
    const ring = bench.driver.rings[EVENTS];
    const requests = Array.from({ length: buffers }, () => ring?.add([bytes]));
    return () =>
      ring?.poll().map(({ id, length }) => {
        expect(length).toBe(8);
        return parseEvent(requests.find((each) => each?.id === id)?.bytes(0) as Uint8Array);
      });
  };

  it("hands out events, a report's end behind them, and one interrupt", () => {
    const bench = make({ packed });
    const taken = events(bench);
    expect(bench.device.report([key(KEY_A, 1)])).toBe(true);
    expect(bench.device.report([key(KEY_A, 0), key(31, 1)])).toBe(true);
    expect(taken()).toEqual([key(KEY_A, 1), SYNC, key(KEY_A, 0), key(31, 1), SYNC]);
    expect(bench.interrupt.raised).toBe(2);
  });

  it("loses a report as a whole when there are too few buffers", () => {
    const bench = make({ packed });
    const taken = events(bench, 2);
    expect(bench.device.report([key(1, 1), key(2, 1)])).toBe(false);
    expect(taken()).toEqual([]);
    expect(bench.device.report([key(3, 1)])).toBe(true);
    expect(bench.device.report([key(4, 1)])).toBe(false);
    expect(taken()).toEqual([key(3, 1), SYNC]);
    expect(bench.interrupt.raised).toBe(1);
  });

  it("loses what comes before the driver is up, and tells when that is", () => {
    const bench = make({ packed, start: false });
    expect(bench.device.report([key(KEY_A, 1)])).toBe(false);
    bench.driver.start(2, 8, packed ? Feature.ringPacked : 0n);
    const taken = events(bench);
    bench.slot.notify(EVENTS);
    expect(taken()).toEqual([]);
    bench.slot.reset();
    expect(bench.heard).toEqual([true, false]);
    expect(bench.device.report([key(KEY_A, 1)])).toBe(false);
  });

  it("notes buffers that are too small for an event", () => {
    const bench = make({ packed });
    bench.driver.rings[EVENTS]?.add([4]);
    bench.driver.rings[EVENTS]?.add([8]);
    bench.device.report([key(KEY_A, 1)]);
    expect(bench.driver.rings[EVENTS]?.poll().map(({ length }) => length)).toEqual([4, 8]);
    expect(bench.trace.notes).toEqual(["virtio-keyboard: an event's buffer is too small"]);
  });

  it("takes the state of its lights, which a reset puts out", () => {
    const { driver, slot, device, trace } = make({ packed });
    const ring = driver.rings[STATUS];
    ring?.add([led(Led.capsLock, 1)]);
    ring?.add([led(Led.scrollLock, 1)]);
    ring?.add([led(Led.capsLock, 0)]);
    ring?.add([eventBytes(SYNC)]);
    ring?.add([Uint8Array.of(1)]);
    slot.notify(STATUS);
    expect(ring?.poll().map(({ length }) => length)).toEqual([0, 0, 0, 0, 0]);
    expect(device.leds).toBe(1 << Led.scrollLock);
    expect(trace.notes).toEqual(["virtio-keyboard: a status event is too small"]);
    slot.reset();
    expect(device.leds).toBe(0);
  });

  it("keeps selection and lights in a snapshot", () => {
    const { driver, slot, device } = make({ packed });
    driver.rings[STATUS]?.add([led(Led.numLock, 1)]);
    slot.notify(STATUS);
    slot.regs.write(VIRTIO_MMIO_REGS.Config.at, 1, Select.idDevids);
    const other = make({ packed }).device;
    other.snapshot.load(1, device.snapshot.save());
    expect(other.leds).toBe(1);
    expect(other.readConfig(2, 1)).toBe(8);
  });
});
