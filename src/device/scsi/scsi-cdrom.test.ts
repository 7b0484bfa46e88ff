import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../testing/memory-disk.ts";
import { RecordingTrace } from "../testing/doubles.ts";
import { Op, Senses } from "./codes.ts";
import { ScsiCdrom } from "./scsi-cdrom.ts";
import type { ScsiResult } from "./scsi-unit.ts";

function make(medium: MemoryDisk | null = new MemoryDisk(100 * 2048)) {
  const unit = new ScsiCdrom(medium, new RecordingTrace(), { name: "cd" });
  const ask = (cdb: readonly number[], room = 64) => {
    const padded = new Uint8Array(32);
    padded.set(cdb);
    const data = new Uint8Array(room);
    let result: ScsiResult | undefined;
    unit.execute({ cdb: padded, dataOut: [], dataIn: [data] }, (end) => (result = end));
    const bytes = result?.kind === "good" ? [...data.subarray(0, result.bytes)] : [];
    return { bytes, sense: result?.kind === "check" ? result.sense : null };
  };
  const event = () => ask([Op.getEventStatus, 1, 0, 0, 0x10, 0, 0, 0, 8]).bytes.slice(4, 6);
  return { medium, unit, ask, event };
}

const EJECT = [Op.startStopUnit, 0, 0, 0, 2];
const LOAD = [Op.startStopUnit, 0, 0, 0, 3];

describe("scsi-cd", () => {
  it("is a removable drive of blocks of 2048 bytes", () => {
    const { ask, medium } = make();
    medium?.bytes.fill(5, 2048, 4096);
    const inquiry = ask([Op.inquiry, 0, 0, 0, 36]).bytes;
    expect(inquiry.slice(0, 2)).toEqual([5, 0x80]);
    expect(ask([Op.readCapacity10]).bytes).toEqual([0, 0, 0, 99, 0, 0, 8, 0]);
    const { bytes } = ask([Op.read10, 0, 0, 0, 0, 1, 0, 0, 1], 2048);
    expect(bytes).toHaveLength(2048);
    expect(bytes.every((byte) => byte === 5)).toBe(true);
    expect(ask([Op.read10, 0, 0, 0, 0, 99, 0, 0, 2], 4096).sense).toEqual(Senses.lbaOutOfRange);
    expect(ask([Op.write10, 0, 0, 0, 0, 0, 0, 0, 1]).sense).toEqual(Senses.invalidOpcode);
  });

  it("tells its table of contents in blocks and in minutes", () => {
    const { ask } = make();
    expect(ask([Op.readToc, 0, 0, 0, 0, 0, 0, 0, 64]).bytes).toEqual([
      ...[0, 18, 1, 1],
      ...[0, 0x14, 1, 0, 0, 0, 0, 0],
      ...[0, 0x14, 0xaa, 0, 0, 0, 0, 100],
    ]);
    const msf = ask([Op.readToc, 2, 0, 0, 0, 0, 0xaa, 0, 64]).bytes;
    expect(msf.slice(4)).toEqual([0, 0x14, 0xaa, 0, 0, 0, 3, 25]);
    expect(ask([Op.readToc, 0, 0, 0, 0, 0, 7, 0, 64]).sense).toEqual(Senses.invalidField);
    expect(ask([Op.readToc, 0, 1, 0, 0, 0, 0, 0, 64]).bytes).toHaveLength(12);
  });

  it("names the profile of its medium", () => {
    const profile = (disk: MemoryDisk | null) =>
      make(disk).ask([Op.getConfiguration, 0, 0, 0, 0, 0, 0, 0, 64]).bytes[7];
    expect(profile(new MemoryDisk(2048))).toBe(0x08);
    expect(profile(null)).toBe(0);
    const dvd = new MemoryDisk(0);
    Object.defineProperty(dvd, "sizeBytes", { value: 2 ** 32 });
    expect(profile(dvd)).toBe(0x10);
  });

  it("ejects and loads by command, unless the guest locked it", () => {
    const { ask, unit, event } = make();
    const moves: boolean[] = [];
    unit.onTray = (open) => moves.push(open);
    ask([Op.preventAllow, 0, 0, 0, 1]);
    expect(ask(EJECT).sense).toEqual(Senses.removalPrevented);
    ask([Op.preventAllow]);
    expect(ask(EJECT).sense).toBeNull();
    expect(ask([Op.testUnitReady]).sense).toEqual(Senses.noMedium);
    expect(event()).toEqual([3, 1]);
    unit.takeAttention();
    ask(LOAD);
    expect(unit.takeAttention()).toEqual(Senses.mediumChanged);
    expect(event()).toEqual([2, 2]);
    expect(event()).toEqual([0, 2]);
    expect(moves).toEqual([true, false]);
  });

  it("tells of a medium that the host changed", () => {
    const { ask, unit, event } = make(null);
    let changes = 0;
    unit.onChange = () => changes++;
    expect(ask([Op.testUnitReady]).sense).toEqual(Senses.noMedium);
    expect(ask([Op.readCapacity10]).sense).toEqual(Senses.noMedium);
    unit.takeAttention();
    unit.change(new MemoryDisk(4096));
    expect(unit.takeAttention()).toEqual(Senses.mediumChanged);
    expect(ask([Op.readCapacity10]).bytes[3]).toBe(1);
    expect(event()).toEqual([2, 2]);
    ask([Op.preventAllow, 0, 0, 0, 1]);
    unit.requestEject();
    expect(event()).toEqual([1, 2]);
    expect(unit.isLocked).toBe(true);
    unit.reset();
    unit.requestEject();
    expect(event()).toEqual([3, 0]);
    expect(changes).toBe(2);
  });
});
