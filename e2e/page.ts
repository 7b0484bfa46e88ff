/** What every file of tests does with the page. */
import { expect, type Locator, type Page } from "@playwright/test";

/** The one machine that libvirt's mock begins with. */
export const TEST_UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f";
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

/** Opens a view on libvirt's mock, which is made anew with each page. @param path such as `vms/UUID/details` */
export async function openTest(page: Page, path = ""): Promise<void> {
  await prefer(page);
  await page.goto(`/?connect=${TEST_URI}#/${path}`);
  // Not by its role: a dialog that the address opens hides it from assistive technology.
  await expect(page.locator("main")).toBeVisible();
}

/** Opens the mock's machine on a tab, and there on a piece of hardware. */
export async function openVm(page: Page, tab: string, item?: string): Promise<void> {
  await openTest(page, `vms/${TEST_UUID}/${tab}${item === undefined ? "" : `/${item}`}`);
}

/** Opens a view of the page on the browser's own machines and storage. */
export async function openOwn(page: Page, path = ""): Promise<void> {
  await prefer(page);
  await page.goto(`/#/${path}`);
  await expect(page.getByRole("main")).toBeVisible();
}

/** An object's or volume's row in a table. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("row", { name, exact: true });
}

/** Chooses an item of the menu of an object's further actions. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** The machine that every visitor finds. Its guest must be built. */
export const FIRST_NAME = "Debian shell";

/** A busy computer takes its time from the click on Run to the prompt. */
export const BOOT_MS = 90_000;

/** The terminal of the machine that is shown, as text. */
export function screen(page: Page, device = "ttyS0"): Locator {
  return page.getByRole("region", { name: `Console ${device}` }).locator(".xterm-rows");
}

/** Types into the console, as a user who clicked it. */
export async function type(page: Page, text: string): Promise<void> {
  await page.getByRole("region", { name: /^Console / }).click();
  await page.keyboard.type(text);
}

/** Starts the machine whose window is shown. */
export async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
}

/** The shell guest's prompt is the last thing on the screen. */
export async function expectPrompt(page: Page): Promise<void> {
  await expect(screen(page)).toContainText(/:~# *$/, { timeout: BOOT_MS });
}

/** Opens a machine's window from the manager. */
export async function openMachine(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name, exact: true, level: 1 })).toBeVisible();
}

/** The first machine at its prompt, with its window shown. */
export async function bootFirst(page: Page, query = ""): Promise<void> {
  await prefer(page, { confirmLeave: false });
  await page.goto(`/${query}`);
  await openMachine(page, FIRST_NAME);
  await run(page);
  await expectPrompt(page);
}

/** Chooses an item of the machine's menu of ways to end or restart it, in its window. */
export async function power(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: /^Shut down, reboot/ }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}
