/** What a visitor waits for, with nothing cached and with everything. */
import { type BrowserContext, chromium } from "@playwright/test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { median } from "../statistics.ts";
import { table } from "../table.ts";
import { type Shift, type Visit, visit } from "./visit.ts";
import { CHROMIUM_FLAGS } from "../../src/host/node/browser-launch.ts";

const SYSTEM_CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const BUILT = "dist/page";

/** Medians of the visits of a kind. */
export interface Load {
  readonly cache: "cold" | "warm";
  readonly firstPaintMs: number;
  readonly interactiveMs: number;
  readonly blockingMs: number;
  /** The sum of all layout shifts; the worst visit's, since none should have any. */
  readonly shift: number;
  readonly worstShift: Shift | null;
}

/** Bytes by gzip of scripts and styles that the first visit loads before any machine runs. */
export interface FirstLoad {
  readonly script: number;
  readonly style: number;
  /** Scripts of workers, which the page does not wait for before it paints. */
  readonly workers: number;
}

/** A profile on disk, as a visitor has it: only there does the browser keep compiled scripts. */
async function withProfile<T>(use: (context: BrowserContext) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "tabvisor-bench-"));
  const executable = existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {};
  const context = await chromium.launchPersistentContext(folder, {
    args: CHROMIUM_FLAGS,
    viewport: { width: 1280, height: 800 },
    ...executable,
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function zippedBytes(addresses: readonly string[], ending: string): number {
  return addresses
    .filter((address) => address.endsWith(ending))
    .map((address) => new URL(address).pathname)
    .map((path) => gzipSync(readFileSync(join(BUILT, path))).length)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function firstLoadOf({ loaded }: Visit): FirstLoad {
  return {
    script: zippedBytes(loaded.page, ".js"),
    style: zippedBytes(loaded.page, ".css"),
    workers: zippedBytes(loaded.workers, ".js"),
  };
}

function summary(cache: Load["cache"], visits: readonly Visit[]): Load {
  const total = ({ shifts }: Visit): number => shifts.reduce((sum, { score }) => sum + score, 0);
  const shifts = visits.flatMap((one) => one.shifts);
  return {
    cache,
    firstPaintMs: median(visits.map((one) => one.firstPaintMs)),
    interactiveMs: median(visits.map((one) => one.interactiveMs)),
    blockingMs: median(visits.map((one) => one.blockingMs)),
    shift: Math.max(...visits.map(total)),
    worstShift: shifts.toSorted((a, b) => b.score - a.score)[0] ?? null,
  };
}

/** @param profiles fresh profiles, in each of which the page is visited with and without a cache */
export async function benchLoad(
  address: string,
  profiles: number,
): Promise<{ readonly loads: readonly Load[]; readonly first: FirstLoad }> {
  const cold: Visit[] = [];
  const warm: Visit[] = [];
  for (let profile = 0; profile < profiles; profile++) {
    await withProfile(async (context) => {
      cold.push(await visit(context, address));
      // Compiled scripts are only kept from the second visit on.
      await visit(context, address);
      warm.push(await visit(context, address));
    });
  }
  const [coldest] = cold;
  if (coldest === undefined) throw new Error("no visits were asked for");
  return { loads: [summary("cold", cold), summary("warm", warm)], first: firstLoadOf(coldest) };
}

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;

export function loadTable(loads: readonly Load[]): string {
  return table(
    ["cache", "first contentful paint", "interactive", "blocked", "layout shift"],
    loads.map(({ cache, firstPaintMs, interactiveMs, blockingMs, shift }) => [
      cache,
      ...[firstPaintMs, interactiveMs, blockingMs].map(milliseconds),
      shift.toFixed(3),
    ]),
  );
}

/** What moved most, for whoever is to mend it; empty when nothing did. */
export function shiftLine({ cache, worstShift }: Load): string {
  if (worstShift === null) return "";
  return `${cache}: ${worstShift.score.toFixed(4)} by ${worstShift.moved.join(", ")}`;
}

export function firstLoadLine({ script, style, workers }: FirstLoad): string {
  const sum = kib(script + style);
  return `First load by gzip: ${sum} (${kib(script)} script, ${kib(style)} style), and ${kib(workers)} of workers.`;
}
