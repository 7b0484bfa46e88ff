import { expect, test } from "@playwright/test";
import { openDomain, openTest, power, row, screen, TEST_NAME, type } from "./page.ts";

test("the list shows each machine with its state in words", async ({ page }) => {
  await openTest(page);
  const machine = row(page, TEST_NAME);
  await expect(machine).toContainText("Running");
  await expect(machine).toContainText("256 MiB");
  await expect(page).toHaveTitle("Tabvisor");
});

test("verbs are enabled exactly when they are legal", async ({ page }) => {
  await openTest(page);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const item = (name: string) => page.getByRole("menuitem", { name, exact: true });
  const openPower = () => page.getByRole("button", { name: /^Power / }).click();

  await expect(button("Run")).toBeDisabled();
  await button("Pause").click();
  await expect(row(page, TEST_NAME)).toContainText("Paused");
  await expect(button("Pause")).toBeDisabled();
  await openPower();
  await expect(item("Shut down")).toBeDisabled();
  await expect(item("Reset")).toBeEnabled();
  await expect(item("Force off")).toBeEnabled();
  await page.keyboard.press("Escape");

  await button("Resume").click();
  await expect(row(page, TEST_NAME)).toContainText("Running");
  await power(page, "Shut down");
  await expect(row(page, TEST_NAME)).toContainText("Shut off");
  await expect(button("Run")).toBeEnabled();
  await openPower();
  for (const verb of ["Shut down", "Reset", "Force off"]) await expect(item(verb)).toBeDisabled();
});

test("a verb in progress is shown, and only pulling the plug does not wait", async ({ page }) => {
  await openTest(page, { latencyMs: 1500 });
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(row(page, TEST_NAME)).toContainText("Pausing");
  await page.getByRole("button", { name: /^Power / }).click();
  await expect(page.getByRole("menuitem", { name: "Reset" })).toBeDisabled();
  await expect(page.getByRole("menuitem", { name: "Force off" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(row(page, TEST_NAME)).toContainText("Paused");
});

test("Run opens the console of a machine that was off", async ({ page }) => {
  await openTest(page);
  await power(page, "Shut down");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("heading", { name: TEST_NAME })).toBeVisible();
  await expect(page).toHaveTitle("test – Tabvisor");
  await expect(screen(page)).toContainText("Test guest 'test'");
});

test("forcing off asks first, and does nothing when it is cancelled", async ({ page }) => {
  await openTest(page);
  await power(page, "Force off");
  const dialog = page.getByRole("alertdialog", { name: "Force off test?" });
  await expect(dialog).toContainText("The plug is pulled.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(row(page, TEST_NAME)).toContainText("Running");
  await power(page, "Force off");
  await dialog.getByRole("button", { name: "Force off" }).click();
  await expect(row(page, TEST_NAME)).toContainText("Shut off");
  await expect(row(page, TEST_NAME)).toContainText("Forced off.");
});

test("a crashed machine says why and runs again", async ({ page }) => {
  await openTest(page);
  await openDomain(page, TEST_NAME);
  await type(page, "crash\n");
  await expect(
    page.getByText("It crashed: the guest asked the test driver to crash.").first(),
  ).toBeVisible();
  await page.getByText("Its last lines").click();
  await expect(page.locator("pre")).toContainText("/ # crash");
  await page.getByRole("button", { name: "Run again" }).first().click();
  await expect(page.getByRole("heading", { name: "test", exact: true })).toBeVisible();
  await expect(page.getByText("It crashed")).toBeHidden();
});

test("a machine can be deleted only when it is off", async ({ page }) => {
  await openTest(page);
  await page.getByRole("button", { name: "More actions for test" }).click();
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await power(page, "Shut down");
  await page.getByRole("button", { name: "More actions for test" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "No virtual machines" })).toBeVisible();
});

test("everything in the list can be reached and done with the keyboard", async ({ page }) => {
  await openTest(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Create VM" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: TEST_NAME, exact: true })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Pause" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row(page, TEST_NAME)).toContainText("Paused");
});

test("an address that names no machine, and one that names no connection", async ({ page }) => {
  await openTest(page);
  await page.goto("/?connect=test:///default#/vm/00000000-0000-0000-0000-000000000000");
  await expect(page.getByRole("heading", { name: "There is no such machine" })).toBeVisible();
  await page.goto("/?connect=xen:///system");
  await expect(page.getByText("no driver for the connection URI 'xen:///system'.")).toBeVisible();
});

test("the page fits a width of 360 pixels in every view", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openTest(page);
  const overflow = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  expect(await overflow()).toBe(0);
  await openDomain(page, TEST_NAME);
  await expect(screen(page)).toContainText("Test guest");
  expect(await overflow()).toBe(0);
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  expect(await overflow()).toBe(0);
  await page.getByRole("tab", { name: "Performance" }).click();
  await expect(page.getByRole("heading", { name: "Execution" })).toBeVisible();
  expect(await overflow()).toBe(0);
  await page.getByRole("link", { name: "Storage" }).click();
  await page.getByRole("link", { name: "default-pool" }).click();
  await expect(page.getByRole("button", { name: "New volume" })).toBeVisible();
  expect(await overflow()).toBe(0);
});
