import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Aia, Irqchip as Map } from "../../src/protocol/layout.ts";
import {
  AplicBoard,
  CHILD,
  IE,
  Idc,
  Mode,
  R,
  ROOT,
  idc,
  sourcecfg,
  target,
} from "./testing/aplic-board.ts";
import { compileIrqchip } from "./harness.ts";

const MEIP = 1 << 11;
const SEIP = 1 << 9;

let module: WebAssembly.Module;
let board: AplicBoard;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

describe("direct delivery", () => {
  beforeEach(() => {
    board = new AplicBoard(module, 2, Aia.aplic);
    for (const domain of [ROOT, CHILD]) {
      board.set(domain, R.domaincfg, IE);
      for (const hart of [0, 1]) board.set(domain, idc(hart, Idc.idelivery), 1);
    }
  });

  test("raises the level's external interrupt at the target", () => {
    board.arm(CHILD, 10, Mode.level1, (1 << 18) | 1);
    board.arm(ROOT, 11, Mode.level1, 1);
    board.wire(10, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([0, SEIP]);
    board.wire(11, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([MEIP, SEIP]);
    board.wire(10, 0);
    expect(board.lines(1)).toBe(0);
  });

  test("needs IE, idelivery and the enable bit", () => {
    board.arm(CHILD, 10, Mode.level1, 1);
    board.wire(10, 1);
    for (const [off, on] of [
      [() => board.set(CHILD, R.domaincfg, 0), () => board.set(CHILD, R.domaincfg, IE)],
      [
        () => board.set(CHILD, idc(0, Idc.idelivery), 0),
        () => board.set(CHILD, idc(0, Idc.idelivery), 1),
      ],
      [() => board.set(CHILD, R.clrienum, 10), () => board.set(CHILD, R.setienum, 10)],
    ] as const) {
      off();
      expect(board.lines(0)).toBe(0);
      on();
      expect(board.lines(0)).toBe(SEIP);
    }
  });

  test("priorities are 1 to 7, the threshold 0 to 7", () => {
    board.set(ROOT, sourcecfg(5), Mode.level1);
    expect(board.get(ROOT, target(5))).toBe(1);
    board.set(ROOT, target(5), 0xff);
    expect(board.get(ROOT, target(5))).toBe(7);
    board.set(ROOT, target(5), 0);
    expect(board.get(ROOT, target(5))).toBe(1);
    board.set(ROOT, idc(0, Idc.ithreshold), 0xff);
    expect(board.get(ROOT, idc(0, Idc.ithreshold))).toBe(7);
  });

  test("topi is the source of least priority number, then of least number", () => {
    for (const [source, priority] of [
      [40, 2],
      [8, 3],
      [90, 2],
    ] as const) {
      board.arm(CHILD, source, Mode.level1, priority);
      board.wire(source, 1);
    }
    expect(board.get(CHILD, idc(0, Idc.topi))).toBe((40 << 16) | 2);
    board.set(CHILD, idc(0, Idc.ithreshold), 2);
    expect(board.get(CHILD, idc(0, Idc.topi))).toBe(0);
    expect(board.lines(0)).toBe(0);
    board.set(CHILD, idc(0, Idc.ithreshold), 3);
    expect(board.get(CHILD, idc(0, Idc.topi))).toBe((40 << 16) | 2);
  });

  test("a claim ends an edge, but a level lasts as long as its wire", () => {
    board.arm(CHILD, 3, Mode.edge1, 1);
    board.arm(CHILD, 4, Mode.level1, 2);
    board.wire(3, 1);
    board.wire(4, 1);
    expect(board.get(CHILD, idc(0, Idc.claimi))).toBe((3 << 16) | 1);
    expect(board.get(CHILD, idc(0, Idc.claimi))).toBe((4 << 16) | 2);
    expect(board.get(CHILD, idc(0, Idc.claimi))).toBe((4 << 16) | 2);
    board.wire(4, 0);
    expect(board.get(CHILD, idc(0, Idc.claimi))).toBe(0);
    expect(board.lines(0)).toBe(0);
  });

  test("software cannot set or clear a level", () => {
    board.arm(CHILD, 4, Mode.level1, 1);
    board.set(CHILD, R.setipnum, 4);
    expect(board.isPending(CHILD, 4)).toBe(false);
    board.wire(4, 1);
    board.set(CHILD, R.clripnum, 4);
    expect(board.isPending(CHILD, 4)).toBe(true);
  });

  test("iforce interrupts until a claim finds nothing", () => {
    board.set(CHILD, idc(1, Idc.iforce), 1);
    expect(board.lines(1)).toBe(SEIP);
    expect(board.get(CHILD, idc(1, Idc.claimi))).toBe(0);
    expect(board.get(CHILD, idc(1, Idc.iforce))).toBe(0);
    expect(board.lines(1)).toBe(0);
  });

  test("harts that there are not have no IDC, and get no interrupt", () => {
    board.set(CHILD, idc(2, Idc.idelivery), 1);
    expect(board.get(CHILD, idc(2, Idc.idelivery))).toBe(0);
    board.arm(CHILD, 4, Mode.level1, (2 << 18) | 1);
    board.wire(4, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([0, 0]);
  });

  test("there are no registers for messages", () => {
    for (const register of [R.mmsiaddrcfg, R.mmsiaddrcfgh, R.smsiaddrcfg, R.genmsi]) {
      board.set(ROOT, register, 0xffff_ffff);
      expect(board.get(ROOT, register)).toBe(0);
    }
  });
});

describe("delivery by messages", () => {
  const pendingOf = (hart: number, file: number) => board.core.imsicRead(hart, file, 0x80);
  const [M, S] = [0, 1];

  beforeEach(() => {
    board = new AplicBoard(module, 2, Aia.aplicImsic);
    board.set(ROOT, R.mmsiaddrcfg, Map.imsicM >>> 12);
    board.set(ROOT, R.mmsiaddrcfgh, 1 << 12);
    board.set(ROOT, R.smsiaddrcfg, Map.imsicS >>> 12);
    for (const domain of [ROOT, CHILD]) board.set(domain, R.domaincfg, IE);
  });

  test("sends the identity to the target's file and clears the pending bit", () => {
    board.arm(CHILD, 10, Mode.edge1, (1 << 18) | 7);
    board.arm(ROOT, 11, Mode.edge1, 9);
    board.wire(10, 1);
    board.wire(11, 1);
    expect(pendingOf(1, S)).toBe(1n << 7n);
    expect(pendingOf(0, M)).toBe(1n << 9n);
    expect([board.isPending(CHILD, 10), board.isPending(ROOT, 11)]).toEqual([false, false]);
  });

  test("waits for IE and the enable bit", () => {
    board.set(CHILD, R.domaincfg, 0);
    board.arm(CHILD, 10, Mode.edge1, 7);
    board.set(CHILD, R.clrienum, 10);
    board.wire(10, 1);
    board.set(CHILD, R.domaincfg, IE);
    expect([board.isPending(CHILD, 10), pendingOf(0, S)]).toEqual([true, 0n]);
    board.set(CHILD, R.setienum, 10);
    expect([board.isPending(CHILD, 10), pendingOf(0, S)]).toEqual([false, 1n << 7n]);
  });

  test("a level is sent once, and again when software asks and the wire is still high", () => {
    board.arm(CHILD, 10, Mode.level1, 7);
    const sent = () => {
      const bits = pendingOf(0, S);
      board.core.imsicModify(0, S, 0x80, 0, 0n);
      return bits !== 0n;
    };
    board.wire(10, 1);
    expect([sent(), sent()]).toEqual([true, false]);
    board.set(CHILD, R.setipnumLe, 10);
    expect(sent()).toBe(true);
    board.wire(10, 0);
    board.set(CHILD, R.setipnumLe, 10);
    expect(sent()).toBe(false);
    board.wire(10, 1);
    expect(sent()).toBe(true);
  });

  test("a level that falls before it is sent is not sent", () => {
    board.arm(CHILD, 10, Mode.level1, 7);
    board.set(CHILD, R.clrienum, 10);
    board.wire(10, 1);
    expect(board.isPending(CHILD, 10)).toBe(true);
    board.wire(10, 0);
    expect(board.isPending(CHILD, 10)).toBe(false);
  });

  test("a wire that is high when its source is configured is sent", () => {
    board.wire(10, 1);
    board.arm(CHILD, 10, Mode.level1, 7);
    expect(pendingOf(0, S)).toBe(1n << 7n);
  });

  test("target has a hart and an identity, and no guest", () => {
    board.set(ROOT, sourcecfg(4), Mode.detached);
    board.set(ROOT, target(4), 0xffff_ffff);
    expect(board.get(ROOT, target(4)) >>> 0).toBe(0xfffc_07ff);
  });

  test("genmsi sends at once, even without IE", () => {
    board.set(CHILD, R.domaincfg, 0);
    board.set(CHILD, R.genmsi, (1 << 18) | 0x1000 | 33);
    expect(pendingOf(1, S)).toBe(1n << 33n);
    expect(board.get(CHILD, R.genmsi)).toBe((1 << 18) | 33);
  });

  test("addresses are made of group and hart as the root's registers say", () => {
    // Two harts of a group each, whose pages lie 2^24 apart: nobody is there but in group 0.
    board.set(ROOT, R.mmsiaddrcfgh, (1 << 16) | (0 << 12));
    board.set(CHILD, R.genmsi, (1 << 18) | 5);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([0n, 0n]);
    board.set(CHILD, R.genmsi, 5);
    expect(pendingOf(0, S)).toBe(1n << 5n);
    // One page in two is a hart's: hart 0 again.
    board.set(ROOT, R.mmsiaddrcfgh, 1 << 12);
    board.set(ROOT, R.smsiaddrcfgh, 1 << 20);
    board.set(CHILD, R.genmsi, (1 << 18) | 6);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([1n << 5n, 0n]);
  });

  test("the lock keeps the root's address registers, and the child has none", () => {
    board.set(CHILD, R.mmsiaddrcfg, 1);
    expect(board.get(CHILD, R.mmsiaddrcfg)).toBe(0);
    board.set(ROOT, R.mmsiaddrcfgh, 0xffff_ffff);
    expect(board.get(ROOT, R.mmsiaddrcfgh) >>> 0).toBe(0x9f77_ffff);
    board.set(ROOT, R.mmsiaddrcfgh, 0);
    board.set(ROOT, R.smsiaddrcfg, 0);
    expect(board.get(ROOT, R.mmsiaddrcfgh) >>> 0).toBe(0x9f77_ffff);
    expect(board.get(ROOT, R.smsiaddrcfg)).toBe(Map.imsicS >>> 12);
  });

  test("messages for harts that there are not are lost", () => {
    board.set(ROOT, R.mmsiaddrcfgh, 15 << 12);
    board.arm(CHILD, 10, Mode.edge1, (900 << 18) | 7);
    board.wire(10, 1);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([0n, 0n]);
  });

  test("there are no IDC structures", () => {
    board.set(CHILD, idc(0, Idc.idelivery), 1);
    board.set(CHILD, idc(0, Idc.iforce), 1);
    expect(board.get(CHILD, idc(0, Idc.idelivery))).toBe(0);
    expect(board.lines(0)).toBe(0);
  });
});
