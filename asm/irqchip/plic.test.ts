import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Event, Irqchip as Map } from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const MEIP = 1 << 11;
const SEIP = 1 << 9;

const priority = (source: number) => Map.plicBase + 4 * source;
const enable = (context: number, word = 0) => Map.plicBase + 0x2000 + 0x80 * context + 4 * word;
const threshold = (context: number) => Map.plicBase + 0x20_0000 + 0x1000 * context;
const claim = (context: number) => threshold(context) + 4;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

beforeEach(() => {
  board = new Board(module);
});

/** Gives a source a priority and enables it for a context, among those enabled already. */
function arm(source: number, level: number, context: number): void {
  board.write(priority(source), level);
  const at = enable(context, source >> 5);
  board.write(at, board.read(at) | (1 << (source & 31)));
}

describe("registers", () => {
  test("priorities and thresholds keep three bits", () => {
    board.write(priority(5), 0xffff_ffff);
    board.write(threshold(1), 0xf9);
    expect(board.read(priority(5))).toBe(7);
    expect(board.read(threshold(1))).toBe(1);
  });

  test("source 0 has no priority and no enable bit", () => {
    board.write(priority(0), 7);
    board.write(enable(0), 0xffff_ffff);
    expect(board.read(priority(0))).toBe(0);
    expect(board.read(enable(0))).toBe(0xffff_fffe);
  });

  test("there are 95 sources and two contexts a hart", () => {
    board.write(priority(95), 3);
    board.write(priority(96), 3);
    expect(board.read(priority(95))).toBe(3);
    expect(board.read(priority(96))).toBe(0);
    board.write(enable(3, 2), 0xffff_ffff);
    board.write(enable(3, 3), 0xffff_ffff);
    board.write(enable(4), 0xffff_ffff);
    board.write(threshold(4), 1);
    expect(board.read(enable(3, 2))).toBe(0xffff_ffff);
    expect(board.read(enable(3, 3))).toBe(0);
    expect(board.read(enable(4))).toBe(0);
    expect(board.read(threshold(4))).toBe(0);
  });

  test("pending bits cannot be written", () => {
    board.write(Map.plicBase + 0x1000, 0xffff_ffff);
    expect(board.read(Map.plicBase + 0x1000)).toBe(0);
  });

  test("a 64-bit access is two 32-bit ones", () => {
    board.write(priority(2), 0x5_0000_0003n, 8);
    expect(board.read(priority(2))).toBe(3);
    expect(board.read(priority(3))).toBe(5);
    expect(board.core.irqchipRead(BigInt(priority(2)), 8)).toBe(0x5_0000_0003n);
  });

  test("nonsense at every register of the window does no harm", () => {
    for (let at = 0; at < Map.plicBytes; at += 0x44) {
      board.write(Map.plicBase + at, 0xffff_ffff);
      board.read(Map.plicBase + at);
    }
    board.core.wireSet(0, 1);
    board.core.wireSet(96, 1);
    board.core.wireSet(0xffff_ffff, 1);
    expect(board.read(Map.plicBase + 0x1000)).toBe(0);
  });
});

describe("claim and completion", () => {
  test("an enabled source drives its context's line and wakes the hart once", () => {
    arm(10, 1, 3);
    expect(board.takeEvents(1)).toBe(0);
    board.core.wireSet(10, 1);
    expect(board.lines(1)).toBe(SEIP);
    expect(board.lines(0)).toBe(0);
    expect(board.takeEvents(1)).toBe(Event.irq);
    board.core.wireSet(10, 1);
    expect(board.takeEvents(1)).toBe(0);
  });

  test("a claim lowers the line, a completion raises it again while the input is high", () => {
    arm(10, 1, 1);
    board.core.wireSet(10, 1);
    expect(board.read(claim(1))).toBe(10);
    expect(board.lines(0)).toBe(0);
    expect(board.pending(10)).toBe(false);
    expect(board.read(claim(1))).toBe(0);
    board.write(claim(1), 10);
    expect(board.lines(0)).toBe(SEIP);
    expect(board.read(claim(1))).toBe(10);
    board.core.wireSet(10, 0);
    board.write(claim(1), 10);
    expect(board.lines(0)).toBe(0);
    expect(board.pending(10)).toBe(false);
  });

  test("a request stays pending when its line falls before the claim", () => {
    arm(4, 1, 0);
    board.core.wireSet(4, 1);
    board.core.wireSet(4, 0);
    expect(board.lines(0)).toBe(MEIP);
    expect(board.read(claim(0))).toBe(4);
    board.write(claim(0), 4);
    expect(board.lines(0)).toBe(0);
  });

  test("the gateway lets nothing through between claim and completion", () => {
    arm(4, 1, 0);
    board.core.wireSet(4, 1);
    board.read(claim(0));
    board.core.wireSet(4, 0);
    board.core.wireSet(4, 1);
    expect(board.pending(4)).toBe(false);
    board.core.wireSet(4, 0);
    board.write(claim(0), 4);
    expect(board.pending(4)).toBe(false);
  });

  test("the higher priority wins, the lower number among equals", () => {
    arm(8, 3, 1);
    arm(40, 5, 1);
    arm(90, 5, 1);
    for (const source of [8, 90, 40]) board.core.wireSet(source, 1);
    expect([0, 0, 0, 0].map(() => board.read(claim(1)))).toEqual([40, 90, 8, 0]);
  });

  test("one source may be enabled for several contexts; one of them gets it", () => {
    arm(10, 1, 1);
    arm(10, 1, 3);
    board.core.wireSet(10, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([SEIP, SEIP]);
    expect(board.read(claim(3))).toBe(10);
    expect([board.lines(0), board.lines(1)]).toEqual([0, 0]);
    expect(board.read(claim(1))).toBe(0);
  });

  test("completing a source that is not enabled or not claimed changes nothing", () => {
    arm(10, 1, 1);
    board.core.wireSet(10, 1);
    board.read(claim(1));
    board.write(claim(3), 10);
    board.write(claim(1), 9);
    board.write(claim(1), 0);
    board.write(claim(1), 1000);
    expect(board.lines(0)).toBe(0);
    board.write(claim(1), 10);
    expect(board.lines(0)).toBe(SEIP);
  });
});

describe("masking", () => {
  test("priority 0 never interrupts and cannot be claimed", () => {
    arm(10, 0, 1);
    board.core.wireSet(10, 1);
    expect(board.pending(10)).toBe(true);
    expect(board.lines(0)).toBe(0);
    expect(board.read(claim(1))).toBe(0);
    board.write(priority(10), 1);
    expect(board.lines(0)).toBe(SEIP);
  });

  test("only priorities above the threshold interrupt, but a claim disregards it", () => {
    arm(10, 3, 1);
    board.write(threshold(1), 3);
    board.core.wireSet(10, 1);
    expect(board.lines(0)).toBe(0);
    board.write(threshold(1), 2);
    expect(board.lines(0)).toBe(SEIP);
    board.write(threshold(1), 7);
    expect(board.lines(0)).toBe(0);
    expect(board.read(claim(1))).toBe(10);
  });

  test("enabling a pending source raises the line, disabling lowers it", () => {
    board.write(priority(33), 1);
    board.core.wireSet(33, 1);
    expect(board.lines(1)).toBe(0);
    board.write(enable(2, 1), 2);
    expect(board.lines(1)).toBe(MEIP);
    board.write(enable(2, 1), 0);
    expect(board.lines(1)).toBe(0);
  });
});
