import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { prefer } from "./page.ts";

const NAME = "Debian shell";
const PROMPT = /root@tabvisor:~#/;

const screen = (page: Page, device = "ttyS0") =>
  page.getByRole("region", { name: `Console ${device} of ${NAME}` }).locator(".xterm-rows");

/** Opens the first machine's console with the guest at its prompt. */
async function boot(page: Page): Promise<void> {
  test.setTimeout(90_000);
  await prefer(page);
  await page.goto("/");
  await page.getByRole("link", { name: NAME, exact: true }).click();
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
  await expect(screen(page)).toContainText(PROMPT, { timeout: 60_000 });
}

test("a guest's consoles, keys and files, and how its run ended", async ({ page }) => {
  await boot(page);
  await page.getByRole("region", { name: /^Console ttyS0/ }).click();
  await page.keyboard.type("cat\n");
  const keys = page.getByRole("button", { name: "Send key" });
  await keys.click();
  await page.getByRole("menuitem", { name: /Ctrl\+C/ }).click();
  await expect(screen(page)).toContainText("^C");

  const file = {
    name: "a.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("echo fi$((1+1))le\n"),
  };
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("fi2le");

  await page.getByRole("button", { name: "hvc0" }).click();
  await expect(screen(page, "hvc0")).toContainText(PROMPT);
  await page.getByRole("region", { name: /^Console hvc0/ }).click();
  await page.keyboard.type("stty size\n");
  await expect(screen(page, "hvc0")).toContainText(/\n?\d+ \d+/);

  await page.getByRole("link", { name: "Performance" }).click();
  await expect(page.getByRole("heading", { name: "CPU usage" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Execution" })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole("link", { name: "Console", exact: true }).click();
  await page.getByRole("button", { name: "ttyS0" }).click();
  await page.getByRole("region", { name: /^Console ttyS0/ }).click();
  await page.keyboard.type("poweroff -f\n");
  await expect(page.getByText("The guest powered off.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Download log" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("a narrow screen has keys that touch keyboards lack", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await boot(page);
  const bar = page.getByRole("toolbar", { name: "Keys" });
  await page.getByRole("region", { name: /^Console ttyS0/ }).click();
  await page.keyboard.type("sleep 100\n");
  await bar.getByRole("button", { name: "Ctrl", exact: true }).click();
  await page.keyboard.type("c");
  await expect(screen(page)).toContainText("^C");
  await bar.getByRole("button", { name: "Up" }).click();
  await expect(screen(page)).toContainText(/sleep 100[\s\S]*sleep 100/);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
