import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../testing/memory-disk.ts";
import { RecordingTrace } from "../testing/doubles.ts";
import { Op, Senses, type Sense } from "./codes.ts";
import { ScsiDisk } from "./scsi-disk.ts";
import type { ScsiResult } from "./scsi-unit.ts";

const BLOCKS = 64;

function make(disk = new MemoryDisk(BLOCKS * 512), serial = "") {
  const unit = new ScsiDisk(disk, new RecordingTrace(), { name: "drive0", serial });
  /** Carries out a command that ends at once; its result and the data it read. */
  const ask = (cdb: readonly number[], out: readonly number[] = [], room = 0) => {
    const padded = new Uint8Array(32);
    padded.set(cdb);
    const data = new Uint8Array(room);
    let result: ScsiResult | undefined;
    const dataOut = out.length > 0 ? [Uint8Array.from(out)] : [];
    unit.execute({ cdb: padded, dataOut, dataIn: [data] }, (end) => (result = end));
    const bytes = result?.kind === "good" ? data.subarray(0, result.bytes) : new Uint8Array(0);
    return { result, bytes, sense: result?.kind === "check" ? result.sense : null };
  };
  return { disk, unit, ask };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("scsi-hd", () => {
  it("identifies itself as QEMU's does", () => {
    const { bytes } = make().ask([Op.inquiry, 0, 0, 0, 36], [], 36);
    expect([...bytes.subarray(0, 8)]).toEqual([0, 0, 5, 0x12, 31, 0, 0, 0x12]);
    expect(text(bytes.subarray(8))).toBe("QEMU    QEMU HARDDISK   2.5+");
  });

  it("has the pages of product data that it lists", () => {
    const { ask } = make(undefined, "abc");
    const page = (code: number) => ask([Op.inquiry, 1, code, 0, 255], [], 255).bytes;
    expect([...page(0)]).toEqual([0, 0, 0, 6, 0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2]);
    for (const code of page(0).subarray(4)) expect(page(code)[1]).toBe(code);
    expect(text(page(0x80).subarray(4))).toBe("abc");
    expect(text(page(0x83).subarray(8))).toBe("abc");
    expect(page(0xb0)).toHaveLength(64);
    expect([...page(0xb2)]).toEqual([0, 0xb2, 0, 4, 0, 0xe0, 2, 0]);
    expect(ask([Op.inquiry, 1, 0x99, 0, 255], [], 255).sense).toEqual(Senses.invalidField);
    expect(make().ask([Op.inquiry, 1, 0, 0, 255], [], 255).bytes[3]).toBe(5);
  });

  it("tells its capacity both ways", () => {
    const { ask } = make();
    expect([...ask([Op.readCapacity10], [], 8).bytes]).toEqual([0, 0, 0, 63, 0, 0, 2, 0]);
    const long = ask(
      [Op.serviceActionIn16, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32],
      [],
      32,
    ).bytes;
    expect([long[7], long[10], long[13], long[14]]).toEqual([63, 2, 0, 0x80]);
    expect(ask([Op.serviceActionIn16, 0x11], [], 32).sense).toEqual(Senses.invalidField);
  });

  it.each<[string, number[], number[]]>([
    ["6", [Op.write6, 0, 0, 2, 1], [Op.read6, 0, 0, 2, 1]],
    ["10", [Op.write10, 0, 0, 0, 0, 2, 0, 0, 1], [Op.read10, 0, 0, 0, 0, 2, 0, 0, 1]],
    ["12", [Op.write12, 0, 0, 0, 0, 2, 0, 0, 0, 1], [Op.read12, 0, 0, 0, 0, 2, 0, 0, 0, 1]],
    [
      "16",
      [Op.write16, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1],
      [Op.read16, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1],
    ],
  ])("writes and reads by commands of %s bytes", (_, write, read) => {
    const { ask, disk } = make();
    const bytes = Array.from({ length: 512 }, (__, i) => i & 0xff);
    expect(ask(write, bytes).result).toEqual({ kind: "good", bytes: 512 });
    expect(disk.log).toEqual(["write 1024 512"]);
    expect([...ask(read, [], 512).bytes]).toEqual(bytes);
  });

  it("reads 256 blocks when a short command says 0", () => {
    const { ask } = make(new MemoryDisk(512 * 512));
    expect(ask([Op.read6, 0, 0, 0, 0], [], 256 * 512).bytes).toHaveLength(256 * 512);
  });

  it.each<[string, number[], Sense]>([
    ["a read past the end", [Op.read10, 0, 0, 0, 0, 63, 0, 0, 2], Senses.lbaOutOfRange],
    [
      "a block beyond counting",
      [Op.read16, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 1],
      Senses.lbaOutOfRange,
    ],
    ["a write without its data", [Op.write10, 0, 0, 0, 0, 0, 0, 0, 1], Senses.invalidField],
    ["a verification that compares", [Op.verify10, 2, 0, 0, 0, 0, 0, 0, 1], Senses.invalidField],
    ["an unknown operation", [0xfe], Senses.invalidOpcode],
    ["saved pages", [Op.modeSense6, 0, 0xc8, 0, 255], { key: 5, asc: 0x39, ascq: 0 }],
    ["an unknown page", [Op.modeSense6, 0, 0x33, 0, 255], Senses.invalidField],
  ])("refuses %s", (_, cdb, sense) => {
    const { ask, disk } = make();
    expect(ask(cdb, [], 512).sense).toEqual(sense);
    expect(disk.log).toEqual([]);
  });

  it("flushes when asked, when a write forces it, and always without a write cache", () => {
    const { ask, disk } = make();
    const block = Array.from({ length: 512 }, () => 1);
    ask([Op.synchronizeCache10]);
    ask([Op.write10, 8, 0, 0, 0, 0, 0, 0, 1], block);
    expect(disk.log).toEqual(["flush", "write 0 512", "flush"]);
    const caching = (wce: number) => [0x08, 18, wce, ...Array.from({ length: 17 }, () => 0)];
    expect(ask([Op.modeSelect6, 0x10, 0, 0, 24], [0, 0, 0, 0, ...caching(0)]).result?.kind).toBe(
      "good",
    );
    expect(ask([Op.modeSense6, 8, 8, 0, 255], [], 255).bytes[6]).toBe(0);
    ask([Op.write10, 0, 0, 0, 0, 0, 0, 0, 1], block);
    expect(disk.log.slice(3)).toEqual(["write 0 512", "flush"]);
    const wrong = [0, 0, 0, 0, 0x08, 18, 4, 1, ...Array.from({ length: 16 }, () => 0)];
    expect(ask([Op.modeSelect6, 0x10, 0, 0, 24], wrong).sense).toEqual(Senses.invalidParameter);
    expect(ask([Op.modeSelect6, 0x10, 0, 0, 3], [0, 0, 0]).sense).toEqual(Senses.parameterLength);
  });

  it("unmaps lists of ranges, and refuses what is not one", () => {
    const { ask, disk } = make();
    const entry = (lba: number, blocks: number) => [
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      lba,
      0,
      0,
      0,
      blocks,
      0,
      0,
      0,
      0,
    ];
    const list = (...entries: number[][]) => [
      0,
      38,
      0,
      16 * entries.length,
      0,
      0,
      0,
      0,
      ...entries.flat(),
    ];
    const unmap = (data: number[]) => ask([Op.unmap, 0, 0, 0, 0, 0, 0, 0, data.length], data);
    expect(unmap(list(entry(0, 1), entry(8, 4))).result?.kind).toBe("good");
    expect(disk.log).toEqual(["discard 0 512", "discard 4096 2048"]);
    expect(unmap(list(entry(0, 1), entry(63, 2))).sense).toEqual(Senses.lbaOutOfRange);
    expect(unmap([0, 6, 0, 5, 0, 0, 0, 0]).sense).toEqual(Senses.parameterLength);
    expect(unmap([0, 6, 0, 16, 0, 0, 0, 0]).sense).toEqual(Senses.parameterLength);
    expect(disk.log).toHaveLength(2);
  });

  it("writes the same block over and over, zeroes without data", () => {
    const { ask, disk } = make();
    const block = Array.from({ length: 512 }, () => 7);
    ask([Op.writeSame10, 0, 0, 0, 0, 1, 0, 0, 3], block);
    expect(disk.bytes.subarray(512, 2048).every((byte) => byte === 7)).toBe(true);
    ask([Op.writeSame16, 0x09, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
    expect(disk.log).toEqual(["write 512 1536", "zero 512 1024 true"]);
    expect(ask([Op.writeSame10, 0, 0, 0, 0, 1, 0, 0, 0], block).sense).toEqual(Senses.invalidField);
  });

  it("protects a read-only image, and tells what failed", () => {
    const { ask, disk } = make();
    disk.fault = "EIO";
    expect(ask([Op.read10, 0, 0, 0, 0, 0, 0, 0, 1], [], 512).sense).toEqual(Senses.ioError);
    disk.fault = "ENOSPC";
    const block = Array.from({ length: 512 }, () => 7);
    expect(ask([Op.write6, 0, 0, 0, 1], block).sense).toEqual(Senses.spaceFailed);
    disk.readOnly = true;
    expect(ask([Op.write6, 0, 0, 0, 1], block).sense).toEqual(Senses.writeProtected);
    expect(ask([Op.modeSense6, 8, 0x3f, 0, 255], [], 255).bytes[2]).toBe(0x90);
  });

  it("tells of a reset and of a new size, each once", () => {
    const { disk, unit, ask } = make();
    const changes: Sense[] = [];
    unit.onChange = (sense) => changes.push(sense);
    expect(unit.takeAttention()).toEqual(Senses.powerOn);
    expect(unit.takeAttention()).toBeNull();
    disk.resize(128 * 512);
    disk.resize(256 * 512);
    expect(changes).toEqual([Senses.capacityChanged, Senses.capacityChanged]);
    expect(unit.takeAttention()).toEqual(Senses.capacityChanged);
    expect(unit.takeAttention()).toBeNull();
    expect(ask([Op.readCapacity10], [], 8).bytes[3]).toBe(255);
    unit.reset();
    expect(ask([Op.requestSense, 0, 0, 0, 18], [], 18).bytes[12]).toBe(0x29);
  });
});
