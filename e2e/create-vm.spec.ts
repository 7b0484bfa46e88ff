import { expect, type Page, test } from "@playwright/test";
import { openTest, row, screen } from "./page.ts";

async function openDialog(page: Page) {
  await openTest(page);
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a virtual machine" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  return dialog;
}

const file = (name: string) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from("not a kernel"),
});

test("a machine from the built-in image is created and run at once", async ({ page }) => {
  const dialog = await openDialog(page);
  await dialog.getByLabel("Name").fill("second");
  await dialog.getByRole("radio", { name: "Stock" }).check();
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expect(page.getByRole("heading", { name: "second" })).toBeVisible();
  await expect(screen(page)).toContainText("Test guest 'second'");
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText("console=ttyS0", { exact: true })).toBeVisible();
});

test("the fast command line is explained option by option", async ({ page }) => {
  const dialog = await openDialog(page);
  await dialog.getByRole("button", { name: "What Fast sets and why" }).click();
  await expect(dialog.getByText("initcall_blacklist=jent_mod_init", { exact: true })).toBeVisible();
  await expect(dialog).toContainText("Skips self-tests of RSA");
});

test("one's own command line begins as the chosen one", async ({ page }) => {
  const dialog = await openDialog(page);
  await dialog.getByRole("radio", { name: "Own" }).check();
  await expect(dialog.getByRole("textbox", { name: "Kernel command line" })).toHaveValue(
    /^console=ttyS0 quiet/,
  );
});

test("own files are picked, dropped, replaced and removed", async ({ page }) => {
  const dialog = await openDialog(page);
  await dialog.getByRole("button", { name: "Own files" }).click();
  await dialog.getByLabel("Kernel", { exact: true }).setInputFiles(file("Image"));
  await expect(dialog.getByText("Image 12 B")).toBeVisible();
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "vmlinux-6.12"));
    transfer.items.add(new File(["y"], "initrd.cpio"));
    return transfer;
  });
  await dialog.locator(".tv-drop").first().dispatchEvent("drop", { dataTransfer: dropped });
  await expect(dialog.getByText("vmlinux-6.12")).toBeVisible();
  await expect(dialog.getByText("initrd.cpio 1 B")).toBeVisible();
  await dialog.getByRole("button", { name: "Remove initrd.cpio" }).click();
  await dialog.getByLabel("Name").fill("mine");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(row(page, "mine")).toContainText("vmlinux-6.12");
});

test("what is wrong is said beside its field, and nothing is created", async ({ page }) => {
  const dialog = await openDialog(page);
  const create = dialog.getByRole("button", { name: "Create", exact: true });
  await dialog.getByLabel("Name").fill("test");
  await dialog.getByRole("spinbutton", { name: "Memory" }).fill("31");
  await dialog.getByRole("spinbutton", { name: "vCPUs" }).fill("99");
  await dialog.getByRole("button", { name: "Own files" }).click();
  await create.click();
  await expect(dialog).toContainText("Another machine has this name.");
  await expect(dialog).toContainText("Between 64 and 3072 MiB.");
  await expect(dialog).toContainText("Between 1 and 16.");
  await expect(dialog).toContainText("Choose a kernel or a firmware.");
  await dialog.getByRole("spinbutton", { name: "Memory" }).fill("65");
  await expect(dialog).toContainText("A multiple of 2 MiB.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("more vCPUs than the computer has are allowed with a warning", async ({ page }) => {
  const dialog = await openDialog(page);
  const field = dialog.getByRole("spinbutton", { name: "vCPUs" });
  await field.fill("1");
  await expect(dialog).not.toContainText("Overcommitting");
  await field.fill("16");
  await expect(field).toHaveAccessibleDescription(
    /Overcommitting vCPUs can hurt performance: this computer has \d+ processors\..*warning/,
  );
  await dialog.getByLabel("Name").fill("many");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(row(page, "many")).toContainText("16");
});

test("interrupt controllers are chosen in the advanced part, and kept", async ({ page }) => {
  const dialog = await openDialog(page);
  const field = dialog.getByRole("combobox", { name: "Interrupt controllers" });
  await expect(field).toBeHidden();
  await dialog.getByRole("button", { name: "Advanced" }).click();
  await expect(field).toHaveValue("auto");
  await field.selectOption("APLIC and IMSICs");
  await dialog.getByLabel("Name").fill("messages");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("button", { name: "More actions for messages" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit messages" });
  await expect(edit.getByRole("combobox", { name: "Interrupt controllers" })).toHaveValue(
    "aplic-imsic",
  );
});

test("a machine is edited when it is off", async ({ page }) => {
  await openTest(page);
  await page.getByRole("button", { name: "More actions for test" }).click();
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Power / }).click();
  await page.getByRole("menuitem", { name: "Shut down" }).click();
  await page.getByRole("button", { name: "More actions for test" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit test" });
  await dialog.getByLabel("Name").fill("renamed");
  await dialog.getByRole("button", { name: "Increase Memory" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "renamed")).toContainText("320 MiB");
});

test("with many machines the list can be filtered", async ({ page }) => {
  await openTest(page);
  for (const name of ["one", "two", "three"]) {
    await page.getByRole("button", { name: "Create VM" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await expect(row(page, name)).toBeVisible();
  }
  await page.getByRole("textbox", { name: "Filter by name" }).fill("t");
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.getByRole("textbox", { name: "Filter by name" }).fill("zebra");
  await expect(page.getByText("No machine has “zebra” in its name")).toBeVisible();
});
