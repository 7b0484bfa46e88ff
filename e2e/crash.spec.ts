/** A worker that is gone without a word, as when the browser ends it. Needs the built guest. */
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { violations } from "./axe.ts";
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

test.describe("a guest whose firmware fails", () => {
  // Its firmware is the test's, not the server's: no service worker may answer for it.
  test.use({ serviceWorkers: "block" });

  test("is told with the registers of its processors, in the log, too", async ({ page }) => {
    // addi ra, zero, 5; csrw mtvec, zero; ecall; j .
    const words = Buffer.from(Uint32Array.of(0x0050_0093, 0x3050_1073, 0x73, 0x6f).buffer);
    await page.route(/firmware\.bin/, (route) => route.fulfill({ body: words }));
    await prefer(page, { confirmLeave: false });
    await page.goto("/");
    await openMachine(page, FIRST_NAME);
    await run(page);
    await expect(page.getByText(/It crashed: hart \d: its M-mode trap handler at 0x0/)).toBeVisible(
      { timeout: 60_000 },
    );
    await page.getByText("Registers of its processors").click();
    const registers = page.locator("pre").last();
    await expect(registers).toContainText(/CPU#0 M-mode\n pc +0000000000000000\n/);
    await expect(registers).toContainText("x1/ra    0000000000000005");
    await expect(registers).toContainText("mepc     0000000000000000");
    expect(await violations(page)).toEqual([]);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download log" }).click();
    const log = readFileSync((await (await download).path()) ?? "", "utf8");
    expect(log).toContain("x1/ra    0000000000000005");
  });
});
