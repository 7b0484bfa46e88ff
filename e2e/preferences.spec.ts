import { expect, type Page, test } from "@playwright/test";
import { bootFirst, openTest, power, prefer, row, screen } from "./page.ts";

const TEST_NAME = "test";

async function openPreferences(page: Page) {
  await page.getByRole("link", { name: "Preferences" }).click();
  return page.getByRole("dialog", { name: "Preferences" });
}

const isDark = (page: Page) =>
  page.evaluate(() => document.documentElement.classList.contains("pf-v6-theme-dark"));

test("the theme follows the system until one is chosen, and is remembered", async ({ page }) => {
  await openTest(page);
  expect(await isDark(page)).toBe(false);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => isDark(page)).toBe(true);
  const dialog = await openPreferences(page);
  await dialog.getByLabel("Theme").selectOption("Light");
  await expect.poll(() => isDark(page)).toBe(false);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.reload();
  await expect(row(page, TEST_NAME)).toBeVisible();
  expect(await isDark(page)).toBe(false);
});

test("the language is the browser's until one is chosen", async ({ browser }) => {
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  await page.goto("/?connect=test:///default");
  await expect(page.getByRole("heading", { name: "虚拟机" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-Hans");
  await page.goto("/?connect=test:///default#/preferences");
  await page.getByLabel("语言").selectOption("English");
  await page.goto("/?connect=test:///default#/");
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
  await context.close();
});

test("confirmations can be switched off", async ({ page }) => {
  await openTest(page);
  const dialog = await openPreferences(page);
  await dialog.getByLabel("Forcing a machine off").uncheck();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: TEST_NAME, exact: true }).click();
  await power(page, "Force off");
  await expect(page.getByRole("status").filter({ hasText: "Shut off" }).first()).toBeVisible();
});

test("console preferences take effect at once", async ({ page }) => {
  test.setTimeout(120_000);
  await bootFirst(page);
  const dialog = await openPreferences(page);
  await dialog.getByRole("spinbutton", { name: "Text size" }).fill("20");
  await dialog.getByLabel("Colours").selectOption("As the page");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect
    .poll(() => screen(page).evaluate((rows) => getComputedStyle(rows).fontSize))
    .toBe("20px");
  const background = page.getByRole("region", { name: /^Console ttyS0/ });
  await expect(background).toHaveCSS("background-color", "rgb(255, 255, 255)");
});

test("stored nonsense does no harm", async ({ page }) => {
  await prefer(page, { theme: "pink", fontSize: "big", unknown: true });
  await page.goto("/?connect=test:///default");
  await expect(row(page, TEST_NAME)).toBeVisible();
});
