import { expect, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { openTest, row } from "./page.ts";

test("the host check tells what this browser has, in virt-host-validate's words", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openTest(page, "connection/host");
  for (const text of [
    "for cross-origin isolation",
    "for SharedArrayBuffer",
    "for WebAssembly threads",
    "for WebAssembly bulk memory",
    "for WebAssembly relaxed SIMD",
    "for Web Locks",
    "for synchronous access to its files",
  ]) {
    await expect(row(page, text)).toContainText("PASS");
  }
  await expect(row(page, "for two processors or more")).toContainText(/\d/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Copy as text" }).click();
  await expect(page.getByText("The report was copied")).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toMatch(/^ {2}QEMU: Checking for a secure context {40}: PASS$/m);
});

test("what is missing fails, with what to do about it, and the page says the same", async ({
  page,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, "locks");
    Object.assign(navigator.storage, { persisted: async () => false, persist: async () => true });
  });
  await openTest(page, "connection/host");
  await expect(page.getByText("This browser has no Web Locks")).toBeVisible();
  await expect(row(page, "for Web Locks")).toContainText("FAIL");
  await expect(row(page, "for Web Locks")).toContainText("Use a current Chrome");
  await expect(page.getByText("Machines cannot run here. Missing: 1.")).toBeVisible();
});

test("the browser is asked to keep what is stored", async ({ page }) => {
  await page.addInitScript(() => {
    let kept = false;
    Object.assign(navigator.storage, {
      persisted: async () => kept,
      persist: async () => (kept = true),
    });
  });
  await openTest(page, "connection/host");
  const kept = row(page, "if what is stored is kept");
  await expect(kept).toContainText("WARN");
  await kept.getByRole("button", { name: "Ask to keep it" }).click();
  await expect(kept).toContainText("PASS");
});

test("the overview tells of the connection, and shows capabilities to copy", async ({ page }) => {
  await openTest(page, "connection/overview");
  const panel = page.getByRole("tabpanel", { name: "Overview" });
  await expect(panel).toContainText("test:///default");
  await expect(panel).toContainText("TEST 0.0.2");
  await expect(panel).toContainText("1 of 1");
  await expect(panel).toContainText("Quota");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("tab", { name: "Capabilities", exact: true }).click();
  await expect(page).toHaveURL(/#\/connection\/overview\/-\/capabilities$/);
  await expect(page.getByRole("region", { name: "Capabilities" })).toContainText("<capabilities>");
  expect(await violations(page)).toEqual([]);
});
