/** Machines of the shell guest in the page, made and used as a visitor does. */
import type { Page } from "@playwright/test";

const LIMIT_MS = 120_000;
const FIRST = "Debian shell";
/** A loop of the guest's shell that never sleeps. */
export const BUSY_LOOP = "while :; do :; done\n";

async function prompt(page: Page): Promise<void> {
  const line = page.locator(".xterm-rows").getByText(/root@\w+:\S*#/);
  await line.first().waitFor({ timeout: LIMIT_MS });
}

/** Before the page loads: consoles are text in the page, and nothing asks before it is left. */
async function prefer(page: Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem(
      "tabvisor.preferences",
      JSON.stringify({ gpu: false, confirmLeave: false }),
    );
  });
}

/** Starts the machine that every visitor finds, or makes one more; to its prompt. */
async function start(page: Page, address: string, isFirst: boolean): Promise<string> {
  if (isFirst) {
    await page.goto(`${address}#/`);
    await page.getByRole("link", { name: FIRST, exact: true }).click();
    await page.getByRole("button", { name: "Run", exact: true }).first().click();
  } else {
    await page.goto(`${address}#/new`);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "Debian 13 shell" }).check({ timeout: LIMIT_MS });
    await dialog.getByRole("button", { name: "Finish now" }).click();
  }
  await page.waitForURL(/#\/vms\/[^/]+\/console/, { timeout: LIMIT_MS });
  await prompt(page);
  return page.url();
}

/**
 * Brings machines to their prompts and then types into each. The last one's console stays open.
 *
 * @param command empty: they are left idle
 */
export async function runMachines(
  page: Page,
  address: string,
  count: number,
  command: string,
): Promise<void> {
  await prefer(page);
  const consoles: string[] = [];
  for (let i = 0; i < count; i++) consoles.push(await start(page, address, i === 0));
  if (command === "") return;
  for (const console of consoles) {
    await page.goto(console);
    await prompt(page);
    await page.getByRole("region", { name: /^Console / }).click();
    await page.keyboard.type(command);
  }
}
