/**
 * The main job in the system's Firefox, where there is one. Playwright drives a Firefox of its own
 * build only, so this page is driven by scripts instead of clicks.
 */
import { expect, test } from "@playwright/test";
import {
  type Browser,
  type BrowserPage,
  hasBrowser,
  launchBrowser,
} from "../src/host/node/browser-launch.ts";

const BOOT_MS = 120_000;
const PROMPT = /root@\w+:\S*# *$/;

/** The text of the console's last line that is not blank; in the page. */
function lastLine(): string {
  const lines = [...document.querySelectorAll(".xterm-rows > div")];
  return (
    lines.map((line) => (line.textContent ?? "").trimEnd()).findLast((line) => line !== "") ?? ""
  );
}

/** Presses the first button of that name that can be pressed, as soon as there is one; in the page. */
function press(name: string): boolean {
  const button = [...document.querySelectorAll("button")].find(
    ({ textContent, disabled }) => textContent?.trim() === name && !disabled,
  );
  button?.click();
  return button !== undefined;
}

/** Opens the window of the first machine, as soon as it is listed; in the page. */
function openFirst(): boolean {
  const link = document.querySelector<HTMLAnchorElement>('a[href^="#/vms/"]');
  link?.click();
  return link !== null;
}

let browser: Browser;
let page: BrowserPage;

test.skip(!hasBrowser("firefox"), "no Firefox is installed");
test.describe.configure({ timeout: 2 * BOOT_MS });

test.beforeAll(async () => {
  browser = await launchBrowser("firefox");
  page = await browser.newPage();
});

test.afterAll(() => browser.close());

test("Debian boots to a shell in Firefox", async ({ baseURL }) => {
  await page.goto(`${baseURL}/`);
  expect(await page.evaluate(() => crossOriginIsolated, null)).toBe(true);
  // The console as text in the page, not on a canvas.
  await page.evaluate(() => {
    localStorage.setItem("tabvisor.preferences", JSON.stringify({ gpu: false }));
  }, null);
  await page.goto(`${baseURL}/`);
  await expect.poll(() => page.evaluate(openFirst, null), { timeout: BOOT_MS }).toBe(true);
  // A Firefox that starts for the first time on a busy computer takes its time to draw the page.
  await expect.poll(() => page.evaluate(press, "Run"), { timeout: BOOT_MS }).toBe(true);
  await expect.poll(() => page.evaluate(lastLine, null), { timeout: BOOT_MS }).toMatch(PROMPT);
});
