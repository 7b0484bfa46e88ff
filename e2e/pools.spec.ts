import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { prefer } from "./page.ts";
import { choose, openTest, row } from "./page.ts";

const STORAGE = "connection/storage";
const DEFAULT = "dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566";

async function newVolume(page: Page, name: string, format: string): Promise<void> {
  await page.getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("combobox", { name: "Format" }).selectOption(format);
  await dialog.getByRole("textbox", { name: "Size" }).fill("8");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toBeHidden();
}

test("the first pool is shown with its space, and every view has an address", async ({ page }) => {
  await openTest(page, STORAGE);
  await expect(page.getByRole("heading", { name: "default-pool" })).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Space used in default-pool" })).toBeVisible();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page).toHaveURL(new RegExp(`#/${STORAGE}/${DEFAULT}/details$`));
  await expect(page.getByText("/default-pool", { exact: true })).toBeVisible();
  await openTest(page, `${STORAGE}/nowhere`);
  await expect(page.getByRole("heading", { name: "There is no such pool" })).toBeVisible();
});

test("a pool is stopped, started, and starts by itself or not", async ({ page }) => {
  await openTest(page, `${STORAGE}/${DEFAULT}/details`);
  const actions = page.getByRole("group", { name: "Actions: default-pool" });
  await actions.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Inactive" })).toBeVisible();
  await choose(page, "default-pool", "Start by itself");
  const details = page.getByRole("tabpanel", { name: "Details" });
  await expect(details.getByText("Starts by itself").locator("xpath=../..")).toContainText("Yes");
  await actions.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Active" })).toBeVisible();
});

test("a pool is made, renamed and forgotten; what is wrong is said in libvirt's words", async ({
  page,
}) => {
  await openTest(page, STORAGE);
  await page.getByRole("button", { name: "New pool" }).click();
  const dialog = page.getByRole("dialog", { name: "New storage pool" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("a/b");
  await expect(dialog).toContainText("XML error: name a/b cannot contain '/'.");
  await name.fill("default-pool");
  await dialog.getByRole("textbox", { name: "Path" }).fill("/srv/isos");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog).toContainText(`pool 'default-pool' already exists with uuid ${DEFAULT}.`);
  await name.fill("isos");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: "isos" })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await choose(page, "isos", "Rename");
  const rename = page.getByRole("dialog", { name: "Rename isos" });
  await rename.getByRole("textbox", { name: "Name" }).fill("images");
  await rename.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { name: "images" })).toBeVisible();
  await choose(page, "images", "Forget pool");
  await page.getByRole("dialog").getByRole("button", { name: "Forget pool" }).click();
  await expect(page.getByRole("link", { name: "images" })).toBeHidden();
  await expect(page.getByRole("region", { name: "Storage pools" })).toBeFocused();
});

test("a pool's definition is changed as XML, and refused in libvirt's words", async ({ page }) => {
  await openTest(page, `${STORAGE}/${DEFAULT}/xml`);
  const text = page.getByRole("textbox", { name: "Definition of default-pool" });
  const xml = await text.inputValue();
  await text.fill("<pool");
  await expect(page.getByText("(storage_pool_definition)")).toBeVisible();
  await text.fill(xml.replace("<name>default-pool</name>", "<name>other</name>"));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("is already defined with uuid")).toBeVisible();
  await text.fill(xml.replace("/default-pool</path>", "/elsewhere</path>"));
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText("/elsewhere", { exact: true })).toBeVisible();
});

test("volumes are made, one on another, and checked while one types", async ({ page }) => {
  await openTest(page, STORAGE);
  await newVolume(page, "base.qcow2", "qcow2");
  await expect(row(page, "base.qcow2")).toContainText("8 GiB");
  await page.getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("base.qcow2");
  await expect(dialog).toContainText("storage volume 'base.qcow2' exists already.");
  await dialog.getByRole("textbox", { name: "Name" }).fill("top.qcow2");
  await dialog.getByRole("textbox", { name: "Size" }).fill("much");
  await expect(dialog).toContainText("Invalid value 'much'");
  await dialog.getByRole("combobox", { name: "Backing image" }).selectOption("base.qcow2");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(row(page, "top.qcow2")).toContainText("qcow2 on base.qcow2");
});

test("what the mock cannot do is said in libvirt's words, and nothing is left of it", async ({
  page,
}) => {
  await openTest(page, STORAGE);
  const files = page.locator("input[type=file]");
  const buffer = Buffer.from("bytes");
  await files.setInputFiles({ name: "a.img", mimeType: "application/octet-stream", buffer });
  await expect(page.getByText("Uploading a.img failed")).toBeVisible();
  await expect(page.getByText("virStorageVolUpload")).toBeVisible();
  await expect(page.getByRole("heading", { name: "No volumes yet" })).toBeVisible();
});

test("the storage views are accessible", async ({ page }) => {
  test.setTimeout(90_000);
  await openTest(page, STORAGE);
  await newVolume(page, "a.qcow2", "qcow2");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "New volume" }).click();
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Name" })).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.goto(page.url().replace(/#.*/, `#/${STORAGE}/${DEFAULT}/volumes/a.qcow2`));
  await expect(page.getByRole("dialog", { name: "a.qcow2" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.goto(page.url().replace(/#.*/, `#/${STORAGE}/${DEFAULT}/xml`));
  await expect(page.getByRole("textbox", { name: "Definition of default-pool" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("the focus returns after dialogs, and to the list after a deletion", async ({ page }) => {
  await openTest(page, STORAGE);
  await newVolume(page, "a.qcow2", "qcow2");
  const making = page.getByRole("button", { name: "New volume" });
  await making.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(making).toBeFocused();
  await choose(page, "a.qcow2", "Delete");
  await expect(page.getByRole("dialog", { name: "Delete a.qcow2?" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "More actions for a.qcow2" })).toBeFocused();
  await newVolume(page, "b.qcow2", "qcow2");
  await choose(page, "b.qcow2", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
  await expect(row(page, "b.qcow2")).toBeHidden();
  await expect(page.getByRole("region", { name: "Volumes of default-pool" })).toBeFocused();
});

test("中文 is spoken", async ({ page }) => {
  await prefer(page, { language: "zh-Hans" });
  await openTest(page, STORAGE);
  await expect(page.getByRole("tab", { name: "主机检查" })).toBeVisible();
  await expect(page.getByRole("button", { name: "新建卷" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "活跃" })).toBeVisible();
});
