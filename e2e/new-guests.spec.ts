/** The wizard over qemu:///system: machines that run. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { prefer } from "./page.ts";

const PROMPT = /root@tabvisor:~#/;
const BOOT_MS = 120_000;
const LONG_MS = 600_000;

/** Opens the wizard from the list, as a visitor does. */
async function newVm(page: Page): Promise<Locator> {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await page
    .getByRole("link", { name: /^(?:Create|New) VM$/ })
    .or(page.getByRole("button", { name: /^(?:Create|New) VM$/ }))
    .click();
  return page.getByRole("dialog", { name: "Create a new virtual machine" });
}

const screen = (page: Page) =>
  page.getByRole("region", { name: /^Console ttyS0/ }).locator(".xterm-rows");

async function served(page: Page, path: string): Promise<Buffer> {
  const answer = await page.request.get(`/guests/${path}`);
  expect(answer.ok(), `${path} is served`).toBe(true);
  return answer.body();
}

function image(name: string, buffer: Buffer) {
  return { name, mimeType: "application/octet-stream", buffer };
}

test("from New VM to a shell prompt in three clicks", async ({ page }) => {
  test.setTimeout(180_000);
  const dialog = await newVm(page);
  await dialog.getByRole("button", { name: "Finish now" }).click();
  await expect(screen(page)).toContainText(PROMPT, { timeout: BOOT_MS });
  await expect(page.getByRole("heading", { name: "debian-shell" })).toBeVisible();
});

test("a kernel of one's own is uploaded, kept, and boots with one's own words", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const dialog = await newVm(page);
  await dialog.getByRole("radio", { name: "Kernel", exact: true }).check();
  const [kernel, initrd] = [
    dialog.locator("#new-vm-kernel-file"),
    dialog.locator("#new-vm-initrd-file"),
  ];
  await kernel.setInputFiles(image("Image", await served(page, "shell/kernel")));
  await initrd.setInputFiles(image("initrd.cpio", await served(page, "shell/initrd.cpio")));
  await expect(dialog).toContainText("Linux kernel");
  await expect(dialog).toContainText("Initial RAM disk");
  await dialog
    .getByRole("textbox", { name: "Kernel command line" })
    .fill("console=ttyS0 quiet cryptomgr.notests wizard=yes");
  await dialog.getByRole("button", { name: "Finish now" }).click();
  await expect(screen(page)).toContainText(PROMPT, { timeout: BOOT_MS });
  await page.getByRole("region", { name: /^Console ttyS0/ }).click();
  await page.keyboard.type("cat /proc/cmdline\n");
  await expect(screen(page)).toContainText(/notests wizard=yes/);

  const again = await newVm(page);
  await again.getByRole("radio", { name: "Kernel", exact: true }).check();
  await again.getByRole("button", { name: "Browse: Kernel" }).click();
  const browser = page.getByRole("dialog", { name: "Choose a kernel" });
  await browser.getByText("boot-scratch").click();
  await expect(browser.getByRole("radio", { name: "Image" })).toBeVisible();
});

test("a copy that is given up leaves nothing behind", async ({ page }) => {
  const dialog = await newVm(page);
  const headers = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
    "Content-Range": "bytes 0-3/5242880",
  };
  await page.route("https://images.example/disk.qcow2", (route) => {
    const isLook = route.request().headers()["range"] !== undefined;
    const body = Buffer.from([...Buffer.from("QFI"), 0xfb]);
    // The whole of it never comes.
    return isLook ? route.fulfill({ status: 206, headers, body }) : undefined;
  });
  await dialog.getByRole("radio", { name: "Web address" }).check();
  const url = dialog.getByRole("textbox", { name: "Address" });
  await url.fill("https://images.example/disk.qcow2");
  await expect(url).toHaveAccessibleDescription(/qcow2 disk image, 5 MiB/);
  await dialog.getByRole("radio", { name: "Copy all of it first" }).check();
  await dialog.getByRole("button", { name: "Finish now" }).click();
  await expect(dialog).toContainText("Creating virtual machine “disk”");
  await expect(dialog.getByRole("button", { name: "Continue in the background" })).toBeFocused();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByRole("button", { name: "Finish now" })).toBeVisible();
  await dialog.getByRole("radio", { name: "Existing disk" }).check();
  await dialog.getByRole("button", { name: "Browse: Disk" }).click();
  await expect(page.getByRole("heading", { name: /no volumes/i })).toBeVisible();
});

test.describe("with much time", () => {
  test.describe.configure({ timeout: LONG_MS });

  test.beforeEach(() => {
    test.skip(
      process.env["TABVISOR_LONG"] === undefined,
      "boots Debian and firmware: TABVISOR_LONG=1 asks for it",
    );
  });

  test("from New VM to Debian's login prompt", async ({ page }) => {
    const dialog = await newVm(page);
    await dialog.getByRole("radio", { name: "Debian 13", exact: true }).check();
    await dialog.getByRole("button", { name: "Finish now" }).click();
    await expect(screen(page)).toContainText(/login: *$/m, { timeout: LONG_MS });
  });

  test("a disk image of one's own is booted by EFI firmware", async ({ page }) => {
    const dialog = await newVm(page);
    await dialog.getByRole("radio", { name: "Local file" }).check();
    const empty = image("empty.img", Buffer.alloc(2 ** 20));
    await dialog.locator('input[type="file"]').first().setInputFiles(empty);
    await dialog.getByRole("button", { name: "Finish now" }).click();
    // There is nothing on it.
    await expect(screen(page)).toContainText("any other key to continue", { timeout: LONG_MS });
  });
});
