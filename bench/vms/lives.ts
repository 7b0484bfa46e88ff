/** What running machines take beside their RAM, and whether machines that are gone leave anything. */
import { readFileSync, openSync, readSync, closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../src/cli/system/system-options.ts";
import { planMemory, WASM_PAGE_BYTES } from "../../src/machine/memory-plan.ts";
import { bootArguments, PROMPT } from "../boot.ts";
import { type ProcessSize, processSizes } from "../process-time.ts";
import { table } from "../table.ts";
import { configOf, openHouse, untilShown } from "./house.ts";

const MIB = 2 ** 20;
const RAM_MIB = 256;
const PAGE_BYTES = 4096;
/** From the last event until garbage is collected and memory given back. */
const SETTLE_MS = 10_000;
/** What a life lasts beyond its start. */
const LIFE_MS = 100;
/** Lives until everything is compiled and every pool has its size. */
const WARM_LIVES = 10;
const LIVES_VCPUS = 4;

export interface Footprint {
  readonly engine: Engine;
  readonly vms: number;
  readonly vcpus: number;
  readonly residentMiB: number;
  /** Guest RAM that was ever touched, all machines. */
  readonly touchedMiB: number;
  /** Beside that, above an empty house, for each machine. */
  readonly overheadMiB: number;
}

type Size = Omit<ProcessSize, "pid">;

export interface Lives {
  readonly engine: Engine;
  readonly lives: number;
  readonly before: Size;
  readonly after: Size;
}

async function bootArgs(vcpus: number) {
  return configOf([...bootArguments("fast"), "-m", `${RAM_MIB}M`, "-smp", `${vcpus}`]);
}

/** Boots one machine after another and looks at the process after each. */
export async function benchFootprint(
  engines: readonly Engine[],
  onResult: (line: string) => void,
): Promise<readonly Footprint[]> {
  const found: Footprint[] = [];
  for (const engine of engines) {
    for (const [most, vcpus] of [
      [3, 1],
      [1, 4],
    ] as const) {
      const house = await openHouse(engine);
      try {
        await sleep(SETTLE_MS);
        const empty = processSizes(process.pid);
        for (let vms = 1; vms <= most; vms++) {
          const vm = await house.make(`vm${vms}`, await bootArgs(vcpus));
          await vm.start();
          await untilShown(vm, PROMPT);
          await sleep(SETTLE_MS);
          const footprint = { engine, vms, vcpus, ...sizesOf(empty, vms, vcpus) };
          found.push(footprint);
          onResult(footprintCells(footprint).join(", "));
        }
      } finally {
        await house.close();
      }
    }
  }
  return found;
}

/** Looks at the process that has the machines. */
function sizesOf(empty: readonly ProcessSize[], vms: number, vcpus: number) {
  const owner = ownerOf(vcpus);
  const before = empty.find(({ pid }) => pid === owner)?.residentMiB ?? 0;
  const { residentMiB } = sizeOf(owner);
  const touchedMiB = touchedRam(owner, vcpus) / MIB;
  return { residentMiB, touchedMiB, overheadMiB: (residentMiB - before - touchedMiB) / vms };
}

/** The process that has machines. */
function ownerOf(vcpus: number): number {
  const owner = processSizes(process.pid).find(({ pid }) => touchedRam(pid, vcpus) > 0);
  if (owner === undefined) throw new Error("no process has the machine's memory");
  return owner.pid;
}

function sizeOf(owner: number): Size {
  const found = processSizes(process.pid).find(({ pid }) => pid === owner);
  if (found === undefined) throw new Error("the process with the machine has ended");
  return found;
}

/** Bytes of guest RAM that hold memory of the host, of all machines of a process. */
function touchedRam(pid: number, harts: number): number {
  const { wasmPages, frames } = planMemory({ ramBytes: RAM_MIB * MIB, harts });
  const sizeBytes = wasmPages * WASM_PAGE_BYTES;
  let pages = 0;
  for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
    const [, start = "", end = ""] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    const to = Number.parseInt(end, 16);
    // Firefox keeps a page of its own before a memory.
    const before = to - sizeBytes - Number.parseInt(start, 16);
    if (before !== 0 && before !== PAGE_BYTES) continue;
    pages += presentPages(pid, to - sizeBytes + frames, to);
  }
  return pages * PAGE_BYTES;
}

/** Pages that are in memory or swapped out: bits 63 and 62 of an entry of /proc/pid/pagemap. */
function presentPages(pid: number, from: number, to: number): number {
  const entries = Buffer.alloc(((to - from) / PAGE_BYTES) * 8);
  const file = openSync(`/proc/${pid}/pagemap`, "r");
  readSync(file, entries, 0, entries.length, (from / PAGE_BYTES) * 8);
  closeSync(file);
  let pages = 0;
  for (let at = 7; at < entries.length; at += 8) if ((entries[at] ?? 0) & 0xc0) pages++;
  return pages;
}

/** Starts a machine and forces it off, again and again, in one process or page. */
export async function benchLives(
  engines: readonly Engine[],
  lives: number,
  onResult: (line: string) => void,
): Promise<readonly Lives[]> {
  const found: Lives[] = [];
  for (const engine of engines) {
    const house = await openHouse(engine);
    try {
      const vm = await house.make("vm", await bootArgs(LIVES_VCPUS));
      const live = async (count: number): Promise<Size> => {
        let owner = 0;
        for (let i = 0; i < count; i++) {
          await vm.start();
          await sleep(LIFE_MS);
          owner = ownerOf(LIVES_VCPUS);
          await vm.forceOff();
        }
        await sleep(SETTLE_MS);
        return sizeOf(owner);
      };
      const before = await live(WARM_LIVES);
      const after = await live(lives - WARM_LIVES);
      found.push({ engine, lives, before, after });
      onResult(
        `${engine}: after ${WARM_LIVES} lives ${sizeText(before)}, after ${lives} ${sizeText(after)}`,
      );
    } finally {
      await house.close();
    }
  }
  return found;
}

function sizeText({ residentMiB, threads }: Size): string {
  return `${residentMiB.toFixed(0)} MiB, ${threads} threads`;
}

function footprintCells(footprint: Footprint): string[] {
  const { engine, vms, vcpus, residentMiB, touchedMiB, overheadMiB } = footprint;
  const sizes = [residentMiB, touchedMiB, overheadMiB].map((mib) => mib.toFixed(0));
  return [`${vms} × ${vcpus} vCPU, ${engine}`, ...sizes];
}

export function footprintTable(footprints: readonly Footprint[]): string {
  return table(
    ["machines of 256 MiB", "resident MiB", "RAM touched MiB", "else, a machine"],
    footprints.map(footprintCells),
  );
}

export function livesTable(all: readonly Lives[]): string {
  return table(
    ["starts and forced ends", `after ${WARM_LIVES}`, "after all"],
    all.map(({ engine, lives, before, after }) => [
      `${lives} × 4 vCPU, ${engine}`,
      sizeText(before),
      sizeText(after),
    ]),
  );
}
