/** Light and dark: a class on the root element, as PatternFly wants it. */
import { useEffect, useSyncExternalStore } from "react";
import type { Preferences } from "../preferences/preferences.ts";

const DARK_CLASS = "pf-v6-theme-dark";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now, by preference or by the system. */
export function useDark(theme: Preferences["theme"]): boolean {
  const system = useSyncExternalStore(
    (changed) => {
      systemDark.addEventListener("change", changed);
      return () => systemDark.removeEventListener("change", changed);
    },
    () => systemDark.matches,
  );
  return theme === "system" ? system : theme === "dark";
}

export function useThemeClass(dark: boolean): void {
  useEffect(() => {
    document.documentElement.classList.toggle(DARK_CLASS, dark);
  }, [dark]);
}
