import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { vmError } from "../../protocol/vm-error.ts";

export type BrowserName = "chromium" | "firefox";

/** The parts of Playwright that are used; it is optional, hence not imported by its types. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>;
  evaluate<A, R>(code: (arg: A) => R | Promise<R>, arg: A): Promise<R>;
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
const CHROMIUM_FLAGS = [
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
  // Playwright drives a Firefox of its own build only.
  firefox: [],
};

/**
 * Starts a headless browser with a fresh profile.
 *
 * @throws VmError when Playwright or the browser is missing
 */
export async function launchBrowser(name: BrowserName): Promise<Browser> {
  const type = (await playwright())[name];
  const executablePath = findExecutable(name, type);
  const args = name === "chromium" ? CHROMIUM_FLAGS : [];
  try {
    // Signals reach us; we close the browser when the machine has ended.
    const handled = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    return await type.launch({ headless: true, executablePath, args, ...handled });
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw vmError("operationFailed", `${name} does not start: ${why}`, { cause });
  }
}

async function playwright(): Promise<Readonly<Record<BrowserName, BrowserType>>> {
  try {
    // A variable, so that bundlers and the compiler leave the optional package alone.
    const module = "@playwright/test";
    return (await import(module)) as Readonly<Record<BrowserName, BrowserType>>;
  } catch (cause) {
    throw vmError("noSupport", "browser engines need the package @playwright/test", { cause });
  }
}

function findExecutable(name: BrowserName, type: BrowserType): string {
  const variable = `TABVISOR_${name.toUpperCase()}`;
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== "") {
    if (isExecutable(chosen)) return chosen;
    throw vmError("invalidArg", `${variable} names ${chosen}, which cannot be executed`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const installed = folders.flatMap((folder) =>
    SYSTEM_NAMES[name].map((file) => join(folder, file)),
  );
  const found = [type.executablePath(), ...installed].find(isExecutable);
  if (found !== undefined) return found;
  throw vmError("noSupport", `no ${name} is installed: run 'npx playwright install ${name}'`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
