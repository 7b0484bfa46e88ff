import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { names, openLab, state } from "./lab.ts";
import { choose, openTest, row } from "./page.ts";

// The mock's file is the test's, not the server's: no service worker may answer for it.
test.use({ serviceWorkers: "block" });

/** The items of a machine's menu that are enabled. */
async function enabledItems(page: Page, name: string): Promise<string[]> {
  await page.getByRole("button", { name: `More actions for ${name}`, exact: true }).click();
  const items = page.getByRole("menuitem");
  await expect(items.first()).toBeVisible();
  const enabled = await items.evaluateAll((all) =>
    all.flatMap((each) => ((each as HTMLButtonElement).disabled ? [] : [each.textContent])),
  );
  await page.keyboard.press("Escape");
  return enabled;
}

const ALWAYS = ["Open", "Title, tags and group…"];
const KEPT = ["Switch autostart on", "Copy XML", "Delete…"];
const POWER = ["Shut down", "Reboot", "Force reset", "Force off"];

test("every verb is enabled exactly when it is legal", async ({ page }) => {
  await openLab(page);
  const [open, labels] = ALWAYS as [string, string];
  const expected: Record<string, string[]> = {
    web: [open, "Pause", ...POWER, "Save", labels, ...KEPT],
    builder: [open, "Resume", ...POWER, "Save", labels, ...KEPT],
    broken: [open, "Force off", labels, ...KEPT],
    debian: [open, "Run", labels, "Rename…", "Clone…", ...KEPT],
    sleepy: [
      open,
      "Restore",
      labels,
      "Rename…",
      "Clone…",
      "Switch autostart on",
      "Discard saved state",
      "Copy XML",
      "Delete…",
    ],
    live: [open, "Pause", ...POWER, labels, "Copy XML"],
  };
  for (const [name, items] of Object.entries(expected)) {
    expect(await enabledItems(page, name), name).toEqual(items);
  }
});

test("a machine is started, paused, resumed, saved and forced off", async ({ page }) => {
  await openTest(page);
  await page.getByRole("button", { name: "Pause test" }).click();
  await expect(state(page, "test")).toContainText("Paused");
  await page.getByRole("button", { name: "Resume test" }).click();
  await expect(state(page, "test")).toContainText("Running");
  await choose(page, "test", "Save");
  await expect(state(page, "test")).toContainText("Saved");
  await page.getByRole("button", { name: "Restore test" }).click();
  await expect(state(page, "test")).toContainText("Running");
  await choose(page, "test", "Force off");
  const question = page.getByRole("alertdialog", { name: "Force off test?" });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await question.getByRole("button", { name: "Force off" }).click();
  await expect(state(page, "test")).toContainText("Shut off");
  await expect(page.getByRole("button", { name: "More actions for test" })).toBeFocused();
});

test("a question is not asked again once that is wanted", async ({ page }) => {
  await openTest(page);
  await choose(page, "test", "Force reset");
  const question = page.getByRole("alertdialog");
  await question.getByRole("checkbox", { name: "Don’t ask again" }).check();
  await question.getByRole("button", { name: "Force reset" }).click();
  await expect(question).toBeHidden();
  await choose(page, "test", "Force reset");
  await expect(question).toBeHidden();
});

test("what is searched for, by words, tags, groups and states", async ({ page }) => {
  await openLab(page);
  const search = page.getByRole("textbox", { name: "Search" });
  const expected: [string, string[]][] = [
    ["shop", ["db", "web"]],
    ["tag:prod", ["db", "web"]],
    ["tag:prod -web", ["db"]],
    ["state:running group:shop http", ["web"]],
    ["state:crashed", ["broken"]],
    ['title:"the shop"', ["web"]],
  ];
  for (const [text, found] of expected) {
    await search.fill(text);
    await expect.poll(() => names(page), text).toEqual(found);
  }
  await search.fill("nothing like it");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Clear the search" }).last().click();
  await expect.poll(() => names(page)).toHaveLength(7);
});

test("groups, order and columns are kept", async ({ page }) => {
  await openLab(page);
  await page.getByRole("button", { name: "View" }).click();
  await page.getByRole("radio", { name: "Group", exact: true }).check();
  await page.getByRole("checkbox", { name: "Host CPU" }).check();
  await page.getByRole("checkbox", { name: "Network I/O" }).uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Host CPU" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Network I/O" })).toBeHidden();
  await expect
    .poll(() => names(page))
    .toEqual(["web", "db", "sleepy", "live", "debian", "builder", "broken"]);
  await row(page, "Shop").click();
  await expect(row(page, "web")).toBeHidden();
  await expect(row(page, "Shop")).toHaveAttribute("aria-expanded", "false");
});

test("the table is used with the keyboard alone", async ({ page }) => {
  await openLab(page);
  await row(page, "broken").focus();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "builder")).toBeFocused();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.locator('tr[aria-selected="true"]')).toHaveCount(3);
  await page.keyboard.press("Escape");
  await expect(page.locator('tr[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("Control+a");
  await expect(page.locator('tr[aria-selected="true"]')).toHaveCount(7);
  await page.keyboard.press(" ");
  await expect(row(page, "debian")).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Open" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(row(page, "debian")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(row(page, "debian")).toBeHidden();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/vms\/[0-9a-f-]+\/console$/);
});

test("several machines are chosen by clicks, and asked about once", async ({ page }) => {
  await openLab(page);
  await row(page, "builder").locator(".tv-cell-state").click();
  await row(page, "debian")
    .locator(".tv-cell-state")
    .click({ modifiers: ["Shift"] });
  await page.getByRole("checkbox", { name: "Choose web" }).check();
  await page.getByRole("button", { name: "Shut down, reboot, reset, force off" }).click();
  await page.getByRole("menuitem", { name: "Force off" }).click();
  const question = page.getByRole("alertdialog", { name: "Force off 3 machines?" });
  await expect(question.getByRole("listitem")).toHaveText(["builder", "db", "web"]);
  await question.getByRole("button", { name: "Force off" }).click();
  for (const name of ["builder", "db", "web"]) {
    await expect(state(page, name)).toContainText("Shut off");
  }
  await page
    .getByRole("group", { name: "Chosen machines: 4" })
    .getByRole("button", { name: "Run" })
    .click();
  for (const name of ["builder", "db", "debian", "web"]) {
    await expect(state(page, name)).toContainText("Running");
  }
});

test("title, description, group and tags are edited, of one and of several", async ({ page }) => {
  await openLab(page);
  await choose(page, "builder", "Title, tags and group…");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Title" }).fill("Builds things");
  await dialog.getByRole("textbox", { name: "Tags" }).fill("ci, fast");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "builder")).toContainText("Builds things");
  await expect(row(page, "builder")).toContainText("fast");
  await page.getByRole("checkbox", { name: "Choose builder" }).check();
  await page.getByRole("checkbox", { name: "Choose broken" }).check();
  await row(page, "broken").focus();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByRole("combobox", { name: "Group" }).fill("Lab");
  await page.getByRole("dialog").getByRole("textbox", { name: "Tags to add" }).fill("mine");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  for (const name of ["builder", "broken"]) {
    await expect(row(page, name)).toContainText("Lab");
    await expect(row(page, name)).toContainText("mine");
  }
  await expect(row(page, "builder")).toContainText("fast");
});

test("a machine is renamed, starts by itself, and is cloned", async ({ page }) => {
  await openLab(page);
  await choose(page, "debian", "Rename…");
  await page.getByRole("textbox", { name: "Name" }).fill("web");
  await expect(page.getByText("Another machine has this name.")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("debian13");
  await page.getByRole("button", { name: "Rename" }).click();
  await choose(page, "debian13", "Switch autostart on");
  await expect(row(page, "debian13")).toContainText("Autostart");
  await choose(page, "debian13", "Clone…");
  const dialog = page.getByRole("dialog", { name: "Clone debian13" });
  await expect(dialog.getByRole("textbox", { name: "Name", exact: true })).toHaveValue(
    "debian13-clone",
  );
  await expect(dialog.getByLabel("Name of the copy of vda")).toHaveValue("debian-clone.img");
  await expect(dialog.getByRole("combobox", { name: /^vdb/ })).toHaveValue("share");
  await expect(dialog).toContainText("marked as shareable");
  await expect(dialog.getByRole("combobox", { name: /^hdc/ })).toHaveValue("share");
  await expect(dialog.getByRole("combobox", { name: /^vdc/ })).toHaveValue("skip");
  await expect(dialog).toContainText("it is in no active storage pool");
  await dialog.getByRole("button", { name: "Clone", exact: true }).click();
  await expect(state(page, "debian13-clone")).toContainText("Shut off");
});

test("machines are deleted with the storage that is ticked", async ({ page }) => {
  await openLab(page);
  await choose(page, "debian", "Clone…");
  await page.getByRole("button", { name: "Clone", exact: true }).click();
  await expect(row(page, "debian-clone")).toBeVisible();
  await choose(page, "debian", "Delete…");
  const dialog = page.getByRole("dialog", { name: "Delete debian?" });
  await expect(dialog.getByRole("checkbox", { name: /debian\.img/ })).toBeChecked();
  await expect(dialog.getByRole("checkbox", { name: /shared\.img/ })).not.toBeChecked();
  await expect(dialog).toContainText("Storage is in use by: debian-clone.");
  await expect(dialog.getByRole("checkbox", { name: /elsewhere/ })).toBeDisabled();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(dialog).toContainText("/images/debian.img");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(row(page, "debian")).toBeHidden();
  await row(page, "web").focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("will be forced off before being deleted: web")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(row(page, "web")).toBeFocused();
});

test("the task log tells what was done, and what failed", async ({ page }) => {
  await openLab(page);
  await page.getByRole("button", { name: "Pause web" }).click();
  await expect(state(page, "web")).toContainText("Paused");
  await expect(page.getByText("Pausing web: done")).toBeAttached();
  await page.getByRole("button", { name: "Tasks" }).click();
  const log = page.getByRole("complementary", { name: "Tasks" });
  await expect(log.getByRole("listitem")).toContainText(["Pausing web"]);
  await expect(log.getByRole("listitem")).toContainText(["Done"]);
  await log.getByRole("button", { name: "Clear" }).click();
  await expect(log).toContainText("Nothing was done yet.");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Tasks", exact: true })).toBeFocused();
});

test("axe finds nothing in the table, the view's choices and the help", async ({ page }) => {
  test.slow();
  await openLab(page, { preferences: { managerGroupBy: "group" } });
  await page.getByRole("checkbox", { name: "Choose all" }).check();
  await page.getByRole("button", { name: "View" }).click();
  await expect(page.getByRole("radio", { name: "Group", exact: true })).toBeChecked();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Keyboard and search" }).click();
  await expect(page.getByRole("heading", { name: "Keyboard and search" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("the manager fits a width of 360 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openLab(page);
  expect(await violations(page)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
