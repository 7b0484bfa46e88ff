/** The browser's Back: it leads to views, not to dialogs that were closed or things that are gone. */
import { expect, test } from "@playwright/test";
import { openTest, power, prefer, row } from "./page.ts";

test("Back does not open a dialog again that was closed", async ({ page }) => {
  await openTest(page);
  await page.getByRole("link", { name: "test", exact: true }).click();
  await expect(page).toHaveURL(/#\/vms\/.*\/console$/);
  await page.getByRole("link", { name: "Preferences" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/#\/vms\/.*\/console$/);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Virtual machines", level: 1 })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goForward();
  await expect(page).toHaveURL(/#\/vms\/.*\/console$/);
});

test("a dialog that was opened by its address is closed to the manager", async ({ page }) => {
  await openTest(page, "new");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/#\/$/);
});

test("Back leads to no machine that was deleted", async ({ page }) => {
  await prefer(page, { confirmForceOff: false });
  await openTest(page);
  await page.getByRole("link", { name: "test", exact: true }).click();
  await power(page, "Force off");
  await page.getByRole("button", { name: "More actions for test" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Virtual machines", level: 1 })).toBeVisible();
  await expect(row(page, "test")).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Virtual machines", level: 1 })).toBeVisible();
});
