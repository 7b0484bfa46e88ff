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
import { CHROMIUM_FLAGS } from "../src/host/node/browser-launch.ts";

const LIMIT_MS = 120_000;
const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const PREFERENCES = "tabvisor.preferences";

/** The machine that every visitor finds; it boots its fast command line. */
const FIRST = "Debian shell";

/** Wall time from the click to the prompt. */
async function runToPrompt(page: Page, address: string): Promise<number> {
  // The console as text in the page, not on a canvas.
  await page.addInitScript(([key, value]) => localStorage.setItem(key, value), [
    PREFERENCES,
    JSON.stringify({ gpu: false }),
  ] as const);
  await page.goto(address);
  await page.getByRole("link", { name: FIRST, exact: true }).click({ timeout: LIMIT_MS });
  const run = page.getByRole("button", { name: "Run", exact: true }).first();
  await run.waitFor({ timeout: LIMIT_MS });
  const start = performance.now();
  await run.click();
  const prompt = page.locator(".xterm-rows").getByText(/root@\w+:\S*#/);
  await prompt.first().waitFor({ timeout: LIMIT_MS });
  return performance.now() - start;
}

async function bootOnce(address: string): Promise<{ wallMs: number; cpuMs: number }> {
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const server = await chromium.launchServer({ args: CHROMIUM_FLAGS, ...executable });
  const browser = await chromium.connect(server.wsEndpoint());
  const pid = server.process().pid ?? 0;
  try {
    const page = await browser.newPage();
    const before = processTreeMs(pid);
    const wallMs = await runToPrompt(page, address);
    return { wallMs, cpuMs: processTreeMs(pid) - before };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function score(address: string, boots: number): Promise<BootScore> {
  const runs = [];
  for (let boot = 0; boot < boots; boot++) runs.push(await bootOnce(address));
  return {
    engine: "page, click to prompt",
    line: "fast",
    wallMs: median(runs.map((run) => run.wallMs)),
    cpuMs: median(runs.map((run) => run.cpuMs)),
  };
}

/**
 * Boots the default guest in the page.
 *
 * @param boots medians of so many are taken
 * @throws Error when the page does not get to the prompt
 */
export async function benchPageBoot(boots: number): Promise<readonly BootScore[]> {
  const server = await preview({ preview: { port: 0 }, logLevel: "error" });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("the page is not served");
  try {
    return [await score(address, boots)];
  } finally {
    await server.close();
  }
}
