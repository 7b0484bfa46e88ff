/** Numbers for people. */
import type { Translate } from "../i18n/catalogue.ts";

const MIB = 2 ** 20;

/** Bytes in the largest binary unit that keeps the number short. */
export function formatBytes(bytes: number, t: Translate): string {
  const of = (unit: number) => trim(bytes / unit);
  if (bytes >= 2 ** 30) return t("unit.gib", { value: of(2 ** 30) });
  if (bytes >= MIB) return t("unit.mib", { value: of(MIB) });
  if (bytes >= 1024) return t("unit.kib", { value: of(1024) });
  return t("unit.b", { value: bytes });
}

const trim = (value: number): string => String(Math.round(value * 10) / 10);

/** A duration as on a stopwatch: 0:07, 12:00, 1:02:03. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A count in at most four figures, for where many stand together. */
export function formatShort(value: number, language: string): string {
  const format = { notation: "compact", maximumSignificantDigits: 4 } as const;
  return new Intl.NumberFormat(language, format).format(value);
}

/** A count with the language's digit grouping. */
export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value);
}
