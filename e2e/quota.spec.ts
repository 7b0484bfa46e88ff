/** A browser's storage that is full. */
import { type CDPSession, expect, type Page, test as base } from "@playwright/test";
import type { BrowserPage } from "../src/host/node/browser-launch.ts";
import { serveStatic } from "../src/host/node/static-server.ts";
import { doIn } from "./opfs/workers.ts";

const MIB = 2 ** 20;

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

test.describe.configure({ timeout: 240_000 });

/** Sets what this page's origin may store. */
async function setQuota(page: Page, quotaSize: number): Promise<void> {
  const client: CDPSession = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
}

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
