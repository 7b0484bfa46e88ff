/** From a terminal's cells to pixels. */
import { BACKGROUND, type Rgb } from "./colours.ts";
import { CELL, glyph } from "./glyphs.ts";
import type { Picture } from "./png.ts";

/** What one cell shows. */
export interface ScreenCell {
  /** A character, and marks that combine with it; empty behind a wide one. */
  readonly text: string;
  /** Cells that it takes: 0 behind a wide one. */
  readonly width: number;
  readonly foreground: Rgb;
  readonly background: Rgb;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
}

export interface Screen {
  readonly columns: number;
  /** Each of `columns` cells. */
  readonly rows: readonly (readonly ScreenCell[])[];
  /** Null where it is hidden. */
  readonly cursor: { readonly column: number; readonly row: number } | null;
}

/** Pixels that a dot is wide and high. */
const SCALE = 2;
const CELL_WIDTH = CELL.width * SCALE;
const CELL_HEIGHT = CELL.height * SCALE;
const UNDERLINE = 10;
const STRIKE = 6;

export function drawScreen({ columns, rows, cursor }: Screen): Picture {
  const canvas = new Canvas(columns * CELL_WIDTH, rows.length * CELL_HEIGHT);
  rows.forEach((cells, row) =>
    cells.forEach((cell, column) => {
      const isCursor = cursor?.row === row && cursor.column === column;
      if (cell.width > 0) drawCell(canvas, column, row, isCursor ? swapped(cell) : cell);
    }),
  );
  return canvas;
}

/** As a block that the cursor is. */
function swapped(cell: ScreenCell): ScreenCell {
  return { ...cell, foreground: cell.background, background: cell.foreground };
}

class Canvas implements Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgb = new Uint8Array(3 * width * height);
  }

  /** Fills a dot, whose place is counted in dots from the top left. */
  dot(x: number, y: number, [red, green, blue]: Rgb): void {
    if ((x + 1) * SCALE > this.width) return;
    for (let row = y * SCALE; row < (y + 1) * SCALE; row++) {
      const start = 3 * (row * this.width + x * SCALE);
      for (let at = start; at < start + 3 * SCALE; at += 3) {
        this.rgb[at] = red;
        this.rgb[at + 1] = green;
        this.rgb[at + 2] = blue;
      }
    }
  }
}

function drawCell(canvas: Canvas, column: number, row: number, cell: ScreenCell): void {
  const { text, width, foreground, background } = cell;
  const dots = glyph(text === "" ? " " : text, width);
  const isBlank = (text === "" || text === " ") && !cell.underline && !cell.strike;
  if (isBlank && background === BACKGROUND) return;
  for (let y = 0; y < CELL.height; y++) {
    const line = dots[y] ?? [];
    const isLine = (cell.underline && y === UNDERLINE) || (cell.strike && y === STRIKE);
    for (let x = 0; x < width * CELL.width; x++) {
      // Bold is the same again, one dot to the right.
      const isOn = isLine || line[x] === true || (cell.bold && line[x - 1] === true);
      const colour = isOn ? foreground : background;
      canvas.dot(column * CELL.width + x, row * CELL.height + y, colour);
    }
  }
}
