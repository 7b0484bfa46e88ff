import { describe, expect, it } from "vitest";
import { MockHeap, MockPackedRing, MockSplitRing, type MockRing } from "../../testing/mock-ring.ts";
import { TestMemory } from "../../testing/test-memory.ts";
import { Feature } from "../features.ts";
import { gather, scatter, totalBytes } from "../../buffers.ts";
import { PackedQueue } from "./packed-queue.ts";
import type { Queue, QueueState } from "./queue.ts";
import { SplitQueue } from "./split-queue.ts";

const RAM = 0x8000_0000;
const ALL = Feature.indirectDesc | Feature.eventIdx;

interface Bench {
  readonly ring: MockRing;
  readonly queue: Queue;
  readonly memory: TestMemory;
  readonly events: string[];
  /** The device's side anew, from a saved state. */
  readonly again: (state: QueueState) => Queue;
}

type Format = "split" | "packed";

function make(format: Format, size: number, features = 0n, pieceBytes = 4096): Bench {
  const memory = new TestMemory(RAM, 0x40_0000, pieceBytes);
  const heap = new MockHeap(memory);
  const events: string[] = [];
  const packed = format === "packed";
  const ring = packed ? new MockPackedRing(heap, size) : new MockSplitRing(heap, size);
  const parts = {
    memory,
    layout: ring.layout,
    features,
    interrupt: () => void events.push("interrupt"),
    broken: (why: string) => void events.push(why),
  };
  const again = (state?: QueueState): Queue =>
    packed ? new PackedQueue(parts, state) : new SplitQueue(parts, state);
  return { ring, queue: again(), memory, events, again };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

describe.each<Format>(["split", "packed"])("%s virtqueue", (format) => {
  it("is empty until the driver offers something", () => {
    expect(make(format, 4).queue.pop()).toBeNull();
  });

  it("hands over the buffers of a chain and returns it", () => {
    const { ring, queue, events } = make(format, 8);
    const sent = ring.add([text("read "), text("me"), 3, 4]);
    const chain = queue.pop();
    if (!chain) throw new Error("no chain");
    expect(new TextDecoder().decode(gather(chain.readable))).toBe("read me");
    expect(totalBytes(chain.writable)).toBe(7);
    expect(scatter(chain.writable, text("answer"))).toBe(6);
    queue.push(chain, 6);
    expect(new TextDecoder().decode(sent.bytes(2))).toBe("ans");
    expect(ring.poll()).toEqual([{ id: sent.id, length: 6 }]);
    expect(events).toEqual(["interrupt"]);
    expect(queue.pop()).toBeNull();
  });

  it("goes round its ring many times with chains of any length, out of order", () => {
    const { ring, queue } = make(format, 8, ALL);
    let id = 0;
    for (let round = 0; round < 100; round++) {
      const requests = [1, 3, 2].map((length) =>
        ring.add(Array.from({ length }, () => Uint8Array.of(id++ & 0xff))),
      );
      const chains = requests.map(() => queue.pop());
      // A packed device returns as it likes too, but ids tell which.
      for (const i of [2, 0, 1]) {
        const chain = chains[i];
        if (!chain) throw new Error("no chain");
        queue.push(chain, i);
      }
      const used = ring.poll().map((entry) => [entry.id, entry.length]);
      expect(used).toEqual([2, 0, 1].map((i) => [requests[i]?.id, i]));
    }
  });

  it("follows indirect tables where they were negotiated", () => {
    const { ring, queue } = make(format, 4, Feature.indirectDesc);
    ring.add([text("a"), text("bc"), 5], true);
    const chain = queue.pop();
    expect(chain?.slots).toBe(1);
    expect(new TextDecoder().decode(gather(chain?.readable ?? []))).toBe("abc");
    expect(totalBytes(chain?.writable ?? [])).toBe(5);
  });

  it("breaks on an indirect table that was not negotiated", () => {
    const { ring, queue, events } = make(format, 4);
    ring.add([text("a")], true);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["an indirect descriptor was not negotiated"]);
  });

  it("splits buffers where host memory is not contiguous", () => {
    const { ring, queue } = make(format, 4, 0n, 64);
    ring.add([new Uint8Array(200).fill(7)]);
    const chain = queue.pop();
    expect(chain?.readable.length).toBeGreaterThan(3);
    expect(gather(chain?.readable ?? [], 10, 150)).toEqual(new Uint8Array(10).fill(7));
  });

  it("does not interrupt a driver that does not want it", () => {
    const { ring, queue, events } = make(format, 4);
    ring.enableInterrupts(false);
    ring.add([1]);
    queue.push(queue.pop() as never, 1);
    expect(events).toEqual([]);
    ring.enableInterrupts(true);
    ring.add([1]);
    queue.push(queue.pop() as never, 1);
    expect(events).toEqual(["interrupt"]);
  });

  it.each([0n, Feature.eventIdx])(
    "interrupts once for what was published (features %s)",
    (bits) => {
      const { ring, queue, events } = make(format, 4, bits);
      queue.signal();
      for (let i = 0; i < 3; i++) ring.add([1]);
      for (let i = 0; i < 3; i++) queue.publish(queue.pop() as never, 1);
      expect(events).toEqual([]);
      queue.signal();
      queue.signal();
      expect(events).toEqual(["interrupt"]);
      expect(ring.poll()).toHaveLength(3);
    },
  );

  it("takes a chain back that it could not serve", () => {
    const { ring, queue } = make(format, 4);
    const { id } = ring.add([text("x"), 2]);
    const chain = queue.pop();
    if (!chain) throw new Error("no chain");
    queue.unpop(chain);
    expect(queue.pop()?.id).toBe(id);
  });

  it("breaks once when a buffer is not in RAM, and stays dead", () => {
    const { ring, queue, memory, events } = make(format, 4);
    ring.add([text("x")]);
    memory.hole = { from: RAM + 0x1000, to: RAM + 0x2000 };
    ring.add([new Uint8Array(0x3000)]);
    expect(queue.pop()).not.toBeNull();
    expect(queue.pop()).toBeNull();
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["a buffer lies outside RAM"]);
  });

  it("breaks when a readable buffer follows a writable one", () => {
    const { ring, queue, events } = make(format, 4);
    ring.add([1, text("x")]);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["a readable buffer follows a writable one"]);
  });

  it("breaks when its own areas vanish", () => {
    const { ring, queue, memory, events } = make(format, 4);
    ring.add([1]);
    const chain = queue.pop();
    if (!chain) throw new Error("no chain");
    memory.readOnly = true;
    queue.push(chain, 1);
    expect(events).toHaveLength(1);
    expect(events[0]).toContain("lies outside RAM");
  });

  it("goes on from a saved state", () => {
    const { ring, queue, again } = make(format, 4, ALL);
    for (let i = 0; i < 6; i++) {
      ring.add([1]);
      queue.push(queue.pop() as never, 0);
      ring.poll();
    }
    const second = again(queue.save());
    const { id } = ring.add([1, 1]);
    const chain = second.pop();
    expect(chain?.id).toBe(id);
    second.push(chain as never, 2);
    expect(ring.poll()).toEqual([{ id, length: 2 }]);
  });
});

describe("split virtqueue's own rules", () => {
  function split(size = 4, features = 0n) {
    const bench = make("split", size, features);
    return { ...bench, ring: bench.ring as MockSplitRing };
  }

  it("breaks on a chain that loops", () => {
    const { ring, queue, events } = split();
    ring.describe(0, RAM, 1, 1, 1);
    ring.describe(1, RAM, 1, 1, 0);
    ring.offer(0);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["a chain has no end"]);
  });

  it("breaks on a descriptor outside its table", () => {
    const { ring, queue, events } = split();
    ring.offer(4);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["descriptor 4 is not in the table"]);
  });

  it("breaks on an available index that ran ahead", () => {
    const { ring, queue, events } = split();
    ring.setAvailable(5);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual(["the available index ran ahead of the queue"]);
  });

  it.each([
    [0, 4, "an indirect table has a length of 0 bytes"],
    [24, 4, "an indirect table has a length of 24 bytes"],
    [16, 5, "an indirect descriptor has a next one"],
  ])("breaks on an indirect table of %i bytes with flags %i", (length, flags, why) => {
    const { ring, queue, events } = split(4, Feature.indirectDesc);
    ring.describe(0, RAM, length, flags);
    ring.offer(0);
    expect(queue.pop()).toBeNull();
    expect(events).toEqual([why]);
  });

  it("breaks on a chain of more than 2^32 bytes", () => {
    const memory = { ...split() };
    memory.ring.describe(0, RAM, 0xffff_ffff, 1, 1);
    memory.ring.describe(1, RAM, 0xffff_ffff, 0, 0);
    memory.ring.offer(0);
    expect(memory.queue.pop()).toBeNull();
    expect(memory.events).toHaveLength(1);
  });

  it("interrupts by event index only when used_event is passed", () => {
    const { ring, queue, events } = split(8, Feature.eventIdx);
    ring.setUsedEvent(2);
    for (let i = 0; i < 4; i++) {
      ring.add([1]);
      queue.push(queue.pop() as never, 0);
      expect(events).toHaveLength(i < 2 ? 0 : 1);
    }
  });

  it("tells the driver by avail_event where to notify", () => {
    const { ring, queue } = split(8, Feature.eventIdx);
    for (let i = 0; i < 3; i++) ring.add([1]);
    while (queue.pop());
    expect(ring.availEvent).toBe(3);
  });
});

describe("packed virtqueue's own rules", () => {
  function packed(size = 4, features = 0n) {
    const bench = make("packed", size, features);
    return { ...bench, ring: bench.ring as MockPackedRing };
  }

  it("works with a size that is no power of two", () => {
    const { ring, queue } = packed(3);
    for (let i = 0; i < 20; i++) {
      const { id } = ring.add([1, 1]);
      queue.push(queue.pop() as never, 1);
      expect(ring.poll()).toEqual([{ id, length: 1 }]);
    }
  });

  it("interrupts by event index only when the descriptor is passed", () => {
    const { ring, queue, events } = packed(4, Feature.eventIdx);
    const counts: number[] = [];
    ring.setUsedEvent(1, false);
    for (let i = 0; i < 8; i++) {
      ring.add([1]);
      queue.push(queue.pop() as never, 0);
      ring.poll();
      counts.push(events.length);
    }
    // Wrap counter 0 is the second lap: descriptor 1 of it is the sixth used.
    expect(counts).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });
});
