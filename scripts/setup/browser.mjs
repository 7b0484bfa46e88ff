import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { installDeb } from "./apt.mjs";
import { must } from "./command.mjs";
import { requireSpace } from "./disk.mjs";
import { step } from "./progress.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FIREFOX_NAMES = ["firefox-esr", "firefox"];
const NEEDED_MIB = 900;
const PLAYWRIGHT = "node_modules/playwright/cli.js";

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function findOnPath(name) {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** @returns {Promise<string | undefined>} */
export async function findChromium() {
  const chosen = process.env["TABVISOR_CHROMIUM"];
  if (chosen !== undefined && isExecutable(chosen)) return chosen;
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  return isExecutable(own) ? own : NAMES.map(findOnPath).find((path) => path !== undefined);
}

/** Installs a Chromium: Debian's package, else Playwright's own. */
async function installChromium() {
  requireSpace(".", NEEDED_MIB, "Installing a browser");
  if (await installDeb(["chromium"])) return;
  await step("Installing Chromium", (note) =>
    must("Installing Chromium", process.execPath, [PLAYWRIGHT, "install", "chromium"], {
      onLine: note,
    }),
  );
}

/** Makes sure that there is a Chromium for the tests, and tells them which. */
async function ensureChromium() {
  if ((await findChromium()) === undefined) await installChromium();
  const found = await findChromium();
  if (found !== undefined) process.env["TABVISOR_CHROMIUM"] = found;
}

/** Tests in Firefox are left out where it is not installed and cannot be. */
async function ensureFirefox() {
  if (process.env["TABVISOR_FIREFOX"] || FIREFOX_NAMES.some(findOnPath)) return;
  if (await installDeb(["firefox-esr", "firefox"])) return;
  console.log("  Firefox is not here: its tests are left out");
}

export async function ensureBrowsers() {
  await ensureChromium();
  await ensureFirefox();
}
