/** The main job on real input: Debian's kernel boots to a shell in the page. Needs the built guest. */
import { expect, type Page, test } from "@playwright/test";
import { define, IMAGES, machineXml, makeFile } from "./disks.ts";
import {
  BOOT_MS,
  bootFirst,
  expectPrompt,
  FIRST_NAME,
  openMachine,
  power,
  prefer,
  run,
  screen,
  type,
} from "./page.ts";

const PROMPT = /:~# *$/;
const UUID = "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a01";

test.describe.configure({ timeout: 240_000 });

/** The last line of the screen that is not blank. */
async function lastLine(page: Page): Promise<string> {
  const lines = await screen(page).locator("> div").allTextContents();
  return lines.map((line) => line.trimEnd()).findLast((line) => line !== "") ?? "";
}

const isOff = (page: Page) => page.getByRole("heading", { name: `${FIRST_NAME} is shut off` });

test("a start tells what it loads, and leaves the machine off when it is given up", async ({
  page,
}) => {
  await prefer(page);
  // The kernel does not come.
  await page.context().route(/guests\/shell\/kernel$/, () => {});
  await page.goto("/");
  await openMachine(page, FIRST_NAME);
  await run(page);
  const inWindow = page.getByRole("main").getByRole("progressbar");
  await expect(inWindow).toHaveAttribute("aria-valuetext", /^\d+%, .* of \d+(\.\d)? MiB$/);
  await page.getByRole("button", { name: "Tasks, 1 running" }).click();
  const log = page.getByRole("complementary", { name: "Tasks" });
  const bar = log.getByRole("progressbar", { name: `Starting ${FIRST_NAME}` });
  await expect(bar).toHaveAttribute("aria-valuetext", /^\d+%, .* of \d+(\.\d)? MiB$/);
  await log.getByRole("button", { name: `Cancel: Starting ${FIRST_NAME}` }).click();
  await expect(log.getByRole("listitem")).toContainText("Cancelled");
  await log.getByRole("button", { name: "Close the tasks" }).click();
  await expect(isOff(page)).toBeVisible();
  await expect(page.getByText("failed")).toBeHidden();
  await page.context().unroute(/guests\/shell\/kernel$/);
  await run(page);
  await expectPrompt(page);
});

test("Debian boots to a shell, which answers, powers off and runs again", async ({ page }) => {
  await bootFirst(page);
  await type(page, "uname -srm; echo $((6 * 7))\n");
  await expect(screen(page)).toContainText(/Linux 6\.12\.\S+-riscv64 riscv64\s*42/);
  await type(page, "poweroff\n");
  await expect(isOff(page)).toBeVisible({ timeout: BOOT_MS });
  await expect(page.getByText("The guest powered off.").first()).toBeVisible();
  await page.getByRole("button", { name: "Run again" }).click();
  await expectPrompt(page);
});

test("a paused guest stands still, and goes on where it was", async ({ page }) => {
  await bootFirst(page);
  await type(page, "for i in $(seq 1000); do echo tick $i; sleep 0.1; done\n");
  await expect(screen(page)).toContainText("tick 5");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeVisible();
  await page.waitForTimeout(300);
  const before = await lastLine(page);
  await page.waitForTimeout(1000);
  expect(await lastLine(page)).toBe(before);
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect.poll(() => lastLine(page)).not.toBe(before);
});

test("a reset starts the guest anew; asked to shut down, it powers off; a pulled plug is at once", async ({
  page,
}) => {
  await bootFirst(page);
  await type(page, "touch /tmp/mark; ls /tmp\n");
  await expect(screen(page)).toContainText("mark");
  await power(page, "Force reset");
  await page.getByRole("alertdialog").getByRole("button", { name: "Force reset" }).click();
  await expect.poll(() => lastLine(page), { timeout: BOOT_MS }).not.toMatch(PROMPT);
  await expectPrompt(page);
  await type(page, "echo marks: $(ls /tmp | wc -l)\n");
  await expect(screen(page)).toContainText("marks: 0");
  await power(page, "Shut down");
  await expect(isOff(page)).toBeVisible({ timeout: BOOT_MS });
  await run(page);
  await expectPrompt(page);
  await power(page, "Force off");
  await page.getByRole("alertdialog").getByRole("button", { name: "Force off" }).click();
  await expect(page.getByText("Forced off.").first()).toBeVisible({ timeout: 5000 });
});

/** Opens the window of a machine that boots these files. */
async function openWith(page: Page, name: string, boot: string): Promise<void> {
  await define(page, name, machineXml(name, UUID, { boot }));
  await page.reload();
  await openMachine(page, name);
  await run(page);
}

test("what cannot be booted is refused with one sentence, and crashes no other machine", async ({
  page,
}) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  await makeFile(page, `${IMAGES}/bad.zip`, Buffer.from("PK\x03\x04".padEnd(4096, " ")));
  await openWith(page, "bad", `<kernel>${IMAGES}/bad.zip</kernel>`);
  await expect(page.getByRole("heading", { name: "bad could not start" })).toBeVisible();
  await expect(page.getByText(/It could not start: .*bad\.zip.*\./).first()).toBeVisible();

  // nop; jalr x0, 0(x0): nothing is at address 0, and the trap vector is 0 after reset.
  const code = Uint8Array.of(0x13, 0, 0, 0, 0x67, 0, 0, 0);
  await makeFile(page, `${IMAGES}/lost.bin`, Buffer.alloc(4096, code));
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  await define(
    page,
    "bad",
    machineXml("bad", UUID, { boot: `<loader type='rom'>${IMAGES}/lost.bin</loader>` }),
  );
  await page.reload();
  await openMachine(page, "bad");
  await run(page);
  await expect(page.getByRole("heading", { name: "bad crashed" })).toBeVisible();
  await expect(page.getByText(/It crashed: .+trap handler.+\./).first()).toBeVisible();
});

test("an image that is too large and an initrd that ends too early are said in one sentence", async ({
  page,
}) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  // RISC-V Image header: "RSC\x05" at 0x38, image_size at 0x10 (Linux: arch/riscv/boot-image-header).
  const image = Buffer.alloc(4096);
  image.writeUInt32LE(0x05435352, 0x38);
  image.writeBigUInt64LE(2n ** 30n, 0x10);
  await makeFile(page, `${IMAGES}/Huge`, image);
  image.writeBigUInt64LE(4096n, 0x10);
  await makeFile(page, `${IMAGES}/Image`, image);
  await makeFile(page, `${IMAGES}/cut.cpio`, Buffer.from("070701".padEnd(110, "0")));
  await openWith(page, "short", `<kernel>${IMAGES}/Huge</kernel>`);
  await expect(page.getByText(/It could not start: .*Huge.*\.$/).first()).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("link", { name: "short", exact: true })).toBeVisible();
  const files = `<kernel>${IMAGES}/Image</kernel><initrd>${IMAGES}/cut.cpio</initrd>`;
  await openWith(page, "short", files);
  await expect(page.getByText(/It could not start: .*cut\.cpio.*\.$/).first()).toBeVisible();
});

test("the stock command line boots too", async ({ page }) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  const folder = "/usr/share/tabvisor/guests/shell";
  const boot = `<loader type='rom'>${folder}/firmware.bin</loader><kernel>${folder}/kernel</kernel>
<initrd>${folder}/initrd-signed.cpio</initrd><cmdline>console=ttyS0</cmdline>`;
  await openWith(page, "stock", boot);
  await expect(screen(page)).toContainText(PROMPT, { timeout: 180_000 });
});

test("closing the page asks while a machine runs", async ({ page }) => {
  await prefer(page);
  await page.goto("/");
  await openMachine(page, FIRST_NAME);
  await run(page);
  await expectPrompt(page);
  // Browsers ask only after the user did something in the page.
  await type(page, "\n");
  const asked = page.waitForEvent("dialog");
  void page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.accept();
});

test("a machine that is marked for it starts when the page opens", async ({ page }) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  await makeFile(page, `/etc/libvirt/qemu/autostart/${FIRST_NAME}.xml`, 0);
  await page.reload();
  await openMachine(page, FIRST_NAME);
  await expectPrompt(page);
});
