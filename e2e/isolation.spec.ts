import { expect, test } from "@playwright/test";
import { serveFolder, type StaticServer } from "./static-server.ts";

let host: StaticServer;

test.beforeAll(async () => {
  host = await serveFolder("dist/page");
});

test.afterAll(() => host.close());

test("on a host without headers, a service worker isolates the page", async ({ page }) => {
  await page.goto(host.address);
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.getByText("This page cannot run machines yet")).toBeHidden();
});

test("without service workers, the page says what is missing and how to fix it", async ({
  browser,
}) => {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  await page.goto(host.address);
  await expect(page.getByText("This page cannot run machines yet")).toBeVisible();
  await expect(page.getByText("The page is not cross-origin isolated")).toBeVisible();
  await expect(page.getByText("Cross-Origin-Opener-Policy: same-origin")).toBeVisible();
  await context.close();
});

test("the server of this project isolates the page by itself", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Virtual machines" })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
