/**
 * From the click on Run to the shell prompt in the page's console, as a visitor sees it: a fresh
 * profile of Chromium each time, the page served as `npm start` serves it.
 */
import { chromium, type Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { preview } from "vite";
import type { BootScore } from "./boot.ts";
import { processTreeMs } from "./process-time.ts";
import { median } from "./statistics.ts";

const LIMIT_MS = 120_000;
const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const PREFERENCES = "tabvisor.preferences";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Presses Run on the machine that a first visitor finds. */
async function runFast(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).first().click();
}

/** Fills in a machine with the stock command line; the click that creates it also runs it. */
async function fillInStock(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create VM" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("stock");
  await dialog.getByRole("radio", { name: "Stock" }).check();
}

async function runStock(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Create and run" }).click();
}

/** What comes before the click, and the click itself. */
const LINES = [
  { line: "fast", prepare: async (): Promise<void> => {}, run: runFast },
  { line: "stock", prepare: fillInStock, run: runStock },
] as const;

type Line = (typeof LINES)[number];

/** Wall time from the click to the prompt. */
async function runToPrompt(page: Page, address: string, line: Line): Promise<number> {
  // The console as text in the page, not on a canvas.
  await page.addInitScript(([key, value]) => localStorage.setItem(key, value), [
    PREFERENCES,
    JSON.stringify({ gpu: false }),
  ] as const);
  await page.goto(address);
  await page.getByRole("button", { name: "Create VM" }).waitFor({ timeout: LIMIT_MS });
  await line.prepare(page);
  const start = performance.now();
  await line.run(page);
  const prompt = page.locator(".xterm-rows").getByText(/root@\w+:\S*#/);
  await prompt.first().waitFor({ timeout: LIMIT_MS });
  return performance.now() - start;
}

async function bootOnce(address: string, line: Line): Promise<{ wallMs: number; cpuMs: number }> {
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const server = await chromium.launchServer({ args: ARGS, ...executable });
  const browser = await chromium.connect(server.wsEndpoint());
  const pid = server.process().pid ?? 0;
  try {
    const page = await browser.newPage();
    const before = processTreeMs(pid);
    const wallMs = await runToPrompt(page, address, line);
    return { wallMs, cpuMs: processTreeMs(pid) - before };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function score(address: string, line: Line, boots: number): Promise<BootScore> {
  const runs = [];
  for (let boot = 0; boot < boots; boot++) runs.push(await bootOnce(address, line));
  return {
    engine: "page, click to prompt",
    line: line.line,
    wallMs: median(runs.map((run) => run.wallMs)),
    cpuMs: median(runs.map((run) => run.cpuMs)),
  };
}

/**
 * Boots the default guest in the page, with each of its command lines.
 *
 * @param boots medians of so many are taken
 * @throws Error when the page does not get to the prompt
 */
export async function benchPageBoot(boots: number): Promise<readonly BootScore[]> {
  const server = await preview({ preview: { port: 0 }, logLevel: "error" });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("the page is not served");
  try {
    const scores: BootScore[] = [];
    for (const line of LINES) scores.push(await score(address, line, boots));
    return scores;
  } finally {
    await server.close();
  }
}
