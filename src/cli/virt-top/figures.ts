/** Figures in columns of fixed width. */

/** A percentage in four characters. */
export function percent(value: number): string {
  if (value <= 0) return " 0.0";
  if (value <= 99.9) return value.toFixed(1).padStart(4);
  return "100 ";
}

const UNITS = [
  ["K", 1024n],
  ["M", 1024n ** 2n],
  ["G", 1024n ** 3n],
] as const;

/** A count in four characters; blank where it is not known. */
export function count(value: bigint | undefined): string {
  if (value === undefined) return "    ";
  if (value < 0n) return "-!!!";
  if (value <= 9999n) return value.toString().padStart(4);
  for (const [unit, size] of UNITS) {
    if (value / size <= 999n) return `${(value / size).toString().padStart(3)}${unit}`;
  }
  return ">!!!";
}

const SECOND = 1_000_000_000n;

/** A time in nine characters: minutes, seconds and hundredths, or longer units. */
export function cpuTime(ns: bigint): string {
  const two = (value: bigint): string => value.toString().padStart(2, "0");
  const seconds = ns / SECOND;
  const minutes = seconds / 60n;
  const hours = minutes / 60n;
  if (hours < 12n) {
    const hundredths = (ns % SECOND) / (SECOND / 100n);
    return `${minutes.toString().padStart(3)}:${two(seconds % 60n)}.${two(hundredths)}`;
  }
  if (hours <= 999n) {
    return `${hours.toString().padStart(3)}:${two(minutes % 60n)}:${two(seconds % 60n)}`;
  }
  return `${(hours / 24n).toString().padStart(3)}d${two(hours % 24n)}:${two(minutes % 60n)}`;
}

/** The time of day, where the user is. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
