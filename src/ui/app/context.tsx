/** What every view needs, provided once by `App`. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Translate } from "../i18n/catalogue.ts";
import type { Language } from "../i18n/languages.ts";
import type { Preferences, PreferenceStore } from "../preferences/preferences.ts";
import type { Notices } from "./notices.ts";

export interface AppContext {
  readonly preferences: PreferenceStore;
  readonly notices: Notices;
  readonly language: Language;
  readonly t: Translate;
}

const Context = createContext<AppContext | null>(null);

export const AppProvider = Context.Provider;

export function useApp(): AppContext {
  const app = useContext(Context);
  if (!app) throw new Error("a view stands outside of AppProvider");
  return app;
}

export function useT(): Translate {
  return useApp().t;
}

export function usePreferences(): Preferences {
  const { preferences } = useApp();
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}
