/** Debian with systemd from a disk in the page. Needs the built debian guest: without it, nothing is tested. */
import { expect, type Page, test } from "@playwright/test";
import { openDomain, prefer, screen, type } from "./page.ts";

const NAME = "Debian";
const BOOT_MS = 300_000;

test.describe.configure({ timeout: 4 * BOOT_MS, mode: "serial" });

test.beforeEach(async ({ request, page }) => {
  const guests = await request.get("/guests/index.json");
  const names = guests.ok() ? ((await guests.json()) as string[]) : [];
  test.skip(!names.includes("debian"), "the debian guest is not built");
  await prefer(page, { confirmLeave: false });
});

async function create(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(NAME);
  await dialog.getByLabel("Image").selectOption("debian");
  await dialog.getByRole("button", { name: "Create and run" }).click();
}

async function logIn(page: Page): Promise<void> {
  await expect(screen(page)).toContainText(/login: *$/, { timeout: BOOT_MS });
  await type(page, "root\n");
  await expect(screen(page)).toContainText(/root@\S+:~# *$/, { timeout: BOOT_MS });
}

async function command(page: Page, text: string, says: string | RegExp): Promise<void> {
  await type(page, `clear; ${text}\n`);
  await expect(screen(page)).toContainText(says, { timeout: BOOT_MS });
}

async function again(page: Page): Promise<void> {
  await page.goto("/");
  await openDomain(page, NAME);
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await logIn(page);
}

test("boots from qcow2 to a login; files survive a reload; fsck is clean after a kill", async ({
  page,
}) => {
  await create(page);
  await logIn(page);
  await command(page, "systemctl is-system-running; findmnt -no SOURCE /", "/dev/vda");
  await command(page, "echo kept >/root/kept; sync; echo do''ne", "done");
  await again(page);
  await command(page, "cat /root/kept; echo re''ad", "keptread");

  await type(page, "clear; while :; do seq 99999 >/root/busy; done & sleep 3; echo bu''sy\n");
  await expect(screen(page)).toContainText("busy", { timeout: BOOT_MS });
  const machine = page.workers().find((worker) => worker.url().includes("/machine.browser"));
  await machine?.evaluate(() => globalThis.close());
  await expect(page.getByRole("button", { name: "Run again" }).first()).toBeVisible();
  await again(page);
  await command(page, "cat /root/kept; echo re''ad", "keptread");
  // The kernel replayed the journal; now it leaves the disk alone, and e2fsck looks at all of it.
  await command(
    page,
    "sync; echo u >/proc/sysrq-trigger; sleep 3; e2fsck -fn /dev/vda; echo st''atus=$?",
    "status=0",
  );
});
