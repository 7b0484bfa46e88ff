import { beforeAll, beforeEach, expect, test } from "vitest";
import { Event, Irqchip as Map } from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const MSIP = 1 << 3;
const msip = (hart: number) => Map.aclintBase + 4 * hart;
const mtimecmp = (hart: number) => Map.aclintBase + 0x4000 + 8 * hart;
const MTIME = Map.aclintBase + 0xbff8;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

beforeEach(() => {
  board = new Board(module);
});

test("msip keeps one bit and is the hart's software interrupt line", () => {
  board.write(msip(1), 0xffff_ffff);
  expect(board.read(msip(1))).toBe(1);
  expect([board.lines(0), board.lines(1)]).toEqual([0, MSIP]);
  expect([board.takeEvents(0), board.takeEvents(1)]).toEqual([0, Event.irq]);
  board.write(msip(1), 0);
  expect(board.lines(1)).toBe(0);
});

test("msip of a hart that does not exist reads zero", () => {
  board.write(msip(2), 1);
  expect(board.read(msip(2))).toBe(0);
});

test("no timer is pending after reset", () => {
  board.ticks = 1e12;
  expect(board.core.aclintTimerPending(0)).toBe(0);
  expect(board.core.aclintMtimecmp(1)).toBe(-1n);
});

test("a write of mtimecmp wakes its hart, which finds the timer pending from that tick on", () => {
  board.write(mtimecmp(1), 1000n, 8);
  expect([board.takeEvents(0), board.takeEvents(1)]).toEqual([0, Event.irq]);
  board.ticks = 999;
  expect(board.core.aclintTimerPending(1)).toBe(0);
  board.ticks = 1000;
  expect(board.core.aclintTimerPending(1)).toBe(1);
  expect(board.core.aclintTimerPending(0)).toBe(0);
});

test("mtimecmp can be written in halves", () => {
  board.write(mtimecmp(0) + 4, 0x1234);
  board.write(mtimecmp(0), 0x8765_4321);
  expect(board.core.aclintMtimecmp(0)).toBe(0x1234_8765_4321n);
  expect(board.read(mtimecmp(0))).toBe(0x8765_4321);
  expect(board.read(mtimecmp(0) + 4)).toBe(0x1234);
});

test("mtime follows the clock, and goes on from what is written to it", () => {
  board.ticks = 5000;
  expect(board.read(MTIME, 8)).toBe(5000);
  board.write(MTIME, 0x7_0000_0000n, 8);
  board.ticks += 16;
  expect(board.core.irqchipRead(BigInt(MTIME), 8)).toBe(0x7_0000_0010n);
  board.write(MTIME + 4, 2);
  expect(board.core.irqchipRead(BigInt(MTIME), 8)).toBe(0x2_0000_0010n);
  expect([board.takeEvents(0), board.takeEvents(1)]).toEqual([Event.irq, Event.irq]);
});

test("reserved places read zero and ignore writes", () => {
  for (const at of [0x3ffc, 0x4010, 0xbff0, 0xc000, 0xfff8]) {
    board.write(Map.aclintBase + at, 0xffff_ffff);
    expect(board.read(Map.aclintBase + at)).toBe(0);
  }
});
