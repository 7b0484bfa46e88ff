/** A worker that is gone without a word, as when the browser ends it. Needs the built guest. */
import { expect, type Page, test } from "@playwright/test";
import { openDomain, prefer, row, screen, type } from "./page.ts";

const NAME = "Debian shell";
const BOOT_MS = 60_000;

test.describe.configure({ timeout: 180_000 });

async function expectPrompt(page: Page): Promise<void> {
  await expect(screen(page)).toContainText(/:~# *$/, { timeout: BOOT_MS });
}

/** Makes another machine like the first and waits for its prompt; the list is shown then. */
async function createSecond(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("second");
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expectPrompt(page);
  await page.goto("#/");
}

test("kills that machine only, which says why, keeps its last lines and runs again", async ({
  page,
}) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await createSecond(page);
  const others = new Set(page.workers());
  await row(page, NAME).getByRole("button", { name: "Run", exact: true }).click();
  await expectPrompt(page);
  await type(page, "echo last wor''ds\n");
  await expect(screen(page)).toContainText("last words");

  const isVictim = (worker: { url(): string }) => worker.url().includes("/machine.browser");
  const victim = page.workers().find((worker) => !others.has(worker) && isVictim(worker));
  await victim?.evaluate(() => globalThis.close());
  await expect(
    page.getByText("It crashed: the machine's worker ended: its thread is gone.").first(),
  ).toBeVisible();
  await page.getByText("Its last lines").click();
  await expect(page.locator("pre")).toContainText("last words");

  await page.getByRole("button", { name: "Run again" }).first().click();
  await expectPrompt(page);
  await page.goto("#/");
  await expect(row(page, "second")).toContainText("Running");
  await openDomain(page, "second");
  await type(page, "echo still he''re\n");
  await expect(screen(page)).toContainText("still here");
});
