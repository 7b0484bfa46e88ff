/** Whether the page stays smooth while its machines are busy: frames of the page as a visitor has it. */
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { preview } from "vite";
import { table } from "../table.ts";
import { countFrames, type FrameCount } from "./count-frames.ts";
import { BUSY_LOOP, runMachines } from "./page-machines.ts";
import { CHROMIUM_FLAGS } from "../../src/host/node/browser-launch.ts";

const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const SETTLE_MS = 10_000;

/** What machines do: how many, and what is typed into each; the last one's console is shown. */
const SCENES = [
  { name: "1 idle", vms: 1, command: "" },
  { name: "1 busy", vms: 1, command: BUSY_LOOP },
  { name: "1 floods the console", vms: 1, command: "yes\n" },
  { name: "3 idle", vms: 3, command: "" },
  { name: "4 busy", vms: 4, command: BUSY_LOOP },
] as const;

export interface Frames extends FrameCount {
  readonly scene: string;
}

async function measure(address: string, scene: (typeof SCENES)[number], ms: number) {
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const browser = await chromium.launch({ args: CHROMIUM_FLAGS, ...executable });
  try {
    const page = await browser.newPage();
    await runMachines(page, address, scene.vms, scene.command);
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
