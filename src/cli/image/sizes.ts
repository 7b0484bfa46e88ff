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
  const text = threeDecimals(bytes / found[0]);
  return `${text.replace(/\.000$/, "")} ${found[1]}`;
}

/** C's `%.3f`: a tie goes to the even digit, where `toFixed` goes up. */
function threeDecimals(value: number): string {
  const scaled = value * 1000;
  const floor = Math.floor(scaled);
  const isEvenTie = scaled - floor === 0.5 && floor % 2 === 0;
  return (isEvenTie ? floor / 1000 : value).toFixed(3);
}
