/** A size as its user types it: a number and a unit. */

export const SIZE_UNITS = [
  { name: "MiB", bytes: 2 ** 20 },
  { name: "GiB", bytes: 2 ** 30 },
  { name: "TiB", bytes: 2 ** 40 },
] as const;

export interface Size {
  readonly text: string;
  /** An index of SIZE_UNITS. */
  readonly unit: number;
}

/** Bytes; NaN for what is no number. Whole sectors, as disks have them. */
export function sizeBytes({ text, unit }: Size): number {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim());
  return Math.round((value * (SIZE_UNITS[unit]?.bytes ?? 1)) / 512) * 512;
}

/** The largest unit that a size is a whole, or nearly whole, number of. */
export function sizeOf(bytes: number): Size {
  const fits = SIZE_UNITS.findLastIndex((unit) => bytes >= unit.bytes);
  const unit = Math.max(0, fits);
  const value = bytes / (SIZE_UNITS[unit]?.bytes ?? 1);
  return { text: String(Math.round(value * 1000) / 1000), unit };
}
