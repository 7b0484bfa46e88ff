import { expect, type Page, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { define, machineXml } from "./disks.ts";
import {
  bootFirst,
  expectPrompt,
  FIRST_NAME,
  openMachine,
  prefer,
  run,
  screen,
  type,
} from "./page.ts";

const PROMPT = /root@tabvisor:~#/;

test.describe.configure({ timeout: 120_000 });

/** Columns and rows, as the line below the terminal tells them. */
async function sizeOf(page: Page): Promise<{ columns: string; rows: string }> {
  const [, columns = "", rows = ""] =
    /(\d+) × (\d+)/.exec((await page.locator("footer").textContent()) ?? "") ?? [];
  return { columns, rows };
}

test("output stays when one goes to the list and back, and a search counts its matches", async ({
  page,
}) => {
  await bootFirst(page);
  await type(page, "clear; echo remem''ber\n");
  await expect(screen(page)).toContainText("remember");
  await page.getByRole("link", { name: "Virtual machines", exact: true }).click();
  await openMachine(page, FIRST_NAME);
  await expect(screen(page)).toContainText("remember");
  await type(page, "clear; printf '\\033[3J'; seq 200\n");
  await expect(screen(page)).toContainText("200");
  await page.keyboard.press("Control+Shift+F");
  await page.keyboard.type("11");
  await expect(page.getByText("of 12")).toBeVisible();
  await page.getByRole("button", { name: "Previous match" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("searchbox")).toBeHidden();
});

test("copy takes all of the output when nothing is selected, and paste types", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await bootFirst(page);
  await type(page, "seq 60\n");
  await expect(screen(page)).toContainText("60");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("OpenSBI");
  expect(text).toContain("\n59\n60\n");
  await page.evaluate(() => navigator.clipboard.writeText("echo pas''ted"));
  await page.getByRole("button", { name: "Paste" }).click();
  await expect(screen(page)).toContainText("# echo pas''ted");
  await page.keyboard.press("Enter");
  await expect(screen(page)).toContainText("pasted");
});

test("the terminal takes the window's size and tells it; text grows; output is saved", async ({
  page,
}) => {
  await bootFirst(page);
  const before = await sizeOf(page);
  await page.setViewportSize({ width: 800, height: 600 });
  await expect.poll(() => sizeOf(page)).not.toEqual(before);
  const { columns, rows } = await sizeOf(page);
  await page.getByRole("button", { name: "Fit terminal" }).click();
  await expect(screen(page)).toContainText(`stty rows ${rows} cols ${columns}`);
  await page.keyboard.type("stty size\n");
  await expect(screen(page)).toContainText(new RegExp(`stty size\\s*${rows} ${columns}`));

  const fontSize = () => screen(page).evaluate((lines) => getComputedStyle(lines).fontSize);
  await page.getByRole("button", { name: "Larger text" }).click();
  await expect.poll(fontSize).toBe("15px");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save output" }).click();
  expect((await download).suggestedFilename()).toBe(`${FIRST_NAME}.txt`);

  await type(page, "");
  await page.keyboard.press("Shift+F6");
  await expect(page.getByRole("button", { name: "Find" })).toBeFocused();
  await page.reload();
  await expect.poll(fontSize).toBe("15px");
});

test("counters have rates and totals, of all vCPUs and of each", async ({ page }) => {
  await prefer(page, { confirmLeave: false });
  await page.goto("/");
  await expect(page.getByRole("link", { name: FIRST_NAME, exact: true })).toBeVisible();
  const uuid = "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a06";
  await define(page, "two", machineXml("two", uuid, { vcpus: 2 }));
  await page.reload();
  await openMachine(page, "two");
  await run(page);
  await expectPrompt(page);
  await type(page, "while :; do :; done\n");
  await expect(page.locator("footer")).toContainText(/Speed[1-9]\d* MIPS/);
  await page.getByRole("link", { name: "Performance" }).click();
  const instructions = page
    .getByRole("table", { name: "Execution" })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: "Instructions", exact: true }) })
    .getByRole("cell");
  await expect(instructions.first()).toHaveText(/^[\d.]+M$/);
  const total = async (): Promise<string> =>
    (await instructions.last().getAttribute("title")) ?? "";
  const all = Number((await total()).replaceAll(",", ""));
  await page.getByLabel("Show").selectOption("vCPU 1");
  await expect.poll(async () => Number((await total()).replaceAll(",", ""))).toBeLessThan(all);
  await expect(
    page.getByRole("figure", { name: /^Speed: instructions [\d,]+ MIPS$/ }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("table", { name: "Execution" })).toBeVisible();
});

test("a guest's consoles, keys and files, and how its run ended", async ({ page }) => {
  await bootFirst(page);
  await type(page, "cat\n");
  const keys = page.getByRole("button", { name: "Send key" });
  await keys.click();
  // This guest has no driver for a keyboard, and so its machine has none.
  const noKeyboard = page.getByRole("menuitem", { name: /Ctrl\+Alt\+Delete.*no keyboard/ });
  await expect(noKeyboard).toBeDisabled();
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
  const { columns, rows } = await sizeOf(page);
  await expect(screen(page, "hvc0")).toContainText(new RegExp(`stty size\\s*${rows} ${columns}`));

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
  await bootFirst(page);
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
