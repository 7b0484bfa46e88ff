/** Characters as dots of a terminal's cell. */
import { LETTERS } from "./font.ts";
import { MARKS } from "./letter-marks.ts";
import { type Dots, lineGlyph } from "./line-glyphs.ts";

/** Of a cell, in dots: letters are 5 wide, and have two rows above them for marks. */
export const CELL = { width: 6, height: 12 } as const;
const LETTER_TOP = 2;
const LINE = 9;
/** Where the marks of small letters begin. */
const SMALL_MARK_TOP = 1;

const known = new Map<string, Dots>();

/**
 * @param text what is in one cell: a character, and marks that combine with it
 * @param cells how many cells it takes: 1 or 2
 */
export function glyph(text: string, cells: number): Dots {
  const key = `${cells}${text}`;
  const found = known.get(key);
  if (found) return found;
  const made = drawn(text, cells);
  known.set(key, made);
  return made;
}

function drawn(text: string, cells: number): Dots {
  const code = text.codePointAt(0) ?? 0x20;
  const line = lineGlyph(code, CELL);
  if (line) return line;
  const [letter = " ", ...marks] = text.normalize("NFD");
  const rows = LETTERS[text] ?? LETTERS[letter];
  if (rows === undefined || cells !== 1) return missing(cells);
  const dots = empty(cells);
  put(dots, rows.split(" "), LETTER_TOP);
  if (LETTERS[text] !== undefined) return dots;
  for (const mark of marks) putMark(dots, mark, letter);
  return dots;
}

function empty(cells: number): Dots {
  return Array.from({ length: CELL.height }, () =>
    Array.from({ length: cells * CELL.width }, () => false),
  );
}

function put(dots: Dots, rows: readonly string[], top: number): void {
  rows.forEach((row, y) => {
    const line = dots[top + y];
    row.split("").forEach((dot, x) => {
      if (line && dot === "#") line[x] = true;
    });
  });
}

/** A small letter's own dot makes room for the mark. */
function putMark(dots: Dots, mark: string, letter: string): void {
  const rows = MARKS[mark];
  if (!rows) return;
  if (rows.below) put(dots, rows.below, LINE);
  if (!rows.above) return;
  const isSmall = letter === letter.toLowerCase();
  if (letter === "i" || letter === "j") dots[LETTER_TOP]?.fill(false);
  put(dots, rows.above, isSmall ? SMALL_MARK_TOP : 0);
}

/** A frame, for what there is no picture of. */
function missing(cells: number): Dots {
  const dots = empty(cells);
  const right = cells * CELL.width - 2;
  for (let y = LETTER_TOP; y < LINE; y++) {
    for (let x = 0; x <= right; x++) {
      const line = dots[y];
      const onEdge = y === LETTER_TOP || y === LINE - 1 || x === 0 || x === right;
      if (line && onEdge) line[x] = true;
    }
  }
  return dots;
}
