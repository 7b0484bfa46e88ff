import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Aia, Irqchip as Map } from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const MEIP = 1 << 11;
const SEIP = 1 << 9;
const [ROOT, CHILD] = [Map.aplicM, Map.aplicS];
const R = {
  domaincfg: 0,
  mmsiaddrcfg: 0x1bc0,
  mmsiaddrcfgh: 0x1bc4,
  smsiaddrcfg: 0x1bc8,
  smsiaddrcfgh: 0x1bcc,
  setip: 0x1c00,
  setipnum: 0x1cdc,
  inClrip: 0x1d00,
  clripnum: 0x1ddc,
  setie: 0x1e00,
  setienum: 0x1edc,
  clrie: 0x1f00,
  clrienum: 0x1fdc,
  setipnumLe: 0x2000,
  setipnumBe: 0x2004,
  genmsi: 0x3000,
} as const;
const sourcecfg = (source: number) => 4 * source;
const target = (source: number) => 0x3000 + 4 * source;
const idc = (hart: number, register: number) => 0x4000 + 0x20 * hart + register;
const Idc = { idelivery: 0, iforce: 4, ithreshold: 8, topi: 0x18, claimi: 0x1c } as const;
const Mode = { inactive: 0, detached: 1, edge1: 4, edge0: 5, level1: 6, level0: 7 } as const;
const DELEGATE = 1 << 10;
const IE = 1 << 8;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

const set = (domain: number, register: number, value: number) =>
  board.write(domain + register, value);
const get = (domain: number, register: number) => board.read(domain + register);
const wire = (source: number, level: number) => board.core.wireSet(source, level);
const isPending = (domain: number, source: number) =>
  ((get(domain, R.setip + 4 * (source >> 5)) >>> (source & 31)) & 1) === 1;

/** Gives a source a mode, in the child by delegation, and enables it. */
function arm(domain: number, source: number, mode: number, to: number): void {
  if (domain === CHILD) set(ROOT, sourcecfg(source), DELEGATE);
  set(domain, sourcecfg(source), mode);
  set(domain, target(source), to);
  set(domain, R.setienum, source);
}

describe("in either mode", () => {
  beforeEach(() => {
    board = new Board(module, 2, Aia.aplic);
  });

  test("domaincfg has IE and constants", () => {
    expect(get(ROOT, R.domaincfg) >>> 0).toBe(0x8000_0000);
    set(CHILD, R.domaincfg, 0xffff_ffff);
    expect(get(CHILD, R.domaincfg) >>> 0).toBe(0x8000_0100);
    board = new Board(module, 2, Aia.aplicImsic);
    set(CHILD, R.domaincfg, 0);
    expect(get(CHILD, R.domaincfg) >>> 0).toBe(0x8000_0004);
  });

  test("there are 96 sources, and nothing of a source that is inactive", () => {
    for (const source of [0, 1, 96, 97]) {
      set(ROOT, sourcecfg(source), Mode.detached);
      set(ROOT, R.setienum, source);
      set(ROOT, R.setipnum, source);
    }
    expect(get(ROOT, R.setie)).toBe(2);
    expect(get(ROOT, R.setie + 12)).toBe(1);
    expect(get(ROOT, R.setip + 12)).toBe(1);
    expect(get(ROOT, sourcecfg(97))).toBe(0);
    set(ROOT, R.setienum, 5);
    set(ROOT, target(5), 0xffff_ffff);
    expect(get(ROOT, target(5))).toBe(0);
    set(ROOT, sourcecfg(96), Mode.inactive);
    expect(get(ROOT, R.setie + 12)).toBe(0);
    expect(get(ROOT, target(96))).toBe(0);
  });

  test("reserved modes are inactive", () => {
    for (const mode of [2, 3]) {
      set(ROOT, sourcecfg(4), mode);
      expect(get(ROOT, sourcecfg(4))).toBe(0);
    }
  });

  test("the child has what the root delegates", () => {
    set(CHILD, sourcecfg(4), Mode.level1);
    expect(get(CHILD, sourcecfg(4))).toBe(0);
    set(ROOT, sourcecfg(4), DELEGATE | 0x3ff);
    expect(get(ROOT, sourcecfg(4))).toBe(DELEGATE);
    set(CHILD, sourcecfg(4), Mode.level1);
    expect(get(CHILD, sourcecfg(4))).toBe(Mode.level1);
    set(CHILD, R.setienum, 4);
    wire(4, 1);
    expect(isPending(CHILD, 4)).toBe(true);
    expect(isPending(ROOT, 4)).toBe(false);
    set(ROOT, sourcecfg(4), Mode.level1);
    expect(get(CHILD, sourcecfg(4))).toBe(0);
    expect(get(CHILD, R.setie)).toBe(0);
    expect(isPending(CHILD, 4)).toBe(false);
    expect(isPending(ROOT, 4)).toBe(true);
  });

  test("the child cannot delegate", () => {
    set(ROOT, sourcecfg(4), DELEGATE);
    set(CHILD, sourcecfg(4), Mode.level1);
    set(CHILD, sourcecfg(4), DELEGATE | Mode.level1);
    expect(get(CHILD, sourcecfg(4))).toBe(0);
  });

  test("in_clrip shows the wires as their modes see them", () => {
    set(ROOT, sourcecfg(1), Mode.level1);
    set(ROOT, sourcecfg(2), Mode.level0);
    set(ROOT, sourcecfg(3), Mode.edge0);
    set(ROOT, sourcecfg(4), Mode.detached);
    expect(get(ROOT, R.inClrip)).toBe(0b01100);
    for (const source of [1, 2, 3, 4, 5]) wire(source, 1);
    expect(get(ROOT, R.inClrip)).toBe(0b00010);
  });

  test("registers are set and cleared by word and by number, in either byte order", () => {
    for (const source of [33, 34, 35]) set(ROOT, sourcecfg(source), Mode.detached);
    set(ROOT, R.setie + 4, 0xffff_ffff);
    expect(get(ROOT, R.setie + 4)).toBe(0b1110);
    set(ROOT, R.clrie + 4, 0b0010);
    set(ROOT, R.clrienum, 34);
    expect(get(ROOT, R.setie + 4)).toBe(0b1000);
    expect(get(ROOT, R.clrie + 4)).toBe(0);
    set(ROOT, R.setipnumLe, 33);
    set(ROOT, R.setipnumBe, 34 * 2 ** 24);
    set(ROOT, R.setip + 4, 0b1000);
    expect(get(ROOT, R.setip + 4)).toBe(0b1110);
    set(ROOT, R.clripnum, 33);
    set(ROOT, R.inClrip + 4, 0b0100);
    expect(get(ROOT, R.setip + 4)).toBe(0b1000);
    for (const register of [R.setipnum, R.clripnum, R.setienum, R.clrienum, R.setipnumLe]) {
      expect(get(ROOT, register)).toBe(0);
    }
  });

  test("edges are remembered, levels are not", () => {
    arm(ROOT, 1, Mode.edge1, 0);
    arm(ROOT, 2, Mode.edge0, 0);
    arm(ROOT, 3, Mode.level1, 0);
    arm(ROOT, 4, Mode.detached, 0);
    for (const source of [1, 2, 3, 4]) wire(source, 1);
    expect(get(ROOT, R.setip)).toBe(0b01010);
    for (const source of [1, 2, 3, 4]) wire(source, 0);
    expect(get(ROOT, R.setip)).toBe(0b00110);
  });

  test("accesses of other widths do nothing", () => {
    board.write(ROOT + sourcecfg(2), 6, 1);
    board.write(ROOT + sourcecfg(2), 6, 2);
    board.write(ROOT + sourcecfg(2), 6n, 8);
    expect(get(ROOT, sourcecfg(2))).toBe(0);
    set(ROOT, sourcecfg(2), 6);
    expect(board.read(ROOT + sourcecfg(2), 1)).toBe(0);
  });

  test("nonsense at every register does no harm", () => {
    for (const aia of [Aia.aplic, Aia.aplicImsic]) {
      board = new Board(module, 2, aia);
      for (const domain of [ROOT, CHILD]) {
        for (let at = 0; at < Map.aplicBytes; at += 4) {
          set(domain, at, 0xffff_ffff);
          get(domain, at);
        }
      }
      for (const source of [0, 96, 97, 0xffff_ffff]) wire(source, 1);
      board.core.irqchipReset();
      expect(get(ROOT, R.domaincfg) & IE).toBe(0);
      expect(board.lines(0)).toBe(0);
    }
  });
});

describe("direct delivery", () => {
  beforeEach(() => {
    board = new Board(module, 2, Aia.aplic);
    for (const domain of [ROOT, CHILD]) {
      set(domain, R.domaincfg, IE);
      for (const hart of [0, 1]) set(domain, idc(hart, Idc.idelivery), 1);
    }
  });

  test("raises the level's external interrupt at the target", () => {
    arm(CHILD, 10, Mode.level1, (1 << 18) | 1);
    arm(ROOT, 11, Mode.level1, 1);
    wire(10, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([0, SEIP]);
    wire(11, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([MEIP, SEIP]);
    wire(10, 0);
    expect(board.lines(1)).toBe(0);
  });

  test("needs IE, idelivery and the enable bit", () => {
    arm(CHILD, 10, Mode.level1, 1);
    wire(10, 1);
    for (const [off, on] of [
      [() => set(CHILD, R.domaincfg, 0), () => set(CHILD, R.domaincfg, IE)],
      [() => set(CHILD, idc(0, Idc.idelivery), 0), () => set(CHILD, idc(0, Idc.idelivery), 1)],
      [() => set(CHILD, R.clrienum, 10), () => set(CHILD, R.setienum, 10)],
    ] as const) {
      off();
      expect(board.lines(0)).toBe(0);
      on();
      expect(board.lines(0)).toBe(SEIP);
    }
  });

  test("priorities are 1 to 7, the threshold 0 to 7", () => {
    set(ROOT, sourcecfg(5), Mode.level1);
    expect(get(ROOT, target(5))).toBe(1);
    set(ROOT, target(5), 0xff);
    expect(get(ROOT, target(5))).toBe(7);
    set(ROOT, target(5), 0);
    expect(get(ROOT, target(5))).toBe(1);
    set(ROOT, idc(0, Idc.ithreshold), 0xff);
    expect(get(ROOT, idc(0, Idc.ithreshold))).toBe(7);
  });

  test("topi is the source of least priority number, then of least number", () => {
    for (const [source, priority] of [
      [40, 2],
      [8, 3],
      [90, 2],
    ] as const) {
      arm(CHILD, source, Mode.level1, priority);
      wire(source, 1);
    }
    expect(get(CHILD, idc(0, Idc.topi))).toBe((40 << 16) | 2);
    set(CHILD, idc(0, Idc.ithreshold), 2);
    expect(get(CHILD, idc(0, Idc.topi))).toBe(0);
    expect(board.lines(0)).toBe(0);
    set(CHILD, idc(0, Idc.ithreshold), 3);
    expect(get(CHILD, idc(0, Idc.topi))).toBe((40 << 16) | 2);
  });

  test("a claim ends an edge, but a level lasts as long as its wire", () => {
    arm(CHILD, 3, Mode.edge1, 1);
    arm(CHILD, 4, Mode.level1, 2);
    wire(3, 1);
    wire(4, 1);
    expect(get(CHILD, idc(0, Idc.claimi))).toBe((3 << 16) | 1);
    expect(get(CHILD, idc(0, Idc.claimi))).toBe((4 << 16) | 2);
    expect(get(CHILD, idc(0, Idc.claimi))).toBe((4 << 16) | 2);
    wire(4, 0);
    expect(get(CHILD, idc(0, Idc.claimi))).toBe(0);
    expect(board.lines(0)).toBe(0);
  });

  test("software cannot set or clear a level", () => {
    arm(CHILD, 4, Mode.level1, 1);
    set(CHILD, R.setipnum, 4);
    expect(isPending(CHILD, 4)).toBe(false);
    wire(4, 1);
    set(CHILD, R.clripnum, 4);
    expect(isPending(CHILD, 4)).toBe(true);
  });

  test("iforce interrupts until a claim finds nothing", () => {
    set(CHILD, idc(1, Idc.iforce), 1);
    expect(board.lines(1)).toBe(SEIP);
    expect(get(CHILD, idc(1, Idc.claimi))).toBe(0);
    expect(get(CHILD, idc(1, Idc.iforce))).toBe(0);
    expect(board.lines(1)).toBe(0);
  });

  test("harts that there are not have no IDC, and get no interrupt", () => {
    set(CHILD, idc(2, Idc.idelivery), 1);
    expect(get(CHILD, idc(2, Idc.idelivery))).toBe(0);
    arm(CHILD, 4, Mode.level1, (2 << 18) | 1);
    wire(4, 1);
    expect([board.lines(0), board.lines(1)]).toEqual([0, 0]);
  });

  test("there are no registers for messages", () => {
    for (const register of [R.mmsiaddrcfg, R.mmsiaddrcfgh, R.smsiaddrcfg, R.genmsi]) {
      set(ROOT, register, 0xffff_ffff);
      expect(get(ROOT, register)).toBe(0);
    }
  });
});

describe("delivery by messages", () => {
  const pendingOf = (hart: number, file: number) => board.core.imsicRead(hart, file, 0x80);
  const [M, S] = [0, 1];

  beforeEach(() => {
    board = new Board(module, 2, Aia.aplicImsic);
    set(ROOT, R.mmsiaddrcfg, Map.imsicM >>> 12);
    set(ROOT, R.mmsiaddrcfgh, 1 << 12);
    set(ROOT, R.smsiaddrcfg, Map.imsicS >>> 12);
    for (const domain of [ROOT, CHILD]) set(domain, R.domaincfg, IE);
  });

  test("sends the identity to the target's file and clears the pending bit", () => {
    arm(CHILD, 10, Mode.edge1, (1 << 18) | 7);
    arm(ROOT, 11, Mode.edge1, 9);
    wire(10, 1);
    wire(11, 1);
    expect(pendingOf(1, S)).toBe(1n << 7n);
    expect(pendingOf(0, M)).toBe(1n << 9n);
    expect([isPending(CHILD, 10), isPending(ROOT, 11)]).toEqual([false, false]);
  });

  test("waits for IE and the enable bit", () => {
    set(CHILD, R.domaincfg, 0);
    arm(CHILD, 10, Mode.edge1, 7);
    set(CHILD, R.clrienum, 10);
    wire(10, 1);
    set(CHILD, R.domaincfg, IE);
    expect([isPending(CHILD, 10), pendingOf(0, S)]).toEqual([true, 0n]);
    set(CHILD, R.setienum, 10);
    expect([isPending(CHILD, 10), pendingOf(0, S)]).toEqual([false, 1n << 7n]);
  });

  test("a level is sent once, and again when software asks and the wire is still high", () => {
    arm(CHILD, 10, Mode.level1, 7);
    const sent = () => {
      const bits = pendingOf(0, S);
      board.core.imsicModify(0, S, 0x80, 0, 0n);
      return bits !== 0n;
    };
    wire(10, 1);
    expect([sent(), sent()]).toEqual([true, false]);
    set(CHILD, R.setipnumLe, 10);
    expect(sent()).toBe(true);
    wire(10, 0);
    set(CHILD, R.setipnumLe, 10);
    expect(sent()).toBe(false);
    wire(10, 1);
    expect(sent()).toBe(true);
  });

  test("a level that falls before it is sent is not sent", () => {
    arm(CHILD, 10, Mode.level1, 7);
    set(CHILD, R.clrienum, 10);
    wire(10, 1);
    expect(isPending(CHILD, 10)).toBe(true);
    wire(10, 0);
    expect(isPending(CHILD, 10)).toBe(false);
  });

  test("a wire that is high when its source is configured is sent", () => {
    wire(10, 1);
    arm(CHILD, 10, Mode.level1, 7);
    expect(pendingOf(0, S)).toBe(1n << 7n);
  });

  test("target has a hart and an identity, and no guest", () => {
    set(ROOT, sourcecfg(4), Mode.detached);
    set(ROOT, target(4), 0xffff_ffff);
    expect(get(ROOT, target(4)) >>> 0).toBe(0xfffc_07ff);
  });

  test("genmsi sends at once, even without IE", () => {
    set(CHILD, R.domaincfg, 0);
    set(CHILD, R.genmsi, (1 << 18) | 0x1000 | 33);
    expect(pendingOf(1, S)).toBe(1n << 33n);
    expect(get(CHILD, R.genmsi)).toBe((1 << 18) | 33);
  });

  test("addresses are made of group and hart as the root's registers say", () => {
    // Two harts of a group each, whose pages lie 2^24 apart: nobody is there but in group 0.
    set(ROOT, R.mmsiaddrcfgh, (1 << 16) | (0 << 12));
    set(CHILD, R.genmsi, (1 << 18) | 5);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([0n, 0n]);
    set(CHILD, R.genmsi, 5);
    expect(pendingOf(0, S)).toBe(1n << 5n);
    // One page in two is a hart's: hart 0 again.
    set(ROOT, R.mmsiaddrcfgh, 1 << 12);
    set(ROOT, R.smsiaddrcfgh, 1 << 20);
    set(CHILD, R.genmsi, (1 << 18) | 6);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([1n << 5n, 0n]);
  });

  test("the lock keeps the root's address registers, and the child has none", () => {
    set(CHILD, R.mmsiaddrcfg, 1);
    expect(get(CHILD, R.mmsiaddrcfg)).toBe(0);
    set(ROOT, R.mmsiaddrcfgh, 0xffff_ffff);
    expect(get(ROOT, R.mmsiaddrcfgh) >>> 0).toBe(0x9f77_ffff);
    set(ROOT, R.mmsiaddrcfgh, 0);
    set(ROOT, R.smsiaddrcfg, 0);
    expect(get(ROOT, R.mmsiaddrcfgh) >>> 0).toBe(0x9f77_ffff);
    expect(get(ROOT, R.smsiaddrcfg)).toBe(Map.imsicS >>> 12);
  });

  test("messages for harts that there are not are lost", () => {
    set(ROOT, R.mmsiaddrcfgh, 15 << 12);
    arm(CHILD, 10, Mode.edge1, (900 << 18) | 7);
    wire(10, 1);
    expect([pendingOf(0, S), pendingOf(1, S)]).toEqual([0n, 0n]);
  });

  test("there are no IDC structures", () => {
    set(CHILD, idc(0, Idc.idelivery), 1);
    set(CHILD, idc(0, Idc.iforce), 1);
    expect(get(CHILD, idc(0, Idc.idelivery))).toBe(0);
    expect(board.lines(0)).toBe(0);
  });
});

test("devices' wires lead to the APLIC", () => {
  board = new Board(module, 1, Aia.aplic);
  set(ROOT, sourcecfg(Map.virtioIrq), Mode.level1);
  board.core.virtioRaise(0, 1);
  expect(isPending(ROOT, Map.virtioIrq)).toBe(true);
});
