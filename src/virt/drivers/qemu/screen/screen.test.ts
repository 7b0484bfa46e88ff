import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { utf8Bytes } from "../../../../util/bytes.ts";
import { drawScreen } from "./draw-screen.ts";
import { LETTERS } from "./font.ts";
import { CELL, glyph } from "./glyphs.ts";
import { lineGlyph } from "./line-glyphs.ts";
import { pngOf } from "./png.ts";
import { TerminalScreen } from "./terminal-screen.ts";

async function shown(text: string) {
  const terminal = new TerminalScreen();
  await terminal.write(utf8Bytes(text));
  return terminal.screen();
}

const textOf = (cells: readonly { readonly text: string }[]): string =>
  cells
    .map(({ text }) => text || " ")
    .join("")
    .trimEnd();

describe("a terminal's screen", () => {
  it("is what is left of all output", async () => {
    const { rows, cursor } = await shown("one\r\ntwo\x1b[1;2Hn\x1b[K\x1b[2;4H");
    expect(rows.slice(0, 2).map(textOf)).toEqual(["on", "two"]);
    expect(cursor).toEqual({ column: 3, row: 1 });
  });

  it("is so after more output than is kept", async () => {
    const terminal = new TerminalScreen();
    await terminal.write(utf8Bytes("\x1b[31mred"));
    for (let i = 0; i < 100; i++) await terminal.write(utf8Bytes("x".repeat(9999) + "\r"));
    await terminal.write(utf8Bytes("\x1b[2J\x1b[Hend\x1b[?25l"));
    const { rows, cursor } = await terminal.screen();
    expect(rows.map(textOf).join("")).toBe("end");
    expect(rows[0]?.[0]?.foreground).toEqual([205, 0, 0]);
    expect(cursor).toBeNull();
  });

  it("has attributes, colours and wide characters", async () => {
    const { rows } = await shown("\x1b[1;32ma\x1b[0;7mb\x1b[0;38;2;1;2;3;48;5;196mc\x1b[0m中");
    const cells = rows[0] ?? [];
    expect(cells[0]).toMatchObject({ bold: true, foreground: [0, 255, 0] });
    expect(cells[1]).toMatchObject({ foreground: [0, 0, 0], background: [229, 229, 229] });
    expect(cells[2]).toMatchObject({ foreground: [1, 2, 3], background: [255, 0, 0] });
    expect(cells.slice(3, 5).map(({ width }) => width)).toEqual([2, 0]);
  });
});

describe("a picture", () => {
  it("shows letters, and the cursor as a block", async () => {
    const { width, height, rgb } = drawScreen(await shown("|"));
    expect([width, height]).toEqual([960, 576]);
    const at = (x: number, y: number) => [
      ...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
    ];
    // The bar is the third of the letter's dots, of two pixels each; the cursor is behind it.
    expect(at(4, 8)).toEqual([229, 229, 229]);
    expect(at(2, 8)).toEqual([0, 0, 0]);
    expect([at(12, 0), at(23, 23), at(24, 0)]).toEqual([
      [229, 229, 229],
      [229, 229, 229],
      [0, 0, 0],
    ]);
  });

  it("is a PNG with the same pixels", async () => {
    const rgb = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => i);
    const png = Buffer.from(await pngOf({ width: 2, height: 3, rgb }));
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 3]);
    // The last chunk is always the same.
    expect(png.subarray(-12).toString("hex")).toBe("0000000049454e44ae426082");
    const length = png.readUInt32BE(33);
    const rows = inflateSync(png.subarray(41, 41 + length));
    const pixels = [0, 1, 2].flatMap((y) => [...rows.subarray(y * 7 + 1, y * 7 + 7)]);
    expect(pixels).toEqual([...rgb]);
  });
});

describe("glyphs", () => {
  const drawing = (text: string): string => JSON.stringify(glyph(text, 1));

  it("are there for all of ASCII, each another one, in cells of one size", () => {
    const all = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    expect(new Set(all.map(drawing)).size).toBe(95);
    for (const rows of Object.values(LETTERS)) {
      expect(rows).toMatch(/^[.#]{5}( [.#]{5}){0,8}$/);
    }
    for (const each of all) {
      expect(glyph(each, 1).map(({ length }) => length)).toEqual(
        Array(CELL.height).fill(CELL.width),
      );
    }
  });

  it("are put together of letter and mark", () => {
    expect(drawing("é")).not.toBe(drawing("e"));
    expect(drawing("e\u0301")).toBe(drawing("é"));
    expect(glyph("中", 2)[2]).toHaveLength(2 * CELL.width);
  });

  it("of lines meet those of the next cell", () => {
    const edges = (char: string) => {
      const dots = lineGlyph(char.codePointAt(0) ?? 0, CELL) ?? [];
      const has = (line: readonly (boolean | undefined)[]): boolean => line.includes(true);
      return [
        has(dots[0] ?? []),
        has(dots.map((row) => row.at(-1))),
        has(dots.at(-1) ?? []),
        has(dots.map((row) => row[0])),
      ]
        .map(Number)
        .join("");
    };
    expect(Array.from("─│┌┤╬┗╵", edges)).toEqual([
      "0101",
      "1010",
      "0110",
      "1011",
      "1111",
      "1100",
      "1000",
    ]);
    expect(lineGlyph(0x2588, CELL)?.flat()).not.toContain(false);
    expect(lineGlyph(0x41, CELL)).toBeNull();
  });
});
