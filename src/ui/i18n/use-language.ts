/** The language that the page speaks: the wanted one as soon as its messages are there. */
import { useEffect, useState } from "react";
import { chosenLanguage, isLoaded, type Language, loadCatalogue } from "./languages.ts";

export function useLanguage(wanted: Language | "auto"): Language {
  const language = chosenLanguage(wanted);
  const [spoken, setSpoken] = useState(language);
  useEffect(() => {
    let current = true;
    // Offline before the first visit of that language: the one before stays.
    const loading = loadCatalogue(language).then(() => current && setSpoken(language));
    loading.catch(() => {});
    return () => {
      current = false;
    };
  }, [language]);
  const shown = isLoaded(language) ? language : spoken;
  useEffect(() => {
    document.documentElement.lang = shown;
  }, [shown]);
  return shown;
}
