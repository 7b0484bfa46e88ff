import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { openVm, TEST_UUID } from "./page.ts";

const tools = (page: Page) => page.getByRole("group", { name: "Tools of test" });
const button = (page: Page, name: string) => tools(page).getByRole("button", { name, exact: true });
const power = (page: Page) => tools(page).getByRole("button", { name: /^Shut down, reboot/ });
const state = (page: Page) => page.getByRole("main").getByRole("status");

async function choose(page: Page, item: string): Promise<void> {
  await power(page).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

test("buttons are enabled exactly when their verbs are legal", async ({ page }) => {
  await openVm(page, "details");
  await expect(state(page)).toHaveText("Running");
  await expect(button(page, "Run")).toBeDisabled();
  await button(page, "Pause").click();
  await expect(state(page)).toHaveText("Paused");
  await button(page, "Resume").click();
  await expect(state(page)).toHaveText("Running");
  await choose(page, "Shut down");
  await expect(state(page)).toHaveText("Shut off");
  await expect(button(page, "Pause")).toBeDisabled();
  await power(page).click();
  for (const item of ["Shut down", "Reboot", "Force reset", "Force off"]) {
    await expect(page.getByRole("menuitem", { name: item, exact: true })).toBeDisabled();
  }
  await page.keyboard.press("Escape");
  await button(page, "Run").click();
  await expect(state(page)).toHaveText("Running");
});

test("tabs are links with addresses of their own", async ({ page }) => {
  await openVm(page, "details");
  const tabs = page.getByRole("navigation", { name: "Views of test" });
  await expect(tabs.getByRole("link")).toHaveText(["Console", "Details", "Performance"]);
  await tabs.getByRole("link", { name: "Performance" }).click();
  await expect(page).toHaveURL(new RegExp(`#/vms/${TEST_UUID}/performance$`));
  await expect(tabs.getByRole("link", { name: "Performance" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await page.reload();
  await expect(page.getByRole("heading", { name: "test", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Virtual machines", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
});

test("its XML is a file, and who deletes it is shown the others", async ({ page }) => {
  await openVm(page, "details");
  const more = tools(page).getByRole("button", { name: "More actions for test" });
  await more.click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download XML" }).click();
  expect((await download).suggestedFilename()).toBe("test.xml");
  await choose(page, "Force off");
  await page.getByRole("alertdialog").getByRole("button", { name: "Force off" }).click();
  await expect(state(page)).toHaveText("Shut off");
  await more.click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
});

const ITEMS = ["overview", "cpus", "boot", "disk-vda", "interface-aa:bb:cc:dd:ee:ff"];

test.describe("nothing keeps anybody out", () => {
  for (const item of ITEMS) {
    test(`of ${item}`, async ({ page }) => {
      await openVm(page, "details", item);
      await expect(page.getByRole("button", { name: "Apply" })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  }

  test("of XML", async ({ page }) => {
    await openVm(page, "details", "disk-vda");
    await page.getByRole("tab", { name: "XML" }).click();
    await page.getByRole("textbox", { name: "XML of VirtIO disk 1" }).fill("<disk>");
    expect(await violations(page)).toEqual([]);
  });

  test("of new hardware", async ({ page }) => {
    await openVm(page, "details");
    await page.getByRole("button", { name: "Add hardware" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
});
