/** Debian with systemd from a disk in the page. Needs the built debian guest: without it, nothing is tested. */
import { expect, type Page, test } from "@playwright/test";
import { openMachine, prefer, run, screen, type } from "./page.ts";
import { appears } from "./standstill.ts";

const NAME = "debian";
/** Up to four boots. A guest that stands still fails much earlier. */
const MOST_MS = 2_400_000;
/** For the page itself to follow. */
const PAGE_MS = 60_000;

test.describe.configure({ timeout: MOST_MS });

test.beforeEach(async ({ request, page }) => {
  test.skip(
    process.env["TABVISOR_LONG"] === undefined,
    "boots Debian five times: TABVISOR_LONG=1 asks for it",
  );
  const guests = await request.get("/guests/index.json");
  const names = guests.ok() ? ((await guests.json()) as string[]) : [];
  test.skip(!names.includes("debian"), "the debian guest is not built");
  await prefer(page, { confirmLeave: false });
});

async function create(page: Page): Promise<void> {
  await page.goto("/#/new");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Debian 13", exact: true }).check();
  await dialog.getByRole("button", { name: "Finish now" }).click();
}

async function logIn(page: Page): Promise<void> {
  await appears(page, /login: *$/m);
  await type(page, "root\n");
  await appears(page, /root@\S+:~# *$/m);
}

async function command(page: Page, text: string, says: RegExp): Promise<void> {
  await type(page, `clear; ${text}\n`);
  await appears(page, says);
}

/** Loads the page anew, with no good-bye to the machine, and boots. */
async function again(page: Page): Promise<void> {
  await page.goto("/");
  await openMachine(page, NAME);
  await run(page);
  await logIn(page);
}

/** Ends the machine's worker, as a browser does that wants its memory. */
async function killMachine(page: Page): Promise<void> {
  const machine = page.workers().find((worker) => worker.url().includes("/machine.browser"));
  expect(machine, "the machine has a worker").toBeDefined();
  await machine?.evaluate(() => globalThis.close());
  const restart = page.getByRole("button", { name: "Restart" }).first();
  await expect(restart).toBeVisible({ timeout: PAGE_MS });
}

test("boots from qcow2 to a login; files survive a reload; fsck is clean after a kill", async ({
  page,
}) => {
  await test.step("first boot", async () => {
    await create(page);
    await logIn(page);
    await command(page, "findmnt -no SOURCE /; echo do''ne", /^\/dev\/vda\s+done/m);
    await command(page, "systemctl is-system-running --wait", /^running/m);
    await command(page, "echo kept >~/kept; sync; echo wr''itten", /written/);
  });
  await test.step("reload", async () => {
    await again(page);
    await command(page, "cat ~/kept; echo re''ad", /kept\s+read/);
  });
  await test.step("kill while it writes", async () => {
    const write = "while :; do seq 99999 >~/busy; done & sleep 3; echo bu''sy";
    await command(page, write, /busy\s/);
    await killMachine(page);
  });
  await test.step("file system afterwards", async () => {
    await again(page);
    await command(page, "cat ~/kept; echo re''ad", /kept\s+read/);
    // The kernel replayed the journal; now it leaves the disk alone, and e2fsck looks at all of it.
    const readOnly = "findmnt -no OPTIONS / | grep -q '^ro'";
    const freeze = `echo u >/proc/sysrq-trigger; until ${readOnly}; do sleep 1; done`;
    await command(page, `sync; ${freeze}; e2fsck -fn /dev/vda; echo st''atus=$?`, /status=\d+/);
    await expect(screen(page)).toContainText("status=0");
  });
});

test("gives memory up, and takes it back, while it runs", async ({ page }) => {
  const set = async (mib: number): Promise<void> => {
    await page.getByRole("link", { name: "Details", exact: true }).click();
    await page
      .getByRole("navigation", { name: "Hardware" })
      .getByRole("link", { name: "Memory", exact: true })
      .click();
    // Typing the first sets both as long as they are the same.
    await page.getByRole("spinbutton", { name: "Current allocation" }).fill(String(mib));
    await page.getByRole("spinbutton", { name: "Maximum allocation" }).fill("512");
    const apply = page.getByRole("button", { name: "Apply", exact: true });
    await apply.click();
    await expect(apply).toBeDisabled();
    await page.getByRole("link", { name: "Console", exact: true }).click();
  };
  const has = (comparison: string): Promise<void> => {
    const total = "$(sed -n 's/MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)";
    const wait = `until [ ${total} ${comparison} ]; do sleep 1; done`;
    return command(page, `${wait}; echo no''w`, /now/);
  };
  await create(page);
  await logIn(page);
  await set(384);
  await has("-lt 400000");
  await set(512);
  await has("-gt 400000");
});
