import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../testing/memory-disk.ts";
import { RecordingTrace } from "../testing/doubles.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { FlashBank, type FlashArray } from "./flash-bank.ts";
import { BANK_BYTES, BLOCK_BYTES, BUFFER_BYTES } from "./regs.ts";

class TestArray implements FlashArray {
  readonly contents = new Uint8Array(BANK_BYTES);
  readable = false;

  bytes(): Uint8Array {
    return this.contents;
  }

  setReadable(on: boolean): void {
    this.readable = on;
  }
}

function make({ readOnly = false, isSlow = false } = {}) {
  const trace = new RecordingTrace();
  const array = new TestArray();
  const drive = new MemoryDisk(BANK_BYTES);
  drive.readOnly = readOnly;
  drive.isSlow = isSlow;
  const bank = new FlashBank(0, { trace, array, drive });
  bank.reset();
  const { regs } = bank;
  /** Both chips get the command. */
  const command = (offset: number, value: number) => regs.write(offset, 4, value * 0x1_0001);
  return { trace, array, drive, bank, regs, command };
}

describe("a bank of flash", () => {
  it("is memory in array mode only", () => {
    const { array, command } = make();
    expect(array.readable).toBe(true);
    for (const mode of [0x70, 0x90, 0x98, 0x40, 0x20, 0xe8, 0x60]) {
      command(0, mode);
      expect(array.readable).toBe(false);
      command(0, 0xff);
      command(0, 0xff);
      if (mode === 0xe8) for (let i = 0; i < 0x102; i++) command(0, 0xff);
      expect(array.readable, `after ${mode}`).toBe(true);
    }
  });

  it("answers the CFI query for two 16-bit chips", () => {
    const { regs, command } = make();
    command(0x55 * 4, 0x98);
    const word = (index: number) => regs.read(index * 4, 4);
    expect([0x10, 0x11, 0x12].map(word)).toEqual([0x51_0051, 0x52_0052, 0x59_0059]);
    expect(word(0x13)).toBe(0x1_0001);
    // 2^24 bytes a chip, in 128 blocks of 128 KiB.
    expect(word(0x27)).toBe(0x18_0018);
    expect([0x2c, 0x2d, 0x2e, 0x2f, 0x30].map((i) => regs.read(i * 4, 2))).toEqual([
      1, 0x7f, 0, 0, 2,
    ]);
    expect([0x31, 0x32, 0x33].map((i) => regs.read(i * 4, 1))).toEqual([0x50, 0x52, 0x49]);
    expect(word(0x52)).toBe(0);
    expect(word(BANK_BYTES / 4 - 1)).toBe(0);
  });

  it("says who made it", () => {
    const { regs, command } = make();
    command(0, 0x90);
    expect(regs.read(0, 4)).toBe(0x89_0089);
    expect(regs.read(4, 4)).toBe(0x18_0018);
    expect(regs.read(8, 4)).toBe(0);
  });

  it("programs words of every width, and the image with them", () => {
    const { array, drive, regs, command } = make();
    command(0x1234, 0x40);
    regs.write(0x1234, 4, 0xdead_beef);
    expect(regs.read(0, 4)).toBe(0x80_0080);
    expect(regs.read(0, 2)).toBe(0x80);
    command(0x1238, 0x10);
    regs.write(0x1238, 2, 0xcafe);
    command(0, 0xff);
    expect([...array.contents.subarray(0x1234, 0x123a)]).toEqual([
      0xef, 0xbe, 0xad, 0xde, 0xfe, 0xca,
    ]);
    expect(drive.bytes.subarray(0x1000, 0x2000)).toEqual(array.contents.subarray(0x1000, 0x2000));
    expect(drive.log).toEqual(["write 4608 512", "write 4608 512"]);
  });

  it("erases the block that the confirmation names", () => {
    const { array, drive, command } = make();
    command(BLOCK_BYTES + 4, 0x20);
    expect(array.contents[BLOCK_BYTES]).toBe(0);
    command(BLOCK_BYTES + 8, 0xd0);
    command(0, 0xff);
    expect(array.contents[BLOCK_BYTES - 1]).toBe(0);
    expect(array.contents.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES).every((b) => b === 0xff)).toBe(
      true,
    );
    expect(array.contents[2 * BLOCK_BYTES]).toBe(0);
    expect(drive.bytes[2 * BLOCK_BYTES - 1]).toBe(0xff);
  });

  it("programs a buffer when it is confirmed, not before", () => {
    const { array, regs, command } = make();
    command(0x2000, 0xe8);
    expect(regs.read(0x2000, 4)).toBe(0x80_0080);
    command(0x2000, 1);
    regs.write(0x2000, 4, 0x1111_1111);
    regs.write(0x2004, 4, 0x2222_2222);
    expect(array.contents[0x2000]).toBe(0);
    command(0x2000, 0xd0);
    command(0, 0xff);
    expect([...array.contents.subarray(0x2000, 0x2009)]).toEqual([
      ...[0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0],
    ]);
  });

  it("refuses writes that leave the buffer, and a buffer that is not confirmed", () => {
    const { array, trace, regs, command } = make();
    command(0, 0xe8);
    command(0, 1);
    regs.write(BUFFER_BYTES - 4, 4, 0x3333_3333);
    regs.write(BUFFER_BYTES, 4, 0x4444_4444);
    command(0, 0xd0);
    expect(regs.read(0, 4)).toBe(0x90_0090);
    expect(array.contents[BUFFER_BYTES]).toBe(0);
    command(0, 0x50);
    command(0, 0xe8);
    command(0, 0);
    regs.write(0, 4, 0x5555_5555);
    command(0, 0xff);
    expect(array.contents[0]).toBe(0);
    expect(array.readable).toBe(true);
    expect(trace.notes).toHaveLength(1);
  });

  it("takes locks and forgets them", () => {
    const { regs, command } = make();
    for (const confirm of [0x01, 0xd0]) {
      command(0, 0x60);
      command(0, confirm);
      expect(regs.read(0, 4)).toBe(0x80_0080);
    }
  });

  it("says that it cannot be changed when the image is read-only", () => {
    const { array, drive, regs, command } = make({ readOnly: true });
    command(0, 0x40);
    command(0, 0x77);
    expect(regs.read(0, 4)).toBe(0x90_0090);
    command(0, 0x50);
    command(0, 0x20);
    command(0, 0xd0);
    expect(regs.read(0, 4)).toBe(0xa0_00a0);
    expect(array.contents[0]).toBe(0);
    expect(drive.log).toEqual([]);
  });

  it("is busy while a slow image is written, in order, and says when that failed", async () => {
    const { bank, drive, regs, command } = make({ isSlow: true });
    command(0, 0x40);
    command(0, 0x1111);
    expect(regs.read(0, 4)).toBe(0);
    command(0x400, 0x40);
    command(0x400, 0x2222);
    drive.fault = "EIO";
    await drive.release();
    expect(drive.held).toBe(1);
    let isSettled = false;
    const settled = bank.settled().then(() => (isSettled = true));
    await Promise.resolve();
    expect(isSettled).toBe(false);
    await drive.release();
    await settled;
    expect(regs.read(0, 2)).toBe(0x90);
    expect([drive.bytes[0], drive.bytes[0x400]]).toEqual([0x11, 0]);
  });

  it("bounds what waits for an image that never answers", () => {
    const { drive, command } = make({ isSlow: true });
    for (let i = 0; i < 1000; i++) {
      command(0, 0x40);
      command(0, i & 0xff);
    }
    expect(drive.held).toBe(1);
  });

  it("reads its contents from the image and keeps them over a reset", async () => {
    const { array, drive, bank, command } = make();
    drive.bytes[5] = 9;
    drive.bytes[BANK_BYTES - 1] = 8;
    await bank.load();
    command(0, 0x70);
    bank.reset();
    expect(array.readable).toBe(true);
    expect([array.contents[5], array.contents[BANK_BYTES - 1]]).toEqual([9, 8]);
  });

  it("works without an image", () => {
    const bank = new FlashBank(1, { trace: new RecordingTrace() });
    bank.reset();
    expect(bank.regs.read(BANK_BYTES - 4, 4)).toBe(0);
    bank.regs.write(0, 4, 0x40_0040);
    bank.regs.write(0, 4, 0x1234_5678);
    bank.regs.write(0, 4, 0xff_00ff);
    expect(bank.regs.read(0, 4)).toBe(0x1234_5678);
  });

  it("saves and restores what it is in the midst of", () => {
    const from = make();
    from.command(0x40, 0xe8);
    from.command(0x40, 1);
    from.regs.write(0x40, 4, 0x1234_5678);
    const to = make();
    to.bank.snapshot.load(1, from.bank.snapshot.save());
    expect(to.array.readable).toBe(false);
    to.regs.write(0x44, 4, 0x9abc_def0);
    to.command(0x40, 0xd0);
    to.command(0, 0xff);
    expect(to.regs.read(0x40, 4)).toBe(0x1234_5678);
    expect(to.regs.read(0x44, 4)).toBe(0x9abc_def0);
  });

  it("takes whatever a hostile guest writes", () => {
    const { array, bank, regs } = make();
    const random = new Xorshift(7);
    const commands = [0x10, 0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xe8, 0xd0, 0xff, 0, 1];
    for (let i = 0; i < 20_000; i++) {
      const size = random.pick([1, 2, 4] as const);
      const offset = (random.pick([0, BANK_BYTES - 8]) + random.below(8)) & ~(size - 1);
      const value = random.below(4) > 0 ? random.pick(commands) : random.u32();
      if (random.below(3) === 0) {
        const read = regs.read(offset, size);
        expect(read >= 0 && read < 2 ** (8 * size)).toBe(true);
      } else regs.write(offset, size, value);
    }
    expect(array.contents).toHaveLength(BANK_BYTES);
    bank.reset();
    expect(array.readable).toBe(true);
  });
});
