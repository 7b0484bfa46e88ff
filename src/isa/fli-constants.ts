/** The constants of FLI by the value of its rs1 field (unprivileged manual, chapter "Zfa"). */
export const FLI_TEXT: readonly string[] =
  "-1 min 0x1p-16 0x1p-15 0x1p-8 0x1p-7 0.0625 0.125 0.25 0.3125 0.375 0.4375 0.5 0.625 0.75 0.875 1 1.25 1.5 1.75 2 2.5 3 4 8 16 128 256 0x1p15 0x1p16 inf nan".split(
    " ",
  );

const NAMED: Readonly<Record<string, number>> = { min: 1, inf: 30, nan: 31 };

function parseNumber(text: string): number {
  const power = /^0x1p([+-]?\d+)$/.exec(text);
  return power === null ? Number(text) : 2 ** Number(power[1]);
}

/** The rs1 field for a constant written as a number, a power of two, `min`, `inf` or `nan`. */
export function fliIndex(text: string): number | undefined {
  const named = NAMED[text];
  if (named !== undefined) return named;
  const value = parseNumber(text);
  const at = FLI_TEXT.findIndex((known) => parseNumber(known) === value);
  return at < 0 ? undefined : at;
}
