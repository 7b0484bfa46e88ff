/** Whether the page stays smooth while its machines are busy: frames of the page as a visitor has it. */
import { chromium, type Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { preview } from "vite";
import { table } from "../table.ts";

const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const LIMIT_MS = 120_000;
const SETTLE_MS = 10_000;
const FIRST = "Debian shell";

/** What machines do: how many, and what is typed into each; the last one's console is shown. */
const SCENES = [
  { name: "1 idle", vms: 1, command: "" },
  { name: "1 busy", vms: 1, command: "while :; do :; done\n" },
  { name: "1 floods the console", vms: 1, command: "yes\n" },
  { name: "3 idle", vms: 3, command: "" },
  { name: "4 busy", vms: 4, command: "while :; do :; done\n" },
] as const;

export interface Frames {
  readonly scene: string;
  readonly perSecond: number;
  /** Milliseconds between frames: median, 99th percentile, most. */
  readonly gaps: readonly number[];
  /** Tasks of more than 50 ms on the page's thread: how many, and the longest. */
  readonly longTasks: number;
  readonly longestMs: number;
}

type Measured = Omit<Frames, "scene">;

/** In the page: counts frames for so many milliseconds. */
async function countFrames(ms: number): Promise<Measured> {
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: "longtask" });
  const gaps: number[] = [];
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const began = await frame();
  let last = began;
  while (last - began < ms) {
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  observer.disconnect();
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return {
    perSecond: (1000 * gaps.length) / (last - began),
    gaps: [at(0.5), at(0.99), at(1)],
    longTasks: tasks.length,
    longestMs: Math.max(0, ...tasks),
  };
}

async function prompt(page: Page): Promise<void> {
  const line = page.locator(".xterm-rows").getByText(/root@\w+:\S*#/);
  await line.first().waitFor({ timeout: LIMIT_MS });
}

async function startOne(page: Page, index: number): Promise<void> {
  await page.evaluate(() => void (location.hash = "#/"));
  if (index === 0) {
    await page.getByRole("button", { name: "Run", exact: true }).first().click();
  } else {
    await page.getByRole("button", { name: "Create VM" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(`vm${index}`);
    await dialog.getByRole("button", { name: "Create and run" }).click();
  }
  await prompt(page);
}

async function tell(page: Page, index: number, command: string): Promise<void> {
  await page.evaluate(() => void (location.hash = "#/"));
  const name = index === 0 ? FIRST : `vm${index}`;
  await page.getByRole("link", { name, exact: true }).click();
  await prompt(page);
  await page.getByRole("region", { name: /^Serial console of/ }).click();
  await page.keyboard.type(command);
}

async function measure(address: string, scene: (typeof SCENES)[number], ms: number) {
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const browser = await chromium.launch({ args: ARGS, ...executable });
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      localStorage.setItem(
        "tabvisor.preferences",
        JSON.stringify({ gpu: false, confirmLeave: false }),
      );
    });
    await page.goto(address);
    for (let i = 0; i < scene.vms; i++) await startOne(page, i);
    for (let i = 0; i < scene.vms; i++) await tell(page, i, scene.command);
    await sleep(SETTLE_MS);
    return await page.evaluate(countFrames, ms);
  } finally {
    await browser.close();
  }
}

/** @param seconds of frames that are counted for each scene */
export async function benchFrames(
  seconds: number,
  onResult: (line: string) => void,
): Promise<readonly Frames[]> {
  const server = await preview({ preview: { port: 0 }, logLevel: "error" });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("the page is not served");
  try {
    const all: Frames[] = [];
    for (const scene of SCENES) {
      const frames = { scene: scene.name, ...(await measure(address, scene, seconds * 1000)) };
      all.push(frames);
      onResult(`${scene.name}: ${cells(frames).join(", ")}`);
    }
    return all;
  } finally {
    await server.close();
  }
}

function cells({ perSecond, gaps, longTasks, longestMs }: Frames): string[] {
  const between = gaps.map((ms) => ms.toFixed(0)).join(" / ");
  return [perSecond.toFixed(1), between, `${longTasks} (${longestMs.toFixed(0)} ms)`];
}

export function framesTable(all: readonly Frames[]): string {
  return table(
    ["machines", "frames a second", "ms between frames", "long tasks (longest)"],
    all.map((frames) => [frames.scene, ...cells(frames)]),
  );
}
