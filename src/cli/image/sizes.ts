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

const SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** C's `%.*g`, without an exponent for the numbers that sizes are. */
export function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const text = value.toPrecision(digits);
  const [mantissa, exponent] = text.split("e");
  if (exponent !== undefined) {
    const trimmed = (mantissa as string).includes(".")
      ? (mantissa as string).replace(/\.?0+$/, "")
      : mantissa;
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${trimmed}e${sign}${exponent.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** `1.5 GiB`, in three digits, as qemu-img prints sizes. */
export function sizeText(bytes: number): string {
  let unit = 0;
  // The next unit begins at 1000, so that three digits are enough.
  while (unit < SUFFIXES.length - 1 && bytes / 1024 ** unit >= 1000) unit++;
  return `${significant(bytes / 1024 ** unit, 3)} ${SUFFIXES[unit]}B`;
}

/** `31.875 MiB` or `512 bytes`, as qemu-io prints sizes. */
export function longSizeText(bytes: number): string {
  const names: readonly (readonly [number, string])[] = [
    [2 ** 60, "EiB"],
    [2 ** 50, "PiB"],
    [2 ** 40, "TiB"],
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ];
  const found = names.find(([size]) => bytes >= size);
  if (found === undefined) return `${bytes} bytes`;
  const text = (bytes / found[0]).toFixed(3);
  return `${text.replace(/\.?0+$/, "")} ${found[1]}`;
}
