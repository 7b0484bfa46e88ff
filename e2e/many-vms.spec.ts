import { expect, type Locator, test } from "@playwright/test";
import { violations } from "./axe.ts";
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

/** Only what is drawn has a box to tick. */
const box = (line: Locator): Locator => line.getByRole("checkbox");

test("of a long list, what can be seen is drawn, and all of it is named and reached", async ({
  page,
}) => {
  test.slow();
  await openLab(page, { machines: manyMachines(200) });
  await expect(box(row(page, "vm1"))).toBeVisible();
  const drawn = page.locator("tr[data-uuid]").getByRole("checkbox");
  await expect.poll(() => drawn.count()).toBeLessThan(60);
  const last = row(page, "vm200");
  await expect(last).toHaveAttribute("aria-posinset", "200");
  await expect(last).toContainText("odd");
  await expect(box(last)).toHaveCount(0);

  await row(page, "vm1").focus();
  await page.keyboard.press("End");
  await expect(last).toBeFocused();
  await expect(last).toBeInViewport();
  await expect(state(page, "vm200")).toContainText("Shut off");
  await expect(box(row(page, "vm1"))).toHaveCount(0);

  await page.keyboard.press("Control+a");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await expect(box(row(page, "vm1"))).toBeChecked();
  await expect.poll(() => drawn.count()).toBeLessThan(60);
});

test("what has the focus stays when it is scrolled out of sight", async ({ page }) => {
  await openLab(page, { machines: manyMachines(200) });
  const pause = page.getByRole("button", { name: "Pause vm1", exact: true });
  await pause.focus();
  await row(page, "vm200").scrollIntoViewIfNeeded();
  await expect(box(row(page, "vm200"))).toBeVisible();
  await expect(pause).toBeFocused();
  await expect(row(page, "vm200")).toBeInViewport();
});

test("axe finds nothing where rows are not drawn", async ({ page }) => {
  test.slow();
  await openLab(page, { machines: manyMachines(40) });
  await expect(box(row(page, "vm1"))).toBeVisible();
  await expect(box(row(page, "vm40"))).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test("rows keep their places when they are drawn", async ({ page }) => {
  test.slow();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await openLab(page, { machines: manyMachines(60) });
    await row(page, "vm40").scrollIntoViewIfNeeded();
    await expect(box(row(page, "vm40"))).toBeVisible();
    const place = async () => (await row(page, "vm40").boundingBox())?.y ?? 0;
    const before = await place();
    // Rows above are drawn, and go.
    await page.mouse.move(width / 2, 400);
    await page.mouse.wheel(0, -500);
    await expect.poll(place).toBeCloseTo(before + 500, -1);
  }
});
