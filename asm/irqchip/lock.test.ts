import { Worker } from "node:worker_threads";
import { beforeAll, expect, test } from "vitest";
import {
  CONTROL,
  CONTROL_BASE,
  DYNAMIC_BASE,
  HART,
  HART_BASE,
  Irqchip as Map,
} from "../../src/protocol/layout.ts";
import { compileIrqchip } from "./harness.ts";

const WORKERS = 4;
const TURNS = 20_000;
const FIRST_SOURCE = 40;
const CLAIM = Map.plicBase + 0x20_1004;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

/** A hart or device of its own: raises its source, then claims and completes whatever is due. */
const WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { module, memory, source, turns, claim } = workerData;
  const words = new Int32Array(memory.buffer);
  const sleep = (word, value) => void Atomics.wait(words, word >>> 2, value);
  const env = { memory, nowMs: () => 0, ring() {}, sleep };
  const core = new WebAssembly.Instance(module, { env }).exports;
  const taken = {};
  for (let turn = 0; turn < turns; turn++) {
    core.wireSet(source, 1);
    core.wireSet(source, 0);
    const got = Number(core.irqchipRead(BigInt(claim), 4));
    if (got === 0) continue;
    taken[got] = (taken[got] ?? 0) + 1;
    core.irqchipWrite(BigInt(claim), 4, BigInt(got));
  }
  parentPort.postMessage(taken);
`;

type Taken = Readonly<Record<number, number>>;

function start(memory: WebAssembly.Memory, source: number): Promise<Taken> {
  const workerData = { module, memory, source, turns: TURNS, claim: CLAIM };
  const worker = new Worker(WORKER, { eval: true, workerData });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
  });
}

test("workers that raise, claim and complete at once leave the PLIC consistent", async () => {
  const pages = DYNAMIC_BASE >> 16;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const view = new DataView(memory.buffer);
  view.setUint32(CONTROL_BASE + CONTROL.at.harts, 1, true);
  const env = { memory, nowMs: () => 0, ring() {}, sleep() {} };
  const core = new WebAssembly.Instance(module, { env }).exports as unknown as {
    irqchipReset(): void;
    irqchipRead(gpa: bigint, bytes: number): bigint;
    irqchipWrite(gpa: bigint, bytes: number, value: bigint): void;
  };
  core.irqchipReset();
  const sources = Array.from({ length: WORKERS }, (_, index) => FIRST_SOURCE + index);
  for (const source of sources) core.irqchipWrite(BigInt(Map.plicBase + 4 * source), 4, 1n);
  core.irqchipWrite(BigInt(Map.plicBase + 0x2084), 4, 0xffff_ffffn);

  const taken = await Promise.all(sources.map((source) => start(memory, source)));

  // A request may be lost to a line that fell while its source was claimed; a line that is still high
  // when it is completed asks again (PLIC specification, "Interrupt Gateways"), so there may be more.
  for (const source of sources) {
    const claims = taken.reduce((sum, each) => sum + (each[source] ?? 0), 0);
    expect(claims).toBeGreaterThan(0);
  }
  expect(
    Object.keys(Object.assign({}, ...taken))
      .map(Number)
      .toSorted(),
  ).toEqual(sources);
  // Whatever is still pending can be claimed once each, and then the line is low.
  for (let left = 0; left <= WORKERS; left++) {
    const source = core.irqchipRead(BigInt(CLAIM), 4);
    core.irqchipWrite(BigInt(CLAIM), 4, source);
  }
  expect(core.irqchipRead(BigInt(CLAIM), 4)).toBe(0n);
  expect(view.getUint32(HART_BASE + HART.at.lines, true)).toBe(0);
  expect(view.getUint32(CONTROL_BASE + CONTROL.at.irqchipLock, true)).toBe(0);
}, 60_000);
