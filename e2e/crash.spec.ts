/** A worker that is gone without a word, as when the browser ends it. Needs the built guest. */
import { expect, test } from "@playwright/test";
import { define, machineXml } from "./disks.ts";
import { expectPrompt, FIRST_NAME, openMachine, prefer, row, run, screen, type } from "./page.ts";

const SECOND = "second";

test.describe.configure({ timeout: 240_000 });

test("kills that machine only, which says why, keeps its last lines and runs again", async ({
  page,
}) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  await define(page, SECOND, machineXml(SECOND, "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a04", {}));
  await page.reload();
  await openMachine(page, SECOND);
  await run(page);
  await expectPrompt(page);
  const others = new Set(page.workers());
  await page.goto("#/");
  await openMachine(page, FIRST_NAME);
  await run(page);
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
  await expect(page.locator("pre").first()).toContainText("last words");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download log" }).click();
  expect((await download).suggestedFilename()).toBe(`${FIRST_NAME}.log`);

  await page.getByRole("button", { name: "Restart" }).first().click();
  await expectPrompt(page);
  await page.goto("#/");
  await expect(row(page, SECOND)).toContainText("Running");
  await openMachine(page, SECOND);
  await type(page, "echo still he''re\n");
  await expect(screen(page)).toContainText("still here");
});
