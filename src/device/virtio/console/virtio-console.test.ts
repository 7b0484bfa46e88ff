import { describe, expect, it } from "vitest";
import { MemoryChar, RecordingTrace } from "../../testing/doubles.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { VIRTIO_MMIO_REGS as R } from "../transport/mmio-regs.ts";
import { VirtioConsole } from "./virtio-console.ts";

const RX = 0;
const TX = 1;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const string = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

function make() {
  const backend = new MemoryChar();
  const console = new VirtioConsole({ backend, trace: new RecordingTrace() });
  const bench = virtioBench(console);
  bench.driver.start(2, 16);
  const [rx, tx] = bench.driver.rings;
  if (!rx || !tx) throw new Error("no rings");
  return { ...bench, backend, console, rx, tx };
}

describe("virtio-console", () => {
  it("writes what the driver queues, in order", () => {
    const { backend, slot, tx } = make();
    tx.add([text("hello "), text("world")]);
    tx.add([text("!")]);
    slot.notify(TX);
    expect(string(backend.written)).toBe("hello world!");
    expect(tx.poll()).toHaveLength(2);
  });

  it("holds output back while the backend is full", () => {
    const { backend, slot, tx } = make();
    backend.room = 3;
    tx.add([text("abcdef")]);
    tx.add([text("gh")]);
    slot.notify(TX);
    expect(string(backend.written)).toBe("abc");
    expect(tx.poll()).toHaveLength(0);
    backend.makeRoom(4);
    expect(tx.poll()).toHaveLength(1);
    backend.makeRoom(100);
    expect(string(backend.written)).toBe("abcdefgh");
    expect(tx.poll()).toHaveLength(1);
  });

  it("delivers input into offered buffers, as it comes and as it fits", () => {
    const { backend, slot, rx } = make();
    const first = rx.add([4]);
    slot.notify(RX);
    expect(rx.poll()).toEqual([]);
    backend.feed(text("typed"));
    expect(rx.poll()).toEqual([{ id: first.id, length: 4 }]);
    expect(string(first.bytes(0))).toBe("type");
    expect(backend.unread).toBe(1);
    const second = rx.add([4]);
    slot.notify(RX);
    expect(rx.poll()).toEqual([{ id: second.id, length: 1 }]);
    expect(string(second.bytes(0).subarray(0, 1))).toBe("d");
  });

  it("keeps input until the driver is up", () => {
    const { backend, driver } = make();
    driver.write(R.Status, 0);
    backend.feed(text("early"));
    expect(backend.unread).toBe(5);
    driver.start(2, 16);
    const rx = driver.rings[RX];
    rx?.add([16]);
    backend.feed(text("!"));
    expect(rx?.poll()).toMatchObject([{ length: 6 }]);
  });

  it("announces its size and changes of it", () => {
    const { console, driver, interrupt, slot } = make();
    console.resize(132, 43);
    expect(interrupt.status).toBe(2);
    expect(slot.regs.read(0x100, 2)).toBe(132);
    expect(slot.regs.read(0x102, 2)).toBe(43);
    expect(slot.regs.read(0x104, 4)).toBe(1);
    expect(driver.read(R.ConfigGeneration)).toBe(1);
  });

  it("takes emergency characters before any driver", () => {
    const { backend, driver, slot } = make();
    driver.write(R.Status, 0);
    slot.regs.write(0x108, 4, 0x41);
    slot.regs.write(0x100, 2, 7);
    expect(string(backend.written)).toBe("A");
    expect(slot.regs.read(0x100, 2)).toBe(0);
  });

  it("forgets unfinished output when its queue is reset", () => {
    const { backend, driver, slot, tx } = make();
    backend.room = 1;
    tx.add([text("lost")]);
    slot.notify(TX);
    driver.write(R.Status, 0);
    backend.makeRoom(100);
    expect(string(backend.written)).toBe("l");
  });

  it("goes on with unfinished output from a snapshot", () => {
    const first = make();
    first.backend.room = 2;
    const { id } = first.tx.add([text("abcd")]);
    first.slot.notify(TX);
    const second = make();
    second.memory.bytes.set(first.memory.bytes);
    second.slot.snapshot.load(2, first.slot.snapshot.save());
    expect(string(second.backend.written)).toBe("cd");
    first.memory.bytes.set(second.memory.bytes);
    expect(first.tx.poll()).toEqual([{ id, length: 0 }]);
  });
});
