/** Box drawing, block elements and Braille patterns (U+2500 to U+259F, U+2800 to U+28FF). */

/** A cell's dots: `dots[y][x]`. */
export type Dots = boolean[][];

export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** Weights of the four arms, clockwise from the top: none, light, heavy, double. */
type Arms = readonly [up: number, right: number, down: number, left: number];

/** Weights from U+2500 on, four digits for each character: up, right, down, left; `-` where none is drawn so. */
const BOXES =
  "0101 0202 1010 2020 0101 0202 1010 2020 0101 0202 1010 2020 0110 0210 0120 0220 " +
  "0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 1110 1210 2110 1120 " +
  "2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212 " +
  "0121 0122 0221 0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212 " +
  "2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 2221 2222 0101 0202 1010 2020 " +
  "0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130 " +
  "3330 1013 3031 3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 0110 0011 1001 " +
  "1100 ---- ---- ---- 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 0102 2010";

/** Dots of a character that is a line, a block or a pattern; null for others. */
export function lineGlyph(code: number, size: CellSize): Dots | null {
  if (code >= 0x2500 && code < 0x2580) return boxGlyph(code - 0x2500, size);
  if (code >= 0x2580 && code < 0x25a0) return blockGlyph(code - 0x2580, size);
  return code >= 0x2800 && code < 0x2900 ? brailleGlyph(code - 0x2800, size) : null;
}

function filled({ width, height }: CellSize, test: (x: number, y: number) => boolean): Dots {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => test(x, y)),
  );
}

/** Dashed lines are drawn whole, round corners square. */
function boxGlyph(index: number, size: CellSize): Dots {
  const word = BOXES.slice(5 * index, 5 * index + 4);
  if (word === "----") return diagonal(index - 0x71, size);
  return arms(Array.from(word, Number) as unknown as Arms, size);
}

/** 0 rises, 1 falls, 2 is both. */
function diagonal(kind: number, size: CellSize): Dots {
  const { width, height } = size;
  const at = (y: number): number => Math.floor((y * width) / height);
  return filled(
    size,
    (x, y) => (kind !== 0 && x === at(y)) || (kind !== 1 && x === width - 1 - at(y)),
  );
}

function arms([up, right, down, left]: Arms, size: CellSize): Dots {
  const [midX, midY] = [Math.floor(size.width / 2), Math.floor(size.height / 2)];
  return filled(size, (x, y) => {
    const [dx, dy] = [x - midX, y - midY];
    return (
      (dy <= reach(left, right) && isOn(up, dx)) ||
      (dy >= -reach(left, right) && isOn(down, dx)) ||
      (dx <= reach(up, down) && isOn(left, dy)) ||
      (dx >= -reach(up, down) && isOn(right, dy))
    );
  });
}

/** How far an arm goes on behind the middle, to meet the lines across. */
function reach(one: number, other: number): number {
  const weight = Math.max(one, other);
  return weight === 3 || weight === 2 ? 1 : 0;
}

/** Whether a line of `weight` covers what is `off` its middle. */
function isOn(weight: number, off: number): boolean {
  if (weight === 1) return off === 0;
  if (weight === 2) return off === 0 || off === 1 || off === -1;
  return weight === 3 && (off === 1 || off === -1);
}

/** Quarters of a cell: upper left 1, upper right 2, lower left 4, lower right 8. */
const QUADRANTS = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];

function blockGlyph(index: number, size: CellSize): Dots {
  const { width, height } = size;
  // Eighths, counted from below or from the left.
  const lower = (eighths: number) => filled(size, (_, y) => (height - y) * 8 <= eighths * height);
  const left = (eighths: number) => filled(size, (x) => (x + 0.5) * 8 < eighths * width);
  if (index === 0) return filled(size, (_, y) => 2 * y < height);
  if (index <= 8) return lower(index);
  if (index <= 0x0f) return left(0x10 - index);
  if (index === 0x10) return filled(size, (x) => 2 * x >= width);
  if (index <= 0x13) return shade(index - 0x10, size);
  if (index === 0x14) return filled(size, (_, y) => 8 * y < height);
  if (index === 0x15) return filled(size, (x) => x === width - 1);
  const parts = QUADRANTS[index - 0x16] ?? 0;
  return filled(size, (x, y) => {
    const quarter = (2 * x < width ? 1 : 2) << (2 * y < height ? 0 : 2);
    return (parts & quarter) !== 0;
  });
}

/** A quarter, a half or three quarters of the dots. */
function shade(quarters: number, size: CellSize): Dots {
  return filled(size, (x, y) => {
    const isOdd = (x + y) % 2 === 1;
    const isFourth = x % 2 === 0 && y % 2 === 0;
    if (quarters === 1) return isFourth;
    return quarters === 2 ? isOdd : !isFourth;
  });
}

/** Bits of a pattern by column and row of its 2 × 4 dots. */
const BRAILLE = [
  [0, 1, 2, 6],
  [3, 4, 5, 7],
] as const;

function brailleGlyph(bits: number, size: CellSize): Dots {
  const { width, height } = size;
  return filled(size, (x, y) => {
    const column = BRAILLE[2 * x < width ? 0 : 1];
    const bit = column[Math.floor((4 * y) / height)] ?? 0;
    const inDot = x % Math.ceil(width / 2) === 1 && y % Math.ceil(height / 4) === 1;
    return inDot && ((bits >> bit) & 1) === 1;
  });
}
