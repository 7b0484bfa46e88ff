/** Shared memory for tests without a core: laid out as the machine worker does it. */
import { initMemory, type MemoryPlan, planMemory } from "../../machine/memory-plan.ts";
import { RING, RING_DATA } from "../../protocol/layout.ts";
import { Ring } from "../../util/ring.ts";

const RAM_BYTES = 64 * 2 ** 20;

export interface TestMemory {
  readonly plan: MemoryPlan;
  readonly memory: WebAssembly.Memory;
  readonly buffer: ArrayBufferLike;
}

export function testMemory(harts: number): TestMemory {
  const plan = planMemory({ ramBytes: RAM_BYTES, harts });
  const pages = plan.wasmPages;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  initMemory(memory.buffer, plan);
  return { plan, memory, buffer: memory.buffer };
}

/** The other end of a ring. */
export function ringAt<T extends Uint8Array | Uint16Array>(
  entries: new (buffer: ArrayBufferLike, at: number, length: number) => T,
  buffer: ArrayBufferLike,
  base: number,
  capacity: number,
): Ring<T> {
  const place = { head: base + RING.at.head, tail: base + RING.at.tail, data: base + RING_DATA };
  return new Ring(entries, buffer, { ...place, capacity });
}
