import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { openVm } from "./page.ts";

const browser = (page: Page) => page.getByRole("dialog", { name: "Choose storage volume" });

async function open(page: Page): Promise<void> {
  await openVm(page, "details", "disk-vda");
  await page.getByRole("button", { name: "Browse" }).click();
  await expect(browser(page)).toBeVisible();
}

async function make(page: Page, name: string): Promise<void> {
  await browser(page).getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toBeHidden();
}

test("a volume that is made is the one that is chosen", async ({ page }) => {
  await open(page);
  const choose = browser(page).getByRole("button", { name: "Choose volume" });
  await expect(choose).toBeDisabled();
  await make(page, "a.qcow2");
  await expect(browser(page).getByRole("radio", { name: "a.qcow2" })).toBeChecked();
  expect(await violations(page)).toEqual([]);
  await choose.click();
  await expect(page.getByRole("textbox", { name: "Source path" })).toHaveValue(
    "/default-pool/a.qcow2",
  );
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Browse" }).click();
  await expect(browser(page).getByRole("row", { name: "a.qcow2" })).toContainText("test");
});

test("volumes are found by name, and Escape leaves things as they are", async ({ page }) => {
  await open(page);
  await make(page, "one.qcow2");
  await make(page, "two.qcow2");
  const rows = browser(page).getByRole("radio");
  await expect(rows).toHaveCount(2);
  await browser(page).getByRole("textbox", { name: "Filter volumes by name" }).fill("TWO");
  await expect(rows).toHaveCount(1);
  await browser(page).getByRole("textbox", { name: "Filter volumes by name" }).fill("three");
  await expect(browser(page).getByText("No volume has “three” in its name")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(browser(page)).toBeHidden();
  await expect(page.getByRole("button", { name: "Browse" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
});
