/** Marks above and below letters. */

interface Mark {
  /** Five dots each: two rows above a small letter with one row between, or from the top of the cell. */
  readonly above?: readonly [string, string];
  /** Two rows below the line. */
  readonly below?: readonly [string, string];
}

/** By the combining characters into which Unicode takes accented letters apart. */
export const MARKS: Readonly<Record<string, Mark>> = {
  "\u0300": { above: [".#...", "..#.."] },
  "\u0301": { above: ["...#.", "..#.."] },
  "\u0302": { above: ["..#..", ".#.#."] },
  "\u0303": { above: [".##.#", "#.##."] },
  "\u0304": { above: [".....", "#####"] },
  "\u0306": { above: ["#...#", ".###."] },
  "\u0307": { above: [".....", "..#.."] },
  "\u0308": { above: [".....", ".#.#."] },
  "\u030a": { above: ["..#..", ".###."] },
  "\u030b": { above: [".#..#", "#..#."] },
  "\u030c": { above: [".#.#.", "..#.."] },
  "\u0327": { below: ["..#..", ".##.."] },
  "\u0328": { below: ["...#.", "...##"] },
};
