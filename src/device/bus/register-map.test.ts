import { describe, expect, it } from "vitest";
import { RecordingTrace } from "../testing/doubles.ts";
import { Xorshift } from "../../util/xorshift.ts";
import type { AccessSize } from "../device-model.ts";
import { RegisterBank, type Handlers, type RegisterMap } from "./register-map.ts";

const MAP = {
  id: { at: 0x0, access: "ro" },
  control: { at: 0x4, access: "rw", widths: [2, 4] },
  kick: { at: 0x8, access: "wo" },
  priority: { at: 0x10, access: "rw", count: 4, stride: 8 },
  config: { at: 0x100, access: "rw", bytes: 8, widths: [1, 2, 4] },
} as const satisfies RegisterMap;

function make() {
  const trace = new RecordingTrace();
  const log: unknown[] = [];
  const config = new Uint8Array(8);
  const priority = [0, 0, 0, 0];
  const handlers: Handlers<typeof MAP> = {
    id: { read: () => 0x1_2345_6789 },
    control: { read: () => 0xabcd_ef01, write: (value) => void log.push(value) },
    kick: { write: (value) => void log.push(["kick", value]) },
    priority: {
      read: (index) => priority[index] ?? 0,
      write: (index, value) => void (priority[index] = value),
    },
    config: {
      read: (offset) => config[offset] ?? 0,
      write: (offset, size, value) => void log.push([offset, size, value]),
    },
  };
  return { bank: new RegisterBank("dev", MAP, handlers, trace), trace, log };
}

describe("RegisterBank", () => {
  it("dispatches reads and writes by offset", () => {
    const { bank, log } = make();
    expect(bank.read(0x0, 4)).toBe(0x2345_6789);
    bank.write(0x4, 4, 5);
    bank.write(0x8, 4, 6);
    expect(log).toEqual([5, ["kick", 6]]);
  });

  it("cuts values to the access", () => {
    const { bank, log } = make();
    expect(bank.read(0x4, 2)).toBe(0xef01);
    bank.write(0x4, 2, 0x1_2345);
    expect(log).toEqual([0x2345]);
  });

  it("indexes banked registers by their stride", () => {
    const { bank } = make();
    bank.write(0x20, 4, 7);
    expect(bank.read(0x20, 4)).toBe(7);
    expect(bank.read(0x10, 4)).toBe(0);
  });

  it("passes offset and size of accesses in a byte range", () => {
    const { bank, log, trace } = make();
    bank.write(0x106, 2, 0xffff);
    bank.write(0x106, 4, 1);
    expect(log).toEqual([[6, 2, 0xffff]]);
    expect(trace.notes).toEqual(["dev: 4-byte write of no register at 0x106"]);
  });

  it("reads 0 and notes what no register takes", () => {
    const { bank, trace } = make();
    expect(bank.read(0x8, 4)).toBe(0);
    expect(bank.read(0x1, 1)).toBe(0);
    bank.write(0x0, 4, 1);
    expect(bank.read(0x4, 1)).toBe(0);
    expect(trace.notes).toEqual([
      "dev: 4-byte read of kick at 0x8",
      "dev: 1-byte read of no register at 0x1",
      "dev: 4-byte write of id at 0x0",
      "dev: 1-byte read of control at 0x4",
    ]);
  });

  it("lists its registers for a debugger", () => {
    expect(make().bank.registers().slice(0, 4)).toEqual([
      { name: "id", offset: 0 },
      { name: "control", offset: 4 },
      { name: "kick", offset: 8 },
      { name: "priority[0]", offset: 0x10 },
    ]);
  });

  it("survives any access", () => {
    const { bank } = make();
    const random = new Xorshift(1);
    for (let i = 0; i < 10_000; i++) {
      const size = random.pick<AccessSize>([1, 2, 4]);
      bank.write(random.below(0x120), size, random.u32());
      expect(bank.read(random.below(0x120), size)).toBeLessThan(2 ** (8 * size));
    }
  });
});
