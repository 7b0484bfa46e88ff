import { Worker } from "node:worker_threads";
import { beforeAll, expect, test } from "vitest";
import {
  Aia,
  CONTROL,
  CONTROL_BASE,
  DYNAMIC_BASE,
  HART,
  HART_BASE,
  IMSIC_BASE,
  IMSIC_FILE,
  IMSIC_FILE_BYTES,
  Irqchip as Map,
} from "../../src/protocol/layout.ts";
import { compileIrqchip } from "./harness.ts";

const SENDERS = 3;
const TURNS = 5000;
const FIRST_IDENTITY = 30;
const FILE_S = 1;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

const PRELUDE = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { module, memory, turns } = workerData;
  const core = new WebAssembly.Instance(module, { env: { memory, nowMs: () => 0, ring() {}, sleep() {} } }).exports;
  const words = new Int32Array(memory.buffer);
`;

/** A device: sends its next message once the last one is claimed. */
const SENDER = `${PRELUDE}
  const { page, identity, eip } = workerData;
  for (let turn = 0; turn < turns; turn++) {
    core.msiSend(BigInt(page), identity);
    while (Atomics.load(words, eip) & (1 << (identity & 31))) Atomics.wait(words, eip, -1, 0);
  }
  parentPort.postMessage(turns);
`;

/** A hart: looks at its line and nothing else, and sleeps while that is low. */
const HART_WORKER = `${PRELUDE}
  const { lines, events, file, total } = workerData;
  const claims = {};
  let slept = 0;
  for (let left = total; left > 0;) {
    Atomics.store(words, events, 0);
    while (Atomics.load(words, lines)) {
      const identity = core.imsicTop(0, file);
      core.imsicClaim(0, file, identity);
      if (!identity) continue;
      claims[identity] = (claims[identity] ?? 0) + 1;
      left--;
    }
    if (left > 0 && Atomics.wait(words, events, 0, 5000) === "timed-out") break;
    slept++;
  }
  parentPort.postMessage({ claims, slept });
`;

function start<T>(code: string, workerData: object): Promise<T> {
  const worker = new Worker(code, { eval: true, workerData });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
  });
}

test("no message is lost or seen twice, whoever sends while the hart claims", async () => {
  const pages = DYNAMIC_BASE >> 16;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const view = new DataView(memory.buffer);
  view.setUint32(CONTROL_BASE + CONTROL.at.harts, 1, true);
  view.setUint32(CONTROL_BASE + CONTROL.at.aia, Aia.aplicImsic, true);
  const file = IMSIC_BASE + FILE_S * IMSIC_FILE_BYTES;
  view.setUint32(file + IMSIC_FILE.at.eidelivery, 1, true);
  view.setUint32(file + IMSIC_FILE.at.eie, 0xffff_fffe, true);
  view.setUint32(file + IMSIC_FILE.at.eie + 4, 0xffff_ffff, true);
  const identities = Array.from({ length: SENDERS }, (_, i) => FIRST_IDENTITY + i);
  const common = { module, memory, turns: TURNS };

  const hart = start<{ claims: object }>(HART_WORKER, {
    ...common,
    lines: (HART_BASE + HART.at.lines) / 4,
    events: (HART_BASE + HART.at.events) / 4,
    file: FILE_S,
    total: TURNS * SENDERS,
  });
  const senders = identities.map((identity) => {
    const eip = (file + IMSIC_FILE.at.eip) / 4 + (identity >> 5);
    return start(SENDER, { ...common, page: Map.imsicS, identity, eip });
  });
  const { claims } = await hart;
  expect(claims).toEqual(Object.fromEntries(identities.map((identity) => [identity, TURNS])));
  await Promise.all(senders);
}, 60_000);
