import { expect, type Page, test } from "@playwright/test";
import { prefer } from "./page.ts";

const NAME = "Debian shell";
const hardware = (page: Page) => page.getByRole("navigation", { name: "Hardware" });
const dialog = (page: Page) => page.getByRole("dialog", { name: `Add hardware to ${NAME}` });

/** Opens the details of the machine that a visitor finds. */
async function openDetails(page: Page): Promise<void> {
  await prefer(page);
  await page.goto("/");
  await page.getByRole("link", { name: NAME, exact: true }).click();
  await page
    .getByRole("navigation", { name: `Views of ${NAME}` })
    .getByRole("link", { name: "Details" })
    .click();
}

/** The guest boots meanwhile, and wants the processors, too. */
const PATIENCE = { timeout: 30_000 };

test("media and SCSI disks come and go while a machine runs", async ({ page }) => {
  test.setTimeout(120_000);
  await openDetails(page);
  await page.getByRole("button", { name: "Add hardware" }).click();
  await dialog(page).getByRole("button", { name: "CDROM" }).click();
  await dialog(page).getByRole("button", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { name: "SCSI CDROM 1" })).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const state = page.getByRole("main").getByRole("status");
  await expect(state).toHaveText("Running", PATIENCE);

  await page.getByRole("button", { name: "Browse" }).click();
  const browser = page.getByRole("dialog", { name: "Choose media" });
  await browser.getByRole("button", { name: "New volume" }).click();
  const volume = page.getByRole("dialog", { name: "New volume" });
  await volume.getByRole("textbox", { name: "Name" }).fill("medium.iso");
  await volume.getByRole("combobox", { name: "Format" }).selectOption("raw");
  await volume.getByRole("button", { name: "Create" }).click();
  await browser.getByRole("button", { name: "Choose volume" }).click();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
  await expect(page.getByRole("textbox", { name: "Source path" })).toHaveValue(/medium\.iso$/);
  // Neither refused nor put off.
  await expect(page.getByText("Kept for the next start")).toHaveCount(0);
  await expect(page.getByText("Changes take effect at the next start")).toHaveCount(0);

  await page.getByRole("button", { name: "Add hardware" }).click();
  await dialog(page).getByRole("spinbutton", { name: "Size (GiB)" }).fill("1");
  await dialog(page).getByRole("combobox", { name: "Disk bus" }).selectOption("SCSI");
  await dialog(page).getByRole("button", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { name: "SCSI disk 1" })).toBeVisible(PATIENCE);
  await expect(page.getByText("There from the next start on")).toHaveCount(0);

  await page.getByRole("button", { name: "Remove" }).click();
  const question = page.getByRole("dialog", { name: "Remove SCSI disk 1?" });
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(hardware(page).getByRole("link", { name: "SCSI disk 1" })).toHaveCount(0, PATIENCE);

  // A device that cannot be unplugged stays until the machine is off.
  await hardware(page).getByRole("link", { name: "RNG /dev/urandom" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("RNG /dev/urandom goes after the next shut off")).toBeVisible();
  await hardware(page).getByRole("link", { name: /^RNG/ }).click();
  await expect(page.getByText("Removed: stays until the next shut off")).toBeVisible();
});
