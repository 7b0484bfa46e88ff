/** A terminal's 256 colours, as xterm has them. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** The first 16, which applications mean by names. */
const NAMED: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

const CUBE = 16;
const GREYS = 232;
const LEVELS = [0, 95, 135, 175, 215, 255];

export const FOREGROUND: Rgb = [229, 229, 229];
export const BACKGROUND: Rgb = [0, 0, 0];

/** @param index 0 to 255 */
export function paletteColour(index: number): Rgb {
  if (index < CUBE) return NAMED[index] ?? FOREGROUND;
  if (index >= GREYS) {
    const level = 8 + 10 * (index - GREYS);
    return [level, level, level];
  }
  const at = index - CUBE;
  const level = (step: number): number => LEVELS[Math.floor(at / step) % 6] ?? 0;
  return [level(36), level(6), level(1)];
}

/** @param value 0xRRGGBB */
export function trueColour(value: number): Rgb {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

/** Halfway to the background. */
export function dimmed([r, g, b]: Rgb, [backR, backG, backB]: Rgb): Rgb {
  return [(r + backR) >> 1, (g + backG) >> 1, (b + backB) >> 1];
}
