import { expect, type Locator, type Page, test } from "@playwright/test";
import { openDomain, openTest, power, screen, TEST_NAME } from "./page.ts";

async function openPerformance(page: Page): Promise<void> {
  await openTest(page);
  await openDomain(page, TEST_NAME);
  await page.getByRole("tab", { name: "Performance" }).click();
  await expect(page.getByRole("heading", { name: "Execution" })).toBeVisible();
}

/** Rate and total of a counter, as shown. */
async function counter(page: Page, table: string, name: string): Promise<string[]> {
  const cells = page
    .getByRole("table", { name: table })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name, exact: true }) })
    .getByRole("cell");
  return cells.allTextContents();
}

const chart = (page: Page, name: string): Locator =>
  page.getByRole("img", { name: new RegExp(`^${name} over the last minute`) });

test("counters have totals at once, and rates a second later", async ({ page }) => {
  await openPerformance(page);
  const [rate, total] = await counter(page, "Execution", "Instructions");
  expect([rate, Number.parseFloat(total ?? "") > 0]).toEqual(["–", true]);
  await expect
    .poll(async () => (await counter(page, "Execution", "Instructions"))[0])
    .toMatch(/^\d+(\.\d)?M$/);
  await expect(chart(page, "Speed")).toHaveAccessibleName(/now \d+ MIPS, at most \d+ MIPS$/);
  expect(await counter(page, "Translator", "Regions")).toEqual(["–", "960"]);
});

test("each vCPU has its own counters", async ({ page }) => {
  await openPerformance(page);
  await page.getByLabel("Show").selectOption("vCPU 1");
  expect(await counter(page, "Translator", "Regions")).toEqual(["–", "480"]);
  await page.getByLabel("Show").selectOption("All vCPUs");
  expect(await counter(page, "Translator", "Regions")).toEqual(["–", "960"]);
});

test("they are reached with the keyboard, and by address", async ({ page }) => {
  await openTest(page);
  await openDomain(page, TEST_NAME);
  // The console takes the focus when it is there.
  await expect(screen(page)).toContainText("Test guest");
  await page.getByRole("tab", { name: "Console" }).focus();
  for (let i = 0; i < 2; i++) await page.keyboard.press("Tab");
  await expect(page.getByRole("tab", { name: "Performance" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tabpanel", { name: "Performance" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("tab", { name: "Performance", selected: true })).toBeVisible();
  await expect(page.getByRole("table", { name: "Invalidations" })).toBeVisible();
});

test("they rest while the machine does, and are gone when it is off", async ({ page }) => {
  await openPerformance(page);
  await expect(chart(page, "CPU")).toHaveAccessibleName(/at most 100 %$/);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.locator("header output")).toContainText("Paused");
  await expect(page.getByRole("table", { name: "Execution" })).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await power(page, "Shut down");
  await expect(page.getByText("Counters appear while the machine runs.")).toBeVisible();
});
