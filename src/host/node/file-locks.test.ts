import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFile } from "./file-locks.ts";

const FILE = { dev: 1n, ino: 42n };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tabvisor-locks-"));
});
afterEach(() => rm(directory, { recursive: true }));

const lock = (write: boolean): (() => void) => lockFile(FILE, write, directory);
const IN_USE = "the file is in use";

test("a file has one writer or many readers", () => {
  const readers = [lock(false), lock(false)];
  expect(() => lock(true)).toThrow(IN_USE);
  for (const release of readers) release();
  const release = lock(true);
  expect(() => lock(true)).toThrow(IN_USE);
  expect(() => lock(false)).toThrow(IN_USE);
  lockFile({ ...FILE, ino: 4n }, true, directory)();
  release();
  lock(true)();
});

test("leaves nothing behind", async () => {
  lock(true)();
  expect(await readdir(directory)).toEqual([]);
});

/** Leaves a mark as another process would, with a file open under its name. */
const HOLD = `
  const { openSync } = require("node:fs");
  openSync(process.argv[1] + "/1-42.w." + process.pid + ".0", "wx");
  console.log("held");
  setInterval(() => {}, 1000);
`;

test("a process holds its locks as long as it lives", async () => {
  const child = spawn(process.execPath, ["-e", HOLD, directory]);
  await once(child.stdout, "data");
  expect(() => lock(false)).toThrow(IN_USE);
  child.kill("SIGKILL");
  await once(child, "exit");
  lock(true)();
});

test.runIf(process.platform === "linux")("so does a thread", async () => {
  const code = `
    const { openSync } = require("node:fs");
    const { parentPort, workerData } = require("node:worker_threads");
    openSync(workerData + "/1-42.w." + process.pid + ".0", "wx");
    parentPort.postMessage("held");
    setInterval(() => {}, 1000);
  `;
  const worker = new Worker(code, { eval: true, workerData: directory });
  await once(worker, "message");
  expect(() => lock(true)).toThrow(IN_USE);
  await worker.terminate();
  lock(true)();
});
