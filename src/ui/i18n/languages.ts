/** The languages of the page. */
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";

export const LANGUAGES = {
  en: { ownName: "English" },
  "zh-Hans": { ownName: "简体中文" },
} as const satisfies Record<string, { ownName: string }>;

export type Language = keyof typeof LANGUAGES;

/** English is always there; other languages are loaded when they are wanted. */
const loaded = new Map<Language, Catalogue>([["en", en]]);

/** The messages of a language, English while they are not loaded. */
export function catalogueOf(language: Language): Catalogue {
  return loaded.get(language) ?? en;
}

export function isLoaded(language: Language): boolean {
  return loaded.has(language);
}

/** Afterwards `catalogueOf` has them. Rejects where they cannot be loaded. */
export async function loadCatalogue(language: Language): Promise<void> {
  if (loaded.has(language)) return;
  const { zhHans } = await import("./zh-hans.ts");
  loaded.set(language, zhHans);
}

/** What the user wants, or the browser. */
export function chosenLanguage(wanted: Language | "auto"): Language {
  return wanted === "auto" ? preferredLanguage(navigator.languages) : wanted;
}

/** The first of the browser's languages that the page speaks, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "en") return "en";
    if (primary === "zh") return "zh-Hans";
  }
  return "en";
}
