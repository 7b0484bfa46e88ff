import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { vmError } from "../../protocol/vm-error.ts";
import { launchFirefox } from "./firefox/firefox-launch.ts";

export type BrowserName = "chromium" | "firefox";

/** The parts of Playwright that are used; it is optional, hence not imported by its types. Firefox
 * is driven without it (firefox/), as Playwright has a Firefox of its own build only. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>;
  /** @param code a function without free variables, or an expression */
  evaluate<A, R>(code: string | ((arg: A) => R | Promise<R>), arg: A): Promise<R>;
  exposeFunction(name: string, callback: (...args: never[]) => unknown): Promise<void>;
  on(event: "crash" | "close", listener: () => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
}
export interface Browser {
  newPage(): Promise<BrowserPage>;
  close(): Promise<void>;
}
interface BrowserType {
  executablePath(): string;
  launch(options: Record<string, unknown>): Promise<Browser>;
}

/** Chromium without what a machine under test has no use for, and without calls home. */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const SYSTEM_NAMES: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
};

/** What to do where there is none. */
const INSTALL: Readonly<Record<BrowserName, string>> = {
  chromium: "run 'npx playwright install chromium'",
  firefox: "install your system's package firefox-esr or firefox",
};

/**
 * Starts a headless browser with a fresh profile.
 *
 * @throws VmError when the browser, or the package that drives it, is missing
 */
export async function launchBrowser(name: BrowserName): Promise<Browser> {
  return name === "firefox" ? launchFirefox(findExecutable(name, [])) : launchChromium();
}

async function launchChromium(): Promise<Browser> {
  const type = await playwrightChromium();
  const executablePath = findExecutable("chromium", [type.executablePath()]);
  try {
    // Signals reach us; we close the browser when the machine has ended.
    const handled = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    return await type.launch({ headless: true, executablePath, args: CHROMIUM_FLAGS, ...handled });
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw vmError("operationFailed", `chromium does not start: ${why}`, { cause });
  }
}

async function playwrightChromium(): Promise<BrowserType> {
  try {
    // A variable, so that bundlers and the compiler leave the optional package alone.
    const module = "@playwright/test";
    const { chromium } = (await import(module)) as { readonly chromium: BrowserType };
    return chromium;
  } catch (cause) {
    throw vmError("noSupport", "the engine chromium needs the package @playwright/test", { cause });
  }
}

/** Whether there is a browser that was chosen, or the system's; Playwright's own are not looked for. */
export function hasBrowser(name: BrowserName): boolean {
  const chosen = chosenExecutable(name);
  return chosen === "" ? candidates(name).some(isExecutable) : isExecutable(chosen);
}

/** What TABVISOR_CHROMIUM or TABVISOR_FIREFOX names, else empty. */
function chosenExecutable(name: BrowserName): string {
  return process.env[`TABVISOR_${name.toUpperCase()}`] ?? "";
}

/** Where the system may have the browser. */
function candidates(name: BrowserName): readonly string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => SYSTEM_NAMES[name].map((file) => join(folder, file)));
}

/**
 * The browser that was chosen, else one of `own`, else the path's.
 *
 * @throws VmError when there is none
 */
function findExecutable(name: BrowserName, own: readonly string[]): string {
  const chosen = chosenExecutable(name);
  if (chosen !== "") {
    if (isExecutable(chosen)) return chosen;
    const variable = `TABVISOR_${name.toUpperCase()}`;
    throw vmError("invalidArg", `${variable} names ${chosen}, which cannot be executed`);
  }
  const found = [...own, ...candidates(name)].find(isExecutable);
  if (found !== undefined) return found;
  throw vmError("noSupport", `no ${name} is installed: ${INSTALL[name]}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
