const UNITS = "bkmgtpe";

/**
 * `64M`, `1.5k`, `0x200`: a size as QEMU's qemu_strtosz reads it.
 *
 * @returns undefined for what is no size; Infinity for one that 64 bits do not hold
 */
export function parseSize(text: string, defaultUnit = "b"): number | undefined {
  const hex = /^\s*\+?(0x[0-9a-f]+)([bkmgtpe]?)$/i.exec(text);
  const match = hex ?? /^\s*\+?(\d+(?:\.\d*)?|\.\d+)([bkmgtpe]?)$/i.exec(text);
  if (match === null) return undefined;
  // A hexadecimal number takes no unit: `b` and `e` would be digits.
  if (hex !== null && match[2] !== "") return undefined;
  const unit = match[2] === "" ? defaultUnit : (match[2] as string).toLowerCase();
  const digits = match[1] as string;
  const isFraction = digits.includes(".");
  if (isFraction && unit === "b" && Number(digits) % 1 !== 0) return undefined;
  const bytes = Number(digits) * 1024 ** UNITS.indexOf(unit);
  return bytes >= 2 ** 64 ? Infinity : Math.trunc(bytes);
}
