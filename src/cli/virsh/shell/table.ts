/** virsh's tables: a space before each cell, columns as wide as their widest cell plus two. */

/** How many columns of a terminal `text` takes: two for East Asian wide and full-width characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char.codePointAt(0) ?? 0);
  return width;
}

const COMBINING = /^\p{Mn}|\p{Me}|\p{Cf}$/u;

/** Wide ranges of UAX #11, as far as names are likely to use them. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function charWidth(code: number): number {
  if (code >= 0x300 && COMBINING.test(String.fromCodePoint(code))) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Control characters as `\xNN`, so that a name cannot move the cursor. */
function safe(cell: string): string {
  return cell.replace(
    // oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
    /[\u0000-\u001f\u007f]/g,
    (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
}

/**
 * Formats the rows below their header and a rule; `header` false leaves both out, as `-q` does.
 */
export function formatTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  header = true,
): string {
  const lines = (header ? [titles, ...rows] : rows).map((row) => row.map(safe));
  const widths = titles.map((_, column) =>
    Math.max(...lines.map((row) => displayWidth(row[column] ?? ""))),
  );
  const formatted = lines.map((row) => formatRow(row, widths));
  if (!header) return formatted.join("");
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 3, 0));
  return [formatted[0], `${rule}\n`, ...formatted.slice(1)].join("");
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const last = column === row.length - 1;
    const pad = last ? 0 : (widths[column] ?? 0) - displayWidth(cell) + 2;
    return ` ${cell}${" ".repeat(pad)}`;
  });
  return `${cells.join("")}\n`;
}
