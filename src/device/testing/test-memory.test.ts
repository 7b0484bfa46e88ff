import { describe, expect, it } from "vitest";
import { guestMemoryContract } from "./guest-memory-contract.ts";
import { TestMemory } from "./test-memory.ts";

const RAM = 0x8000_0000;
const BYTES = 0x2_0000;

guestMemoryContract("TestMemory", () => ({
  memory: new TestMemory(RAM, BYTES),
  ram: RAM,
  ramBytes: BYTES,
}));

guestMemoryContract("TestMemory in pieces", () => ({
  memory: new TestMemory(RAM, BYTES, 4096),
  ram: RAM,
  ramBytes: BYTES,
}));

describe("TestMemory's faults", () => {
  it("has a hole where it is told to", () => {
    const memory = new TestMemory(RAM, BYTES);
    memory.hole = { from: RAM + 0x1000, to: RAM + 0x2000 };
    expect(memory.segments(RAM, 0x1001, false)).toBeNull();
    expect(memory.segments(RAM, 0x1000, false)).not.toBeNull();
    expect(memory.readU32(RAM + 0x1000)).toBeNull();
  });
});
