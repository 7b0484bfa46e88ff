/** What every file of tests does with the page over libvirt's calls. */
import { expect, type Locator, type Page } from "@playwright/test";
import { prefer } from "../page.ts";

/** The one machine that libvirt's mock begins with. */
export const TEST_UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f";
const TEST_URI = "test:///default";

/** Opens a view on libvirt's mock, which is made anew with each page. @param path such as `vms/UUID/details` */
export async function openTest(page: Page, path = ""): Promise<void> {
  await prefer(page);
  await page.goto(`/?ui=next&connect=${TEST_URI}#/${path}`);
  await expect(page.getByRole("main")).toBeVisible();
}

/** Opens the mock's machine on a tab, and there on a piece of hardware. */
export async function openVm(page: Page, tab: string, item?: string): Promise<void> {
  await openTest(page, `vms/${TEST_UUID}/${tab}${item === undefined ? "" : `/${item}`}`);
}

/** Opens a view of the page on the browser's own machines and storage. */
export async function openOwn(page: Page, path = ""): Promise<void> {
  await prefer(page);
  await page.goto(`/?ui=next#/${path}`);
  await expect(page.getByRole("main")).toBeVisible();
}

/** An object's or volume's row in a table. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("row", { name, exact: true });
}

/** Chooses an item of the menu of an object's further actions. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}
