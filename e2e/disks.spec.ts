/** Machines with disks in the page. Needs the built shell guest. */
import { expect, type Page, test } from "@playwright/test";
import { define, IMAGES, machineXml, makeFile } from "./disks.ts";
import {
  BOOT_MS,
  expectPrompt,
  FIRST_NAME,
  openMachine,
  prefer,
  run as press,
  screen,
  type,
} from "./page.ts";

const NAME = "With a disk";
const DISK_BYTES = 32 * 2 ** 20;
const DISK = `${IMAGES}/test.raw`;

const UUID = "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a01";
const disk = { source: DISK, format: "raw" } as const;

test.describe.configure({ timeout: 600_000 });

async function run(page: Page): Promise<void> {
  await press(page);
  await expectPrompt(page);
}

/** Runs a command that ends with a line of its own, and waits for that. */
async function command(page: Page, text: string, says: string): Promise<void> {
  await type(page, `clear; ${text}\n`);
  await expect(screen(page)).toContainText(says, { timeout: BOOT_MS });
}

async function open(page: Page): Promise<void> {
  await page.goto("/");
  await openMachine(page, NAME);
}

async function prepare(page: Page): Promise<void> {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  await makeFile(page, DISK, DISK_BYTES);
  await define(page, NAME, machineXml(NAME, UUID, { disk }));
  await open(page);
}

/** Ends the machine's worker without a word. */
async function killMachine(page: Page): Promise<void> {
  const machine = page.workers().find((worker) => worker.url().includes("/machine.browser"));
  await machine?.evaluate(() => globalThis.close());
}

test("what a guest writes to a disk is there after a reload", async ({ page }) => {
  await prepare(page);
  await run(page);
  await command(page, "echo kept-words | dd of=/dev/vda conv=fsync; echo do''ne", "done");
  await open(page);
  await run(page);
  await command(page, "head -c 10 /dev/vda; echo; echo re''ad", "kept-wordsread");
});

const FLUSHED = "a=$(seq 50000 | md5sum); b=$(head -c 288894 /dev/vda | md5sum)";

/** Flushes a text, then writes and writes. */
async function writeOn(page: Page): Promise<void> {
  await prepare(page);
  await run(page);
  await command(
    page,
    "seq 50000 | dd of=/dev/vda conv=fsync; " +
      "(while :; do seq 50000 | dd of=/dev/vda seek=9999 conv=fsync; done) 2>/dev/null & " +
      "sleep 1; echo wri''tten",
    "written",
  );
}

test("flushed data survives the sudden end of the machine's worker", async ({ page }) => {
  await writeOn(page);
  await killMachine(page);
  await page.getByRole("button", { name: "Restart" }).first().click();
  await expect(screen(page)).not.toContainText("written");
  await expectPrompt(page);
  await command(page, `${FLUSHED}; [ "$a" = "$b" ] && echo sa''me`, "same");
});

test("flushed data survives a tab that is closed", async ({ page, context }) => {
  await writeOn(page);
  await page.close();
  const next = await context.newPage();
  await prefer(next, { confirmLeave: false });
  await open(next);
  await run(next);
  await command(next, `${FLUSHED}; [ "$a" = "$b" ] && echo sa''me`, "same");
});

test("an image in use is refused to another machine, in QEMU's words", async ({ page }) => {
  await prepare(page);
  const other = machineXml("Other", "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a02", { disk });
  await define(page, "Other", other);
  await open(page);
  await run(page);
  await page.goto("#/");
  await openMachine(page, "Other");
  await press(page);
  await expect(page.getByText(`Is another process using the image [${DISK}]?`).first()).toBeVisible(
    { timeout: BOOT_MS },
  );
});
