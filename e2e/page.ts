/** What every file of tests does with the page. */
import { expect, type Locator, type Page } from "@playwright/test";

/** The test driver's one machine, as libvirt's. */
export const TEST_NAME = "test";
const TEST_URI = "test:///default";
const KEY = "tabvisor.preferences";

/** Preferences before the page loads. Without the graphics card, the console is text in the page. */
export async function prefer(page: Page, preferences: Record<string, unknown> = {}): Promise<void> {
  const text = JSON.stringify({ gpu: false, ...preferences });
  await page.addInitScript(
    ([key, value]) => {
      // Once: what the test changes is to survive a reload.
      if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    },
    [KEY, text] as const,
  );
}

/** Opens the page on the test driver. */
export async function openTest(page: Page, options: { latencyMs?: number } = {}): Promise<void> {
  await prefer(page);
  const query = new URLSearchParams({ connect: TEST_URI, latency: String(options.latencyMs ?? 0) });
  await page.goto(`/?${query}`);
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
}

/** A machine's row in the list. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("row", { name, exact: true });
}

/** Opens a machine's view from the list. */
export async function openDomain(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
}

/** The terminal of the machine that is shown, as text. */
export function screen(page: Page): Locator {
  return page.getByRole("region", { name: /^Serial console of/ }).locator(".xterm-rows");
}

/** Types into the console, as a user who clicked it. */
export async function type(page: Page, text: string): Promise<void> {
  await page.getByRole("region", { name: /^Serial console of/ }).click();
  await page.keyboard.type(text);
}

/** Chooses an item of a machine's Power menu. */
export async function power(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: /^Power / }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}
