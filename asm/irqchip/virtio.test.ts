import { beforeAll, beforeEach, expect, test } from "vitest";
import { Doorbell, Irqchip as Map } from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const slotBase = (slot: number) => Map.virtioBase + Map.virtioStride * slot;
const NOTIFY = 0x50;
const STATUS = 0x60;
const ACK = 0x64;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

beforeEach(() => {
  board = new Board(module);
});

test("only the three fast registers of the eight slots are answered", () => {
  for (const slot of [0, 7]) {
    const owned = [NOTIFY, STATUS, ACK].map((at) => board.owns(slotBase(slot) + at));
    expect(owned).toEqual([true, true, true]);
  }
  for (const at of [0, 0x44, 0x51, 0x54, 0x62, 0x68, 0x70, 0x100]) {
    expect(board.owns(slotBase(3) + at)).toBe(false);
  }
  expect(board.owns(slotBase(8) + STATUS)).toBe(false);
});

test("addresses around the windows are not owned", () => {
  const { aclintBase, aclintBytes, plicBase, plicBytes, uartBase, uartBytes } = Map;
  for (const [base, bytes] of [
    [aclintBase, aclintBytes],
    [plicBase, plicBytes],
    [uartBase, uartBytes],
  ] as const) {
    const edges = [base - 1, base, base + bytes - 1, base + bytes].map((at) => board.owns(at));
    expect(edges).toEqual([false, true, true, false]);
  }
  expect(board.core.irqchipOwns(0xffff_ffff_1000_0000n)).toBe(0);
});

test("QueueNotify posts the queue and rings once until the worker looked", () => {
  board.write(slotBase(2) + NOTIFY, 1);
  board.write(slotBase(2) + NOTIFY, 0);
  board.write(slotBase(2) + NOTIFY, 99);
  expect(board.virtioNotify(2)).toBe(3);
  expect(board.rings).toBe(1);
  expect(board.takeDoorbell()).toBe(Doorbell.virtio);
  board.write(slotBase(2) + NOTIFY, 0);
  expect(board.rings).toBe(2);
});

test("InterruptStatus holds the line until all bits are acknowledged", () => {
  board.core.virtioRaise(3, 1);
  board.core.virtioRaise(3, 2);
  expect(board.read(slotBase(3) + STATUS)).toBe(3);
  const irq = Map.virtioIrq + 3;
  board.write(Map.plicBase + 4 * irq, 1);
  board.write(Map.plicBase + 0x2080, 1 << irq);
  const claim = Map.plicBase + 0x20_1004;
  expect(board.read(claim)).toBe(irq);
  board.write(slotBase(3) + ACK, 1);
  board.write(claim, irq);
  expect(board.read(claim)).toBe(irq);
  board.write(slotBase(3) + ACK, 2);
  board.write(claim, irq);
  expect(board.read(claim)).toBe(0);
  expect(board.read(slotBase(3) + STATUS)).toBe(0);
});

test("accesses of another width than 32 bits do nothing", () => {
  board.core.virtioRaise(0, 1);
  board.write(slotBase(0) + ACK, 1, 1);
  board.write(slotBase(0) + NOTIFY, 0, 8);
  expect(board.read(slotBase(0) + STATUS, 1)).toBe(0);
  expect(board.read(slotBase(0) + STATUS)).toBe(1);
  expect(board.virtioNotify(0)).toBe(0);
});

test("a slot that does not exist cannot raise anything", () => {
  board.core.virtioRaise(8, 1);
  expect(board.read(Map.plicBase + 0x1000)).toBe(0);
});
