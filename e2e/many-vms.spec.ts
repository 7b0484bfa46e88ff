import { expect, test } from "@playwright/test";
import { manyMachines, names, openLab, state } from "./lab.ts";
import { row } from "./page.ts";

// A trace copies the whole page at every step: of so many rows, that takes longer than the test.
test.use({ serviceWorkers: "block", trace: "off" });

test("two hundred machines are shown, found and followed", async ({ page }) => {
  test.slow();
  await openLab(page, { machines: manyMachines(200) });
  await expect(page.locator("tr[data-uuid]")).toHaveCount(200);
  await expect(row(page, "vm1").locator(".tv-cell-graph").first()).toContainText("50 %");
  await page.getByRole("textbox", { name: "Search" }).fill("tag:even vm19");
  await expect
    .poll(() => names(page))
    .toEqual(["vm19", "vm191", "vm193", "vm195", "vm197", "vm199"]);
  await page.getByRole("checkbox", { name: "Choose all" }).check();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(state(page, "vm199")).toContainText("Paused");
});
