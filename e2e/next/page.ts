/** What every file of tests does with the page over libvirt's calls. */
import { expect, type Page } from "@playwright/test";

/** The one machine that libvirt's mock begins with. */
export const TEST_UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f";

/** Opens a view on the mock. @param path such as `vms/UUID/details` */
export async function openTest(page: Page, path = ""): Promise<void> {
  await page.goto(`/?ui=next&connect=test:///default#/${path}`);
  await expect(page.getByRole("main")).toBeVisible();
}

/** Opens the mock's machine on a tab, and there on a piece of hardware. */
export async function openVm(page: Page, tab: string, item?: string): Promise<void> {
  await openTest(page, `vms/${TEST_UUID}/${tab}${item === undefined ? "" : `/${item}`}`);
}
