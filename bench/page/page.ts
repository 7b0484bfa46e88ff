/** The page as a visitor meets it: how soon it can be used, and how smooth it stays. */
import { chromium, type Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { preview } from "vite";
import { median } from "../statistics.ts";
import { countFrames, type FrameCount } from "../vms/count-frames.ts";
import { BUSY_LOOP, runMachines } from "../vms/page-machines.ts";
import { benchLoad, firstLoadLine, loadTable, shiftLine } from "./load.ts";
import { CHROMIUM_FLAGS } from "../../src/host/node/browser-launch.ts";

const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const MACHINES = 4;
const SETTLE_MS = 3000;
const FRAMES_MS = 5000;
const TURNS = 3;

/** Frames a second of the manager, and of an empty tab under the same load, turn by turn. */
interface BusyFrames {
  readonly manager: readonly FrameCount[];
  readonly empty: readonly FrameCount[];
}

/** What an empty tab cannot reach beside busy machines, no page can. */
async function busyFrames(address: string): Promise<BusyFrames> {
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const browser = await chromium.launch({ args: CHROMIUM_FLAGS, ...executable });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await runMachines(page, address, MACHINES, BUSY_LOOP);
    await page.goto(`${address}#/`);
    await page.getByRole("table").or(page.getByRole("treegrid")).first().waitFor();
    const empty = await context.newPage();
    const turns: { manager: FrameCount[]; empty: FrameCount[] } = { manager: [], empty: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      turns.manager.push(await framesOf(page));
      turns.empty.push(await framesOf(empty));
    }
    return turns;
  } finally {
    await browser.close();
  }
}

async function framesOf(page: Page): Promise<FrameCount> {
  await page.bringToFront();
  await sleep(SETTLE_MS);
  return page.evaluate(countFrames, FRAMES_MS);
}

function framesLine({ manager, empty }: BusyFrames): string {
  const rate = (counts: readonly FrameCount[]): string =>
    median(counts.map(({ perSecond }) => perSecond)).toFixed(1);
  const gap = (at: number): string => median(manager.map(({ gaps }) => gaps[at] ?? 0)).toFixed(1);
  return `Frames of the manager beside ${MACHINES} busy machines: ${rate(manager)} a second, of an empty tab ${rate(empty)}; ${gap(0)} ms between two (median), ${gap(1)} ms (95th percentile).`;
}

/** Other programs make all times longer: whoever reads them is to know. */
function loadLine(atStart: number, atEnd: number): string {
  const processors = availableParallelism();
  const loads = `load average ${atStart.toFixed(1)} before and ${atEnd.toFixed(1)} after, ${processors} processors`;
  return atStart > processors / 2
    ? `The computer was busy with other things (${loads}): alone, the page is quicker.`
    : `The computer had nothing else to do (${loads}).`;
}

/** The figures as Markdown. @param profiles fresh profiles whose visits medians are taken of */
export async function benchPage(profiles: number): Promise<string> {
  const server = await preview({ preview: { port: 0 }, logLevel: "error" });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error("the page is not served");
  try {
    const [before = 0] = loadavg();
    const { loads, first } = await benchLoad(address, profiles);
    for (const line of loads.map(shiftLine)) if (line !== "") console.log(line);
    const frames = await busyFrames(address);
    const lines = [firstLoadLine(first), framesLine(frames), loadLine(before, loadavg()[0] ?? 0)];
    const text = [loadTable(loads), ...lines].join("\n\n");
    console.log(`\n${text}\n`);
    return text;
  } finally {
    await server.close();
  }
}
