/** The main job on real input: Debian's kernel boots to a shell in the page. Needs the built guest. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { openDomain, power, prefer, row, screen, type } from "./page.ts";

const NAME = "Debian shell";
const PROMPT = /:\/?~?# *$/;
/** From the click on Run to the prompt, on a busy machine. */
const BOOT_MS = 60_000;
const STOCK_BOOT_MS = 180_000;

test.describe.configure({ timeout: 120_000 });

/** Guests run on: leaving the page must not ask in every test. */
async function openManager(page: Page): Promise<void> {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
}

/** The last line of the screen that is not blank. */
async function lastLine(page: Page): Promise<string> {
  const lines = await screen(page).locator("> div").allTextContents();
  return lines.map((line) => line.trimEnd()).findLast((line) => line !== "") ?? "";
}

async function expectPrompt(page: Page, timeout = BOOT_MS): Promise<void> {
  await expect.poll(() => lastLine(page), { timeout }).toMatch(PROMPT);
}

async function boot(page: Page): Promise<void> {
  await openManager(page);
  await row(page, NAME).getByRole("button", { name: "Run" }).click();
  await expectPrompt(page);
}

/** The dialog for a new machine from own files. */
async function ownFiles(page: Page, name: string): Promise<Locator> {
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Own files" }).click();
  return dialog;
}

async function pick(dialog: Locator, role: string, name: string, buffer: Buffer): Promise<void> {
  const mimeType = "application/octet-stream";
  await dialog.getByLabel(role, { exact: true }).setInputFiles({ name, mimeType, buffer });
}

test("one click boots Debian to a shell, which answers and powers off", async ({ page }) => {
  await boot(page);
  await type(page, "uname -srm; echo $((6 * 7))\n");
  await expect(screen(page)).toContainText(/Linux 6\.12\.\S+-riscv64 riscv64\s*42/);
  await page.getByRole("tab", { name: "Performance" }).click();
  const translated = page
    .getByRole("table", { name: "Execution" })
    .getByRole("row", { name: /^Translated/ });
  await expect(translated).toContainText(/\d(M|B)$/);
  await page.getByRole("tab", { name: "Console" }).click();
  await type(page, "poweroff\n");
  await expect(page.getByRole("heading", { name: `${NAME} is shut off` })).toBeVisible({
    timeout: BOOT_MS,
  });
  await expect(page.getByText("The guest powered off.").first()).toBeVisible();
});

test("a paused guest stands still, and goes on where it was", async ({ page }) => {
  await boot(page);
  await type(page, "for i in $(seq 1000); do echo tick $i; sleep 0.1; done\n");
  await expect(screen(page)).toContainText("tick 5");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.locator("header output")).toContainText("Paused");
  await page.waitForTimeout(300);
  const before = await lastLine(page);
  await page.waitForTimeout(1000);
  expect(await lastLine(page)).toBe(before);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => lastLine(page)).not.toBe(before);
});

test("reset starts the guest anew", async ({ page }) => {
  await boot(page);
  await type(page, "touch /tmp/mark; ls /tmp\n");
  await expect(screen(page)).toContainText("mark");
  await power(page, "Reset");
  await page.getByRole("alertdialog").getByRole("button", { name: "Reset" }).click();
  await expect.poll(() => lastLine(page), { timeout: BOOT_MS }).not.toMatch(PROMPT);
  await expectPrompt(page);
  await type(page, "echo marks: $(ls /tmp | wc -l)\n");
  await expect(screen(page)).toContainText("marks: 0");
});

test("the guest powers off when it is asked to shut down", async ({ page }) => {
  await boot(page);
  await power(page, "Shut down");
  await expect(page.getByRole("heading", { name: `${NAME} is shut off` })).toBeVisible({
    timeout: BOOT_MS,
  });
});

test("forcing off pulls the plug at once, and the machine runs again", async ({ page }) => {
  await boot(page);
  await power(page, "Force off");
  await page.getByRole("alertdialog").getByRole("button", { name: "Force off" }).click();
  await expect(page.getByText("Forced off.").first()).toBeVisible({ timeout: 5000 });
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectPrompt(page);
});

test("the virtio console knows the terminal's size by itself", async ({ page }) => {
  await boot(page);
  await page.getByRole("button", { name: "hvc0" }).click();
  await page.getByRole("region", { name: /^Serial console/ }).click();
  await expect
    .poll(
      async () => {
        await page.keyboard.press("Enter");
        return lastLine(page);
      },
      { timeout: BOOT_MS },
    )
    .toMatch(/# *$/);
  const size = /(\d+) × (\d+)/.exec((await page.locator("footer").textContent()) ?? "");
  await page.keyboard.type("stty size\n");
  await expect(screen(page)).toContainText(`${size?.[2]} ${size?.[1]}`);
});

test("the stock command line boots too", async ({ page }) => {
  test.setTimeout(STOCK_BOOT_MS + 30_000);
  await openManager(page);
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("stock");
  await dialog.getByRole("radio", { name: "Stock" }).check();
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expectPrompt(page, STOCK_BOOT_MS);
});

test("a kernel that is none is refused with one sentence that names it", async ({ page }) => {
  await openManager(page);
  const dialog = await ownFiles(page, "bad");
  await pick(dialog, "Kernel", "bad.zip", Buffer.from("PK\x03\x04".padEnd(4096, " ")));
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expect(page.getByRole("heading", { name: "bad could not start" })).toBeVisible();
  await expect(page.getByText(/It could not start: .*bad\.zip.*\./).first()).toBeVisible();
});

test("firmware that jumps to nowhere crashes its machine, with the reason, and nothing else", async ({
  page,
}) => {
  await openManager(page);
  const dialog = await ownFiles(page, "lost");
  // nop; jalr x0, 0(x0): nothing is at address 0, and the trap vector is 0 after reset.
  const code = Uint8Array.of(0x13, 0, 0, 0, 0x67, 0, 0, 0);
  await pick(dialog, "Firmware", "lost.bin", Buffer.alloc(4096, code));
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expect(page.getByRole("heading", { name: "lost crashed" })).toBeVisible();
  await expect(page.getByText(/^It crashed: .+\.$/).first()).toBeVisible();
  await power(page, "Force off");
  await page.getByRole("alertdialog").getByRole("button", { name: "Force off" }).click();
  await expect(page.locator("header output")).toContainText("Shut off");
});

test("an initrd that ends too early and too little memory are said in one sentence", async ({
  page,
}) => {
  await openManager(page);
  const dialog = await ownFiles(page, "short");
  // RISC-V Image header: "RSC\x05" at 0x38, image_size at 0x10 (Linux: arch/riscv/boot-image-header).
  const image = Buffer.alloc(4096);
  image.writeUInt32LE(0x05435352, 0x38);
  image.writeBigUInt64LE(2n ** 30n, 0x10);
  await pick(dialog, "Kernel", "Huge", image);
  await dialog.getByRole("button", { name: "Create and run" }).click();
  await expect(page.getByText(/It could not start: .*Huge.*\.$/).first()).toBeVisible();
  await page.getByRole("button", { name: "More actions for short" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog");
  image.writeBigUInt64LE(4096n, 0x10);
  await pick(edit, "Kernel", "Image", image);
  await pick(edit, "Initial RAM disk", "cut.cpio", Buffer.from("070701".padEnd(110, "0")));
  await edit.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText(/It could not start: .*cut\.cpio.*\.$/).first()).toBeVisible();
});

test("definitions and files outlive the page", async ({ page }) => {
  await openManager(page);
  const dialog = await ownFiles(page, "kept");
  await pick(dialog, "Kernel", "Image", Buffer.from("12345"));
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(row(page, "kept")).toBeVisible();
  await page.reload();
  await openDomain(page, "kept");
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText("Image (5 B)")).toBeVisible();
});

test("closing the page asks while a machine runs", async ({ page }) => {
  await prefer(page);
  await page.goto("/");
  await row(page, NAME).getByRole("button", { name: "Run" }).click();
  await expectPrompt(page);
  // Browsers ask only after the user did something in the page.
  await type(page, "\n");
  const asked = page.waitForEvent("dialog");
  void page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.accept();
});

test("another tab sees new machines, and leaves alone what runs here", async ({
  page,
  context,
}) => {
  await boot(page);
  const other = await context.newPage();
  await openManager(other);
  await row(other, NAME).getByRole("button", { name: "Run" }).click();
  await expect(other.getByText(`domain '${NAME}' runs in another tab.`)).toBeVisible();
  await other.goto("/");
  const dialog = await ownFiles(other, "from the other tab");
  await pick(dialog, "Kernel", "Image", Buffer.from("12345"));
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Virtual machines", exact: true }).click();
  await expect(row(page, "from the other tab")).toBeVisible();
});
