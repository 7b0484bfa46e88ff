import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Aia, Event, Irqchip as Map } from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const MEIP = 1 << 11;
const SEIP = 1 << 9;
const [M, S] = [0, 1];
const [WRITE, SET, CLEAR] = [0, 1, 2];
const Select = { eidelivery: 0x70, eithreshold: 0x72, eip0: 0x80, eip2: 0x82, eie0: 0xc0 } as const;
const ALL = 0xffff_ffff_ffff_ffffn;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

beforeEach(() => {
  board = new Board(module, 2, Aia.aplicImsic);
});

const page = (hart: number, file = S) => (file === S ? Map.imsicS : Map.imsicM) + 0x1000 * hart;
const put = (hart: number, select: number, value: bigint, op = WRITE, file = S) =>
  board.core.imsicModify(hart, file, select, op, value);
const get = (hart: number, select: number, file = S) =>
  BigInt.asUintN(64, board.core.imsicRead(hart, file, select));

/** Lets a file deliver the identities from 1 to 63 in `mask`. */
function open(hart: number, mask: bigint, file = S): void {
  put(hart, Select.eidelivery, 1n, WRITE, file);
  put(hart, Select.eie0, mask, WRITE, file);
}

describe("messages", () => {
  test("set the pending bit of the file whose page they are written to", () => {
    board.write(page(1), 5);
    board.write(page(0, M), 64);
    expect(get(1, Select.eip0)).toBe(1n << 5n);
    expect(get(0, Select.eip2, M)).toBe(1n);
    expect(get(0, Select.eip0)).toBe(0n);
    expect(get(1, Select.eip2, M)).toBe(0n);
  });

  test("raise the file's line and wake the hart once it delivers", () => {
    board.write(page(0), 5);
    expect(board.lines(0)).toBe(0);
    expect(board.takeEvents(0)).toBe(0);
    open(0, 1n << 5n);
    expect(board.lines(0)).toBe(SEIP);
    open(1, 1n << 6n, M);
    board.write(page(1, M), 6);
    expect(board.lines(1)).toBe(MEIP);
    expect(board.takeEvents(1)).toBe(Event.irq);
  });

  test("do not wake a hart whose line is high already", () => {
    open(0, 0b1100n);
    board.write(page(0), 2);
    board.takeEvents(0);
    board.write(page(0), 3);
    expect(board.takeEvents(0)).toBe(0);
    expect(board.core.imsicTop(0, S)).toBe(2);
  });

  test("of identities that there are not are ignored", () => {
    open(0, ALL);
    for (const identity of [0, 256, 0xffff_ffff, 0x0500_0000]) board.write(page(0), identity);
    expect(board.lines(0)).toBe(0);
  });

  test("are 32-bit writes of seteipnum_le", () => {
    open(0, ALL);
    board.write(page(0), 7, 1);
    board.write(page(0), 7, 2);
    board.write(page(0), 7, 8);
    board.write(page(0) + 4, 7);
    board.write(page(0) + 0xffc, 7);
    expect(board.lines(0)).toBe(0);
    board.write(page(0), 7);
    expect(board.lines(0)).toBe(SEIP);
    expect(board.read(page(0))).toBe(0);
  });

  test("come from devices, and go nowhere but to interrupt files", () => {
    expect(board.core.msiSend(BigInt(page(1)), 9)).toBe(1);
    expect(get(1, Select.eip0)).toBe(1n << 9n);
    expect(board.core.msiSend(BigInt(page(2)), 9)).toBe(0);
    expect(board.core.msiSend(0x8000_0000n, 9)).toBe(0);
    expect(board.core.msiSend(ALL, 9)).toBe(0);
  });

  test("find no file on machines without IMSICs", () => {
    for (const aia of [Aia.none, Aia.aplic]) {
      const other = new Board(module, 2, aia);
      expect(other.owns(page(0))).toBe(false);
      expect(other.owns(page(0, M))).toBe(false);
      expect(other.core.msiSend(BigInt(page(0)), 1)).toBe(0);
    }
  });
});

test("every hart has a page at either level, and there are no others", () => {
  for (const file of [M, S]) {
    expect(board.owns(page(0, file))).toBe(true);
    expect(board.owns(page(1, file) + 0xfff)).toBe(true);
    expect(board.owns(page(2, file))).toBe(false);
    expect(board.owns(page(0, file) - 1)).toBe(false);
  }
});

describe("registers", () => {
  test("eidelivery is 0 or 1: the APLIC has no wires to these harts", () => {
    put(0, Select.eidelivery, 0x4000_0000n);
    expect(get(0, Select.eidelivery)).toBe(0n);
    put(0, Select.eidelivery, 0x4000_0001n);
    expect(get(0, Select.eidelivery)).toBe(1n);
  });

  test("identity 0 and those from 256 up have no bits", () => {
    for (let select = 0x80; select < 0x100; select += 2) put(0, select, ALL);
    for (const first of [0x80, 0xc0]) {
      expect(get(0, first)).toBe(ALL - 1n);
      for (const at of [2, 4, 6]) expect(get(0, first + at)).toBe(ALL);
      for (let at = 8; at < 64; at += 2) expect(get(0, first + at)).toBe(0n);
    }
  });

  test("reserved ones read zero and ignore writes", () => {
    for (const select of [0x71, 0x73, 0x7f]) {
      put(0, select, ALL);
      expect(get(0, select)).toBe(0n);
    }
    expect(get(0, Select.eip0)).toBe(0n);
  });

  test("set and clear change the bits that they name only", () => {
    put(0, Select.eip0, 0b1010n);
    put(0, Select.eip0, 0b0110n, SET);
    expect(get(0, Select.eip0)).toBe(0b1110n);
    put(0, Select.eip0, 0b0010n, CLEAR);
    expect(get(0, Select.eip0)).toBe(0b1100n);
  });

  test("files are apart", () => {
    put(0, Select.eie0, 0b10n);
    put(0, Select.eithreshold, 7n, WRITE, M);
    expect(get(0, Select.eie0, M)).toBe(0n);
    expect(get(1, Select.eie0)).toBe(0n);
    expect(get(0, Select.eithreshold)).toBe(0n);
  });
});

describe("the top identity", () => {
  test("is the lowest that is pending and enabled", () => {
    open(0, ALL ^ (1n << 3n));
    put(0, 0xc6, ALL);
    for (const identity of [255, 40, 9, 3]) board.write(page(0), identity);
    const claimed = [];
    for (let top = -1; top !== 0;) {
      top = board.core.imsicTop(0, S);
      if (top) claimed.push(top);
      board.core.imsicClaim(0, S, top);
    }
    expect(claimed).toEqual([9, 40, 255]);
    expect(board.lines(0)).toBe(0);
    expect(get(0, Select.eip0)).toBe(1n << 3n);
  });

  test("is below the threshold, if there is one", () => {
    open(0, ALL);
    put(0, Select.eithreshold, 9n);
    board.write(page(0), 9);
    expect(board.core.imsicTop(0, S)).toBe(0);
    expect(board.lines(0)).toBe(0);
    board.write(page(0), 8);
    expect(board.core.imsicTop(0, S)).toBe(8);
    expect(board.lines(0)).toBe(SEIP);
    board.core.imsicClaim(0, S, 8);
    put(0, Select.eithreshold, 0n);
    expect(board.lines(0)).toBe(SEIP);
  });

  test("does not depend on eidelivery", () => {
    put(0, Select.eie0, ALL);
    board.write(page(0), 4);
    expect(board.core.imsicTop(0, S)).toBe(4);
    expect(board.lines(0)).toBe(0);
  });

  test("keeps the line high while another one is left", () => {
    open(0, ALL);
    board.write(page(0), 4);
    board.write(page(0), 5);
    board.core.imsicClaim(0, S, 4);
    expect(board.lines(0)).toBe(SEIP);
    put(0, Select.eidelivery, 0n);
    expect(board.lines(0)).toBe(0);
  });
});

test("reset empties every file", () => {
  open(1, ALL);
  board.write(page(1), 4);
  board.core.irqchipReset();
  expect(board.lines(1)).toBe(0);
  for (const select of [0x70, 0x72, 0x80, 0xc0]) expect(get(1, select)).toBe(0n);
});
