/** The languages of the page. */
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";
import { zhHans } from "./zh-hans.ts";

export const LANGUAGES = {
  en: { ownName: "English", catalogue: en },
  "zh-Hans": { ownName: "简体中文", catalogue: zhHans },
} as const satisfies Record<string, { ownName: string; catalogue: Catalogue }>;

export type Language = keyof typeof LANGUAGES;

/** The first of the browser's languages that the page speaks, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "en") return "en";
    if (primary === "zh") return "zh-Hans";
  }
  return "en";
}
