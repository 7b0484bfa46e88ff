import { describe, expect, it } from "vitest";
import { RecordingPower, RecordingTrace } from "../testing/doubles.ts";
import { Syscon } from "./syscon.ts";

function make() {
  const power = new RecordingPower();
  const trace = new RecordingTrace();
  return { power, trace, syscon: new Syscon({ power, trace }) };
}

describe("syscon", () => {
  it("powers off, restarts and fails with the guest's code", () => {
    const { power, syscon } = make();
    syscon.regs.write(0, 4, 0x5555);
    syscon.regs.write(0, 2, 0x7777);
    syscon.regs.write(0, 4, 0x002a_3333);
    expect(power.requests).toEqual([
      { kind: "poweroff" },
      { kind: "reboot" },
      { kind: "fail", code: 42 },
    ]);
  });

  it("notes other values and does nothing", () => {
    const { power, trace, syscon } = make();
    syscon.regs.write(0, 4, 0x1234);
    syscon.regs.write(4, 4, 0x5555);
    expect(power.requests).toEqual([]);
    expect(trace.notes).toEqual([
      "syscon: unknown finisher value 0x1234",
      "syscon: 4-byte write of no register at 0x4",
    ]);
    expect(syscon.regs.read(0, 4)).toBe(0);
  });

  it("announces itself so that poweroff and reboot can point at it", () => {
    const { syscon } = make();
    const node = syscon.fdtNode({
      base: 0x10_0000,
      sizeBytes: 0x1000,
      interruptParent: 1,
      phandle: 2,
    });
    expect(node.name).toBe("test@100000");
    expect(node.properties["phandle"]).toEqual([2]);
  });
});
