import { expect, type Page, test } from "@playwright/test";
import { openDomain, openTest, screen, TEST_NAME, type } from "./page.ts";

async function openConsole(page: Page): Promise<void> {
  await openTest(page);
  await openDomain(page, TEST_NAME);
  await expect(screen(page)).toContainText("Test guest 'test'");
}

test("what is typed reaches the guest, and its answer the screen", async ({ page }) => {
  await openConsole(page);
  await type(page, "echo hello there\n");
  await expect(screen(page)).toContainText("hello there/ #");
});

test("output stays when one goes to the list and back", async ({ page }) => {
  await openConsole(page);
  await type(page, "echo remember\n");
  await expect(screen(page)).toContainText("remember");
  await page.getByRole("link", { name: "Virtual machines", exact: true }).click();
  await openDomain(page, TEST_NAME);
  await expect(screen(page)).toContainText("remember");
});

test("the search box counts matches and walks through them", async ({ page }) => {
  await openConsole(page);
  await type(page, "seq 200\n");
  await expect(screen(page)).toContainText("200");
  await page.keyboard.press("Control+Shift+F");
  await page.keyboard.type("11");
  await expect(page.getByText("of 12")).toBeVisible();
  await page.getByRole("button", { name: "Previous match" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("searchbox")).toBeHidden();
});

test("copy takes all of the output when nothing is selected", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openConsole(page);
  await type(page, "seq 60\n");
  await expect(screen(page)).toContainText("60");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("Test guest 'test'");
  expect(text).toContain("\n59\n60\n");
});

test("paste types the clipboard's text", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openConsole(page);
  await page.evaluate(() => navigator.clipboard.writeText("echo pasted"));
  await page.getByRole("button", { name: "Paste" }).click();
  await expect(screen(page)).toContainText("/ # echo pasted");
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("pasted/ #");
});

test("the terminal takes the window's size, and tells the guest when asked", async ({ page }) => {
  await openConsole(page);
  const size = async () => (await page.locator("footer").textContent()) ?? "";
  const before = /(\d+) × (\d+)/.exec(await size());
  await page.setViewportSize({ width: 800, height: 600 });
  await expect.poll(async () => /(\d+) × (\d+)/.exec(await size())?.[0]).not.toBe(before?.[0]);
  const [, columns, rows] = /(\d+) × (\d+)/.exec(await size()) ?? [];
  await page.getByRole("button", { name: "Fit terminal" }).click();
  await expect(screen(page)).toContainText(`stty rows ${rows} cols ${columns}`);
  await page.keyboard.type("stty size\n");
  await expect(screen(page)).toContainText(`${rows} ${columns}`);
});

test("the menu sends keys that the browser keeps, and breaks", async ({ page }) => {
  await openConsole(page);
  const send = async (item: string | RegExp) => {
    await page.getByRole("button", { name: "Send key" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await type(page, "half a line");
  await send(/^Ctrl\+C/);
  await expect(screen(page)).toContainText("half a line^C");
  await send("Break");
  await expect(screen(page)).toContainText("<break>");
  await send(/^SysRq\+H/);
  await expect(screen(page)).toContainText("<break>h");
});

test("text grows and shrinks, and the size is remembered", async ({ page }) => {
  await openConsole(page);
  const fontSize = () => screen(page).evaluate((rows) => getComputedStyle(rows).fontSize);
  await page.getByRole("button", { name: "Larger text" }).click();
  await expect.poll(fontSize).toBe("15px");
  await page.reload();
  await expect(screen(page)).toContainText("Test guest");
  await expect.poll(fontSize).toBe("15px");
});

test("the output can be saved as a file", async ({ page }) => {
  await openConsole(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save output" }).click();
  expect((await download).suggestedFilename()).toBe("test.txt");
});

test("Shift+F6 leaves the console, which keeps Tab for the guest", async ({ page }) => {
  await openConsole(page);
  await type(page, "");
  await page.keyboard.press("Shift+F6");
  await expect(page.getByRole("button", { name: "Find" })).toBeFocused();
});

test("a machine that powers off says so, and Run starts it on a sane screen", async ({ page }) => {
  await openConsole(page);
  await type(page, "poweroff\n");
  await expect(page.getByRole("heading", { name: "test is shut off" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send key" })).toBeDisabled();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(screen(page)).toContainText("/ # poweroffTest guest 'test'");
});

test("the status line tells state, speed and uptime", async ({ page }) => {
  await openConsole(page);
  const status = page.locator("footer");
  await expect(status).toContainText("StateRunning");
  // Two vCPUs of 250 MIPS.
  await expect(status).toContainText(/Speed(4[89]|5[0-2])\d MIPS/);
  await expect(status).toContainText(/Uptime0:0[1-9]/);
});
