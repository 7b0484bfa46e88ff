/** A browser's storage that is full, over libvirt's calls: volumes, and the disks of a machine. */
import { type CDPSession, expect, type Page, test as base } from "@playwright/test";
import { openOwn, row } from "./page.ts";

const MIB = 2 ** 20;
const BOOT_MS = 120_000;
const NAME = "Debian shell";

/** A profile on the disk: quotas of private windows are another matter. */
const test = base.extend({
  context: async ({ playwright, launchOptions, baseURL, viewport, locale }, use, info) => {
    const options = { ...launchOptions, baseURL: baseURL ?? "", viewport, locale: locale ?? "en" };
    const profile = info.outputPath("profile");
    const context = await playwright.chromium.launchPersistentContext(profile, options);
    await use(context);
    await context.close();
  },
});

test.describe.configure({ timeout: 600_000 });

/** Sets what this page's origin may store; nothing gives it back to the browser. */
async function setQuota(page: Page, quotaSize?: number): Promise<void> {
  const client: CDPSession = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await client.send("Storage.overrideQuotaForOrigin", {
    origin,
    ...(quotaSize !== undefined && { quotaSize }),
  });
}

const usage = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

async function newVolume(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New volume" }).click();
  const dialog = page.getByRole("dialog", { name: "New volume" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("textbox", { name: "Size" }).fill("1");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(row(page, name)).toContainText("1 GiB");
}

test("an upload that finds no room says so, and leaves nothing", async ({ page }) => {
  await openOwn(page, "connection/storage");
  await newVolume(page, "first.qcow2");
  await setQuota(page, (await usage(page)) + 8 * MIB);
  await page.locator("input[type=file]").setInputFiles({
    name: "large.img",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(24 * MIB, "large"),
  });
  await expect(page.getByText("Uploading large.img failed")).toBeVisible();
  await expect(page.getByText("No space left on device")).toBeVisible();
  await expect(row(page, "large.img")).toBeHidden();
  await setQuota(page);
  const buffer = Buffer.alloc(MIB, "small");
  const file = { name: "small.img", mimeType: "application/octet-stream", buffer };
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(row(page, "small.img")).toContainText("1 MiB");
});

/** What the first machine's terminal shows. */
const screen = (page: Page) =>
  page.getByRole("region", { name: `Console ttyS0 of ${NAME}` }).locator(".xterm-rows");

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole("region", { name: /^Console ttyS0/ }).click();
  await page.keyboard.type(text);
}

test("a machine whose disk finds no room pauses, and goes on when there is some", async ({
  page,
}) => {
  await openOwn(page, "connection/storage");
  await newVolume(page, "full.qcow2");
  await page.getByRole("button", { name: "Terminal" }).click();
  const terminal = page.getByRole("region", { name: "Terminal", exact: true });
  await expect(terminal.locator(".xterm-rows")).toContainText("tabvisor:~#");
  const path = "/var/lib/libvirt/images/full.qcow2";
  await page.keyboard.type(`virsh attach-disk '${NAME}' ${path} vda --subdriver qcow2 --config\n`);
  await expect(terminal.locator(".xterm-rows")).toContainText("Disk attached successfully");
  await page.reload();
  await expect(row(page, "full.qcow2")).toContainText(NAME);
  await openOwn(page);
  await page.getByRole("link", { name: NAME, exact: true }).click();
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await expect(screen(page)).toContainText(/:~# *$/, { timeout: BOOT_MS });
  await type(page, "dd if=/dev/urandom of=/r bs=1M count=16\n");
  await expect(screen(page)).toContainText("16+0 records out", { timeout: BOOT_MS });
  await setQuota(page, (await usage(page)) + 4 * MIB);
  await type(page, "clear; dd if=/r of=/dev/vda bs=1M conv=fsync\n");
  await expect(page.getByText(/I\/O error/).first()).toBeVisible({ timeout: BOOT_MS });
  await setQuota(page);
  await page.getByRole("button", { name: "Resume", exact: true }).first().click();
  await expect(screen(page)).toContainText("16+0 records out", { timeout: BOOT_MS });
  await type(page, "clear; head -c 16777216 /dev/vda | cmp - /r && echo sa''me\n");
  await expect(screen(page)).toContainText("same", { timeout: BOOT_MS });
});
