/** A browser's storage that is full: files, and the disks of a machine. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CDPSession, expect, type Page, test as base } from "@playwright/test";
import type { BrowserPage } from "../src/host/node/browser-launch.ts";
import { nodeFiles } from "../src/host/node/image-files.ts";
import { serveStatic } from "../src/host/node/static-server.ts";
import { createImage } from "../src/storage/graph/creator.ts";
import { define, IMAGES, makeFile, shellWith } from "./disks.ts";
import { doIn } from "./opfs/workers.ts";
import { openDomain, prefer, screen, type } from "./page.ts";

const MIB = 2 ** 20;
const BOOT_MS = 120_000;

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

test("a full quota is no space left, and room that is made can be used", async ({ page }) => {
  const html = new TextEncoder().encode("<!doctype html>");
  const server = await serveStatic("dist", new Map([["quota.html", html]]));
  try {
    await page.goto(`${server.origin}quota.html`);
    await setQuota(page, 16 * MIB);
    const here = page as unknown as BrowserPage;
    const { errno, writtenBytes, reads } = await doIn(here, "one", "fill", "big");
    expect(errno).toBe("ENOSPC");
    // Chromium reserves more and more ahead of a file that grows.
    expect(writtenBytes).toBeGreaterThanOrEqual(4 * MIB);
    expect(writtenBytes).toBeLessThanOrEqual(16 * MIB);
    expect(reads).toBe(true);
    expect(await doIn(here, "one", "goOn", "big")).toBe("ok");
  } finally {
    server.close();
  }
});

/** An empty qcow2 image of 1 GiB. */
async function emptyImage(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "tabvisor-quota-"));
  try {
    const filename = join(folder, "x.qcow2");
    const request = { filename, format: "qcow2", sizeBytes: 2 ** 30, options: new Map() };
    await createImage(nodeFiles, { ...request, nowMs: 0, report: () => {} });
    return await readFile(filename);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a machine whose disk finds no room pauses, and goes on when there is some", async ({
  page,
}) => {
  const name = "Full";
  const source = `${IMAGES}/full.qcow2`;
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await makeFile(page, source, await emptyImage());
  const disk = { target: "vda", device: "disk", bus: "virtio", source, format: "qcow2" } as const;
  await define(page, shellWith(name, [disk]));
  await page.goto("/");
  await openDomain(page, name);
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await expect(screen(page)).toContainText(/:~# *$/, { timeout: BOOT_MS });
  await type(page, "dd if=/dev/urandom of=/r bs=1M count=16\n");
  await expect(screen(page)).toContainText("16+0 records out", { timeout: BOOT_MS });
  await setQuota(page, (await usage(page)) + 4 * MIB);
  await type(page, "clear; dd if=/r of=/dev/vda bs=1M conv=fsync\n");
  await expect(page.getByText("Paused (I/O error)").first()).toBeVisible({ timeout: BOOT_MS });
  await setQuota(page);
  await page.getByRole("button", { name: "Resume", exact: true }).first().click();
  await expect(screen(page)).toContainText("16+0 records out", { timeout: BOOT_MS });
  await type(page, "clear; head -c 16777216 /dev/vda | cmp - /r && echo sa''me\n");
  await expect(screen(page)).toContainText("same", { timeout: BOOT_MS });
});
