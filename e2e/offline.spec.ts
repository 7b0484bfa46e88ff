import { expect, test } from "@playwright/test";
import { prefer } from "./page.ts";

const NAME = "Debian shell";
const PROMPT = /root@tabvisor:~#/;

test("after the first visit the page and its guest work without a network", async ({
  page,
  context,
}) => {
  test.setTimeout(120_000);
  await prefer(page, { confirmLeave: false });
  const boot = async (): Promise<void> => {
    await page.getByRole("link", { name: NAME, exact: true }).click();
    await page.getByRole("button", { name: /^Run/ }).first().click();
    const screen = page.getByRole("region", { name: /^Console ttyS0/ }).locator(".xterm-rows");
    await expect(screen).toContainText(PROMPT, { timeout: 60_000 });
  };
  await page.goto("/");
  await expect(page.getByRole("link", { name: NAME, exact: true })).toBeVisible();
  // What comes before the service worker is there passes it by.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await boot();

  await context.setOffline(true);
  await page.goto("/");
  await boot();
  await page.getByRole("link", { name: "Connection", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("the page can be installed", async ({ page }) => {
  await page.goto("/");
  const link = page.locator('link[rel="manifest"]');
  const address = new URL((await link.getAttribute("href")) ?? "", page.url());
  const manifest = (await (await page.request.get(address.href)).json()) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: "Tabvisor", display: "standalone", start_url: "./" });
  const icons = manifest["icons"] as readonly { readonly src: string }[];
  for (const { src } of icons) {
    expect((await page.request.get(new URL(src, address).href)).ok()).toBe(true);
  }
});
