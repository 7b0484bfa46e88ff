/** UEFI firmware in the page. Needs it built: without it, nothing is tested. */
import { expect, type Page, test } from "@playwright/test";
import { define, machineXml } from "./disks.ts";
import { FIRST_NAME, openMachine, prefer, screen, type } from "./page.ts";

const NAME = "Firmware";
const BOOT_MS = 150_000;
const VARIABLE = "Tab -guid 11111111-2222-3333-4444-555555555555";

test.describe.configure({ timeout: 500_000 });

test.beforeEach(async ({ request }) => {
  test.skip(
    process.env["TABVISOR_LONG"] === undefined,
    "boots firmware three times: TABVISOR_LONG=1 asks for it",
  );
  const manifest = await request.get("/guests/efi/manifest.json");
  test.skip(!manifest.ok(), "the firmware is not built");
});

/** Runs the machine to the firmware's shell, which it has nothing else to boot. */
async function run(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).first().click();
  await expect(screen(page)).toContainText("any other key to continue", { timeout: BOOT_MS });
  await type(page, "q");
  await expect(screen(page)).toContainText(/Shell> *$/, { timeout: BOOT_MS });
}

test("a machine's EFI variables outlast it", async ({ page }) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  const code = "/usr/share/tabvisor/guests/efi/code.fd";
  const vars = "/usr/share/tabvisor/guests/efi/vars.fd";
  const boot = `<loader readonly='yes' type='pflash'>${code}</loader>
<nvram template='${vars}'>/var/lib/libvirt/qemu/nvram/${NAME}_VARS.fd</nvram>`;
  await define(page, NAME, machineXml(NAME, "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a03", { boot }));
  await page.goto("/");
  await openMachine(page, NAME);
  await run(page, "Run");
  await type(page, `setvar ${VARIABLE} -bs -rt -nv =0xbeef\n`);
  await type(page, "reset -s\n");
  await expect(page.getByRole("button", { name: "Run again" }).first()).toBeVisible({
    timeout: BOOT_MS,
  });
  await run(page, "Run again");
  await type(page, `setvar ${VARIABLE}\n`);
  await expect(screen(page)).toContainText(/0002 Bytes\s*EF BE/, { timeout: BOOT_MS });
});
