import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Aia, Irqchip as Map } from "../../src/protocol/layout.ts";
import {
  AplicBoard,
  CHILD,
  DELEGATE,
  IE,
  Mode,
  R,
  ROOT,
  sourcecfg,
  target,
} from "./testing/aplic-board.ts";
import { compileIrqchip } from "./harness.ts";

let module: WebAssembly.Module;
let board: AplicBoard;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

describe("in either mode", () => {
  beforeEach(() => {
    board = new AplicBoard(module, 2, Aia.aplic);
  });

  test("domaincfg has IE and constants", () => {
    expect(board.get(ROOT, R.domaincfg) >>> 0).toBe(0x8000_0000);
    board.set(CHILD, R.domaincfg, 0xffff_ffff);
    expect(board.get(CHILD, R.domaincfg) >>> 0).toBe(0x8000_0100);
    board = new AplicBoard(module, 2, Aia.aplicImsic);
    board.set(CHILD, R.domaincfg, 0);
    expect(board.get(CHILD, R.domaincfg) >>> 0).toBe(0x8000_0004);
  });

  test("there are 96 sources, and nothing of a source that is inactive", () => {
    for (const source of [0, 1, 96, 97]) {
      board.set(ROOT, sourcecfg(source), Mode.detached);
      board.set(ROOT, R.setienum, source);
      board.set(ROOT, R.setipnum, source);
    }
    expect(board.get(ROOT, R.setie)).toBe(2);
    expect(board.get(ROOT, R.setie + 12)).toBe(1);
    expect(board.get(ROOT, R.setip + 12)).toBe(1);
    expect(board.get(ROOT, sourcecfg(97))).toBe(0);
    board.set(ROOT, R.setienum, 5);
    board.set(ROOT, target(5), 0xffff_ffff);
    expect(board.get(ROOT, target(5))).toBe(0);
    board.set(ROOT, sourcecfg(96), Mode.inactive);
    expect(board.get(ROOT, R.setie + 12)).toBe(0);
    expect(board.get(ROOT, target(96))).toBe(0);
  });

  test("reserved modes are inactive", () => {
    for (const mode of [2, 3]) {
      board.set(ROOT, sourcecfg(4), mode);
      expect(board.get(ROOT, sourcecfg(4))).toBe(0);
    }
  });

  test("the child has what the root delegates", () => {
    board.set(CHILD, sourcecfg(4), Mode.level1);
    expect(board.get(CHILD, sourcecfg(4))).toBe(0);
    board.set(ROOT, sourcecfg(4), DELEGATE | 0x3ff);
    expect(board.get(ROOT, sourcecfg(4))).toBe(DELEGATE);
    board.set(CHILD, sourcecfg(4), Mode.level1);
    expect(board.get(CHILD, sourcecfg(4))).toBe(Mode.level1);
    board.set(CHILD, R.setienum, 4);
    board.wire(4, 1);
    expect(board.isPending(CHILD, 4)).toBe(true);
    expect(board.isPending(ROOT, 4)).toBe(false);
    board.set(ROOT, sourcecfg(4), Mode.level1);
    expect(board.get(CHILD, sourcecfg(4))).toBe(0);
    expect(board.get(CHILD, R.setie)).toBe(0);
    expect(board.isPending(CHILD, 4)).toBe(false);
    expect(board.isPending(ROOT, 4)).toBe(true);
  });

  test("the child cannot delegate", () => {
    board.set(ROOT, sourcecfg(4), DELEGATE);
    board.set(CHILD, sourcecfg(4), Mode.level1);
    board.set(CHILD, sourcecfg(4), DELEGATE | Mode.level1);
    expect(board.get(CHILD, sourcecfg(4))).toBe(0);
  });

  test("in_clrip shows the wires as their modes see them", () => {
    board.set(ROOT, sourcecfg(1), Mode.level1);
    board.set(ROOT, sourcecfg(2), Mode.level0);
    board.set(ROOT, sourcecfg(3), Mode.edge0);
    board.set(ROOT, sourcecfg(4), Mode.detached);
    expect(board.get(ROOT, R.inClrip)).toBe(0b01100);
    for (const source of [1, 2, 3, 4, 5]) board.wire(source, 1);
    expect(board.get(ROOT, R.inClrip)).toBe(0b00010);
  });

  test("registers are set and cleared by word and by number, in either byte order", () => {
    for (const source of [33, 34, 35]) board.set(ROOT, sourcecfg(source), Mode.detached);
    board.set(ROOT, R.setie + 4, 0xffff_ffff);
    expect(board.get(ROOT, R.setie + 4)).toBe(0b1110);
    board.set(ROOT, R.clrie + 4, 0b0010);
    board.set(ROOT, R.clrienum, 34);
    expect(board.get(ROOT, R.setie + 4)).toBe(0b1000);
    expect(board.get(ROOT, R.clrie + 4)).toBe(0);
    board.set(ROOT, R.setipnumLe, 33);
    board.set(ROOT, R.setipnumBe, 34 * 2 ** 24);
    board.set(ROOT, R.setip + 4, 0b1000);
    expect(board.get(ROOT, R.setip + 4)).toBe(0b1110);
    board.set(ROOT, R.clripnum, 33);
    board.set(ROOT, R.inClrip + 4, 0b0100);
    expect(board.get(ROOT, R.setip + 4)).toBe(0b1000);
    for (const register of [R.setipnum, R.clripnum, R.setienum, R.clrienum, R.setipnumLe]) {
      expect(board.get(ROOT, register)).toBe(0);
    }
  });

  test("edges are remembered, levels are not", () => {
    board.arm(ROOT, 1, Mode.edge1, 0);
    board.arm(ROOT, 2, Mode.edge0, 0);
    board.arm(ROOT, 3, Mode.level1, 0);
    board.arm(ROOT, 4, Mode.detached, 0);
    for (const source of [1, 2, 3, 4]) board.wire(source, 1);
    expect(board.get(ROOT, R.setip)).toBe(0b01010);
    for (const source of [1, 2, 3, 4]) board.wire(source, 0);
    expect(board.get(ROOT, R.setip)).toBe(0b00110);
  });

  test("accesses of other widths do nothing", () => {
    board.write(ROOT + sourcecfg(2), 6, 1);
    board.write(ROOT + sourcecfg(2), 6, 2);
    board.write(ROOT + sourcecfg(2), 6n, 8);
    expect(board.get(ROOT, sourcecfg(2))).toBe(0);
    board.set(ROOT, sourcecfg(2), 6);
    expect(board.read(ROOT + sourcecfg(2), 1)).toBe(0);
  });

  test("nonsense at every register does no harm", () => {
    for (const aia of [Aia.aplic, Aia.aplicImsic]) {
      board = new AplicBoard(module, 2, aia);
      for (const domain of [ROOT, CHILD]) {
        for (let at = 0; at < Map.aplicBytes; at += 4) {
          board.set(domain, at, 0xffff_ffff);
          board.get(domain, at);
        }
      }
      for (const source of [0, 96, 97, 0xffff_ffff]) board.wire(source, 1);
      board.core.irqchipReset();
      expect(board.get(ROOT, R.domaincfg) & IE).toBe(0);
      expect(board.lines(0)).toBe(0);
    }
  });
});

test("devices' wires lead to the APLIC", () => {
  board = new AplicBoard(module, 1, Aia.aplic);
  board.set(ROOT, sourcecfg(Map.virtioIrq), Mode.level1);
  board.core.virtioRaise(0, 1);
  expect(board.isPending(ROOT, Map.virtioIrq)).toBe(true);
});
