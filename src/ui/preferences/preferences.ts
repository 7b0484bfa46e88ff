/** The user's preferences: kept in localStorage, shared by all tabs of the page. */
import { LANGUAGES, type Language } from "../i18n/languages.ts";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly language: "auto" | Language;
  /** CSS pixels, within `FONT_SIZE`. */
  readonly fontSize: number;
  /** Lines kept above the screen. */
  readonly scrollback: number;
  readonly consoleColours: "dark" | "page";
  readonly gpu: boolean;
  readonly screenReader: boolean;
  readonly confirmReset: boolean;
  readonly confirmForceOff: boolean;
  readonly confirmLeave: boolean;
  /** Before shutting down, rebooting and saving. */
  readonly confirmPowerOff: boolean;
  readonly confirmPause: boolean;
  /** Before storage is deleted with a machine, once more. */
  readonly confirmDeleteStorage: boolean;
  /** The manager's columns of graphs. */
  readonly managerGraphs: readonly Graph[];
  readonly managerGroupBy: (typeof GROUPINGS)[number];
  readonly managerSortBy: (typeof SORTINGS)[number];
  readonly managerSortDown: boolean;
}

export const GRAPHS = ["cpu", "hostCpu", "memory", "disk", "network"] as const;
export type Graph = (typeof GRAPHS)[number];
export const GROUPINGS = ["none", "group", "tag", "state"] as const;
export const SORTINGS = ["name", "state", ...GRAPHS] as const;

export const DEFAULTS: Preferences = {
  theme: "system",
  language: "auto",
  fontSize: 14,
  scrollback: 10_000,
  consoleColours: "dark",
  gpu: true,
  screenReader: false,
  confirmReset: true,
  confirmForceOff: true,
  confirmLeave: true,
  confirmPowerOff: false,
  confirmPause: false,
  confirmDeleteStorage: true,
  managerGraphs: ["cpu", "memory", "disk", "network"],
  managerGroupBy: "none",
  managerSortBy: "name",
  managerSortDown: false,
};

export const FONT_SIZE = { min: 8, max: 32 } as const;
export const SCROLLBACK = { min: 0, max: 100_000, step: 1000 } as const;

const KEY = "tabvisor.preferences";

const LEGAL: { readonly [K in keyof Preferences]: (value: unknown) => boolean } = {
  theme: oneOf("system", "light", "dark"),
  language: oneOf("auto", ...Object.keys(LANGUAGES)),
  fontSize: within(FONT_SIZE.min, FONT_SIZE.max),
  scrollback: within(SCROLLBACK.min, SCROLLBACK.max),
  consoleColours: oneOf("dark", "page"),
  gpu: isBoolean,
  screenReader: isBoolean,
  confirmReset: isBoolean,
  confirmForceOff: isBoolean,
  confirmLeave: isBoolean,
  confirmPowerOff: isBoolean,
  confirmPause: isBoolean,
  confirmDeleteStorage: isBoolean,
  managerGraphs: (value) => Array.isArray(value) && value.every(oneOf(...GRAPHS)),
  managerGroupBy: oneOf(...GROUPINGS),
  managerSortBy: oneOf(...SORTINGS),
  managerSortDown: isBoolean,
};

/** Reads stored text; whatever is missing or out of range takes its default. */
export function parsePreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    return DEFAULTS;
  }
  if (typeof stored !== "object" || stored === null) return DEFAULTS;
  const legal = Object.entries(stored).filter(
    ([key, value]) => Object.hasOwn(LEGAL, key) && LEGAL[key as keyof Preferences](value),
  );
  return { ...DEFAULTS, ...Object.fromEntries(legal) };
}

/** Current preferences and whoever wants to hear of changes, of this tab or another. */
export class PreferenceStore {
  #now: Preferences;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.#now = parsePreferences(read());
    addEventListener("storage", (event) => {
      if (event.key === KEY) this.#replace(parsePreferences(event.newValue));
    });
  }

  readonly get = (): Preferences => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly change = (changes: Partial<Preferences>): void => {
    this.#replace({ ...this.#now, ...changes });
    write(JSON.stringify(this.#now));
  };

  #replace(preferences: Preferences): void {
    this.#now = preferences;
    for (const listener of this.#listeners) listener();
  }
}

/** Storage may be switched off: the page then works with defaults. */
function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function write(text: string): void {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Preferences then last as long as the page.
  }
}

function oneOf(...legal: readonly string[]) {
  return (value: unknown): boolean => typeof value === "string" && legal.includes(value);
}

function within(min: number, max: number) {
  return (value: unknown): boolean => typeof value === "number" && value >= min && value <= max;
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}
