/** Numbers as virsh reads and prints them. */

export type WholeKind = "int" | "uint" | "longlong" | "ulonglong";

const RANGES: Readonly<Record<WholeKind, readonly [bigint, bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  uint: [0n, 2n ** 32n - 1n],
  longlong: [-(2n ** 63n), 2n ** 63n - 1n],
  ulonglong: [0n, 2n ** 64n - 1n],
};

/** A decimal number in the kind's range, or null. Blanks before it and a plus sign are allowed. */
export function parseWhole(text: string, kind: WholeKind): bigint | null {
  if (!/^\s*[+-]?\d+$/.test(text)) return null;
  const value = BigInt(text.trim().replace("+", ""));
  const [min, max] = RANGES[kind];
  return value < min || value > max ? null : value;
}

const POWERS = "kmgtpe";

/**
 * A number with a suffix in bytes: `b`, `byte(s)`; `k`, `KiB` 2^10; `KB` 10^3; up to `E`.
 *
 * @param scale what a number without a suffix counts
 * @returns bytes, or why not; `reason` null where the number itself is malformed
 */
export function parseScaled(
  text: string,
  scale: bigint,
  max: bigint,
): bigint | { readonly reason: string | null } {
  const parts = /^\s*\+?(\d+)(.*)$/s.exec(text);
  if (!parts) return { reason: null };
  const value = BigInt(parts[1] ?? "0");
  if (value >= 2n ** 64n) return { reason: null };
  const factor = factorOf((parts[2] ?? "").trimStart(), scale);
  if (factor === null) return { reason: `invalid argument: unknown suffix '${parts[2] ?? ""}'` };
  const bytes = value * factor;
  return bytes > max ? { reason: "numerical overflow: value too large: " + text } : bytes;
}

function factorOf(suffix: string, scale: bigint): bigint | null {
  const lower = suffix.toLowerCase();
  if (lower === "") return scale;
  if (lower === "b" || lower === "byte" || lower === "bytes") return 1n;
  const power = BigInt(POWERS.indexOf(lower[0] ?? "") + 1);
  if (power === 0n) return null;
  const rest = lower.slice(1);
  if (rest === "" || rest === "ib") return 1024n ** power;
  return rest === "b" ? 1000n ** power : null;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** Bytes with the largest unit that leaves a whole part: `[value, unit]`. */
export function prettyCapacity(bytes: bigint): readonly [number, string] {
  let unit = 0;
  let divisor = 1n;
  while (unit < UNITS.length - 1 && bytes >= divisor * 1024n) {
    divisor *= 1024n;
    unit++;
  }
  // Tenths of a promille are enough for the two digits that are shown.
  return [Number(bytes) / Number(divisor), UNITS[unit] ?? "B"];
}

/** Bytes as tables show them: `100.00 GiB`. */
export function capacityText(bytes: bigint): string {
  const [value, unit] = prettyCapacity(bytes);
  return `${value.toFixed(2)} ${unit}`;
}
