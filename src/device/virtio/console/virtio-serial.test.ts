import { describe, expect, it } from "vitest";
import { MemoryChar, RecordingTrace } from "../../testing/doubles.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { VIRTIO_MMIO_REGS as R } from "../transport/mmio-regs.ts";
import { ControlEvent, formatControl, parseControl } from "./control-message.ts";
import { ConsoleFeature } from "./virtio-console.ts";
import { VirtioSerial } from "./virtio-serial.ts";

const [CONTROL_RX, CONTROL_TX] = [2, 3];
/** Queues of port 3. */
const [RX, TX] = [8, 9];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const string = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

function make() {
  const backends = [new MemoryChar(), new MemoryChar()] as const;
  const opened: string[] = [];
  const trace = new RecordingTrace();
  const device = new VirtioSerial({
    ports: [
      { number: 1, name: "org.qemu.guest_agent.0", backend: backends[0] },
      { number: 3, name: "other", backend: backends[1] },
    ],
    trace,
    opened: (number, isOpen) => opened.push(`${number} ${isOpen}`),
  });
  const bench = virtioBench(device);
  bench.driver.start(10, 16, ConsoleFeature.multiport);
  const ring = (index: number) => {
    const found = bench.driver.rings[index];
    if (!found) throw new Error(`no queue ${index}`);
    return found;
  };
  const say = (port: number, event: number, value: number): void => {
    ring(CONTROL_TX).add([formatControl({ port, event, value })]);
    bench.slot.notify(CONTROL_TX);
  };
  const buffers = new Map<number, (index: number) => Uint8Array>();
  /** What the device says to a driver with eight more buffers, one a message. */
  const heard = (): string[] => {
    for (let i = 0; i < 8; i++) {
      const { id, bytes } = ring(CONTROL_RX).add([64]);
      buffers.set(id, bytes);
    }
    bench.slot.notify(CONTROL_RX);
    return ring(CONTROL_RX)
      .poll()
      .map(({ id, length }) => {
        const bytes = buffers.get(id)?.(0).slice(0, length) ?? new Uint8Array();
        const { port, event, value } = parseControl(bytes) ?? {};
        return `${port} ${event} ${value} ${string(bytes.slice(8))}`.trim();
      });
  };
  return { ...bench, device, backends, opened, trace, ring, say, heard };
}

describe("virtio-serial", () => {
  it("tells of its ports and their names when the driver is there", () => {
    const { slot, say, heard } = make();
    expect(slot.regs.read(0x104, 4)).toBe(4);
    say(0, ControlEvent.deviceReady, 1);
    expect(heard()).toEqual(["1 1 1", "3 1 1"]);
    say(3, ControlEvent.portReady, 1);
    expect(heard()).toEqual(["3 7 1 other", "3 6 1"]);
  });

  it("carries bytes of a port both ways while the guest has it open", () => {
    const { backends, slot, opened, ring, say } = make();
    const input = ring(RX).add([16]);
    slot.notify(RX);
    backends[1].feed(text("early"));
    expect(ring(RX).poll()).toEqual([]);
    say(3, ControlEvent.portOpen, 1);
    expect(opened).toEqual(["3 true"]);
    expect(ring(RX).poll()).toEqual([{ id: input.id, length: 5 }]);
    expect(string(input.bytes(0).subarray(0, 5))).toBe("early");
    ring(TX).add([text("answer")]);
    slot.notify(TX);
    expect(string(backends[1].written)).toBe("answer");
    expect(backends[0].written).toHaveLength(0);
    say(3, ControlEvent.portOpen, 0);
    backends[1].feed(text("late"));
    expect(backends[1].unread).toBe(4);
  });

  it("is closed by a reset of the device", () => {
    const { driver, opened, say } = make();
    say(1, ControlEvent.portOpen, 1);
    driver.write(R.Status, 0);
    expect(opened).toEqual(["1 true", "1 false"]);
  });

  it("complains of a driver that breaks the protocol, and goes on", () => {
    const { trace, slot, ring, say, heard } = make();
    ring(CONTROL_TX).add([text("short")]);
    slot.notify(CONTROL_TX);
    say(2, ControlEvent.portOpen, 1);
    say(1, 99, 1);
    say(1, ControlEvent.portReady, 0);
    expect(trace.notes).toHaveLength(4);
    for (let i = 0; i < 200; i++) say(0, ControlEvent.deviceReady, 1);
    expect(trace.notes.at(-1)).toContain("does not take control messages");
    expect(heard()).toHaveLength(8);
  });

  it("is as it was after a snapshot", () => {
    const first = make();
    first.say(3, ControlEvent.portOpen, 1);
    first.say(0, ControlEvent.deviceReady, 1);
    const second = make();
    second.memory.bytes.set(first.memory.bytes);
    second.slot.snapshot.load(2, first.slot.snapshot.save());
    expect(second.opened).toEqual(["3 true"]);
    second.ring(RX).add([8]);
    second.slot.notify(RX);
    second.backends[1].feed(text("x"));
    expect(second.backends[1].unread).toBe(0);
  });
});
