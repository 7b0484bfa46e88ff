import { beforeEach, expect, test } from "vitest";
import type { WireToMachine } from "../protocol/wire.ts";
import { WiredConsole } from "./wired-console.ts";

const LINE = 2;
let console: WiredConsole;
let sent: WireToMachine[];
const wire = { postMessage: (message: WireToMachine) => void sent.push(message) };

beforeEach(() => {
  sent = [];
  console = new WiredConsole(LINE);
  console.attach(wire);
});

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const credit = (): number =>
  sent.reduce((sum, message) => sum + (message.type === "credit" ? message.bytes : 0), 0);

test("gives credit back at once while the reader keeps up", () => {
  console.received(bytes(100));
  expect(sent).toEqual([{ type: "credit", line: LINE, bytes: 100 }]);
});

test("keeps credit while nobody reads, and gives it back when somebody does", async () => {
  for (let i = 0; i < 4; i++) console.received(bytes(0x1_0000));
  expect(credit()).toBe(0);
  const reader = console.readable.getReader();
  for (let i = 0; i < 4; i++) await reader.read();
  console.received(bytes(1));
  expect(credit()).toBe(4 * 0x1_0000 + 1);
});

test("a cancelled reader does not make the guest wait", async () => {
  await console.readable.cancel();
  console.received(bytes(10));
  expect(credit()).toBe(10);
});

test("a write resolves when the guest took all of it", async () => {
  const writer = console.writable.getWriter();
  let done = false;
  const write = writer.write(bytes(3)).then(() => (done = true));
  await Promise.resolve();
  console.taken(2);
  await new Promise((resolve) => setTimeout(resolve));
  expect(done).toBe(false);
  console.taken(1);
  await write;
  expect(done).toBe(true);
});

test("a write to a machine that is off is lost and resolves", async () => {
  console.detach();
  await console.writable.getWriter().write(bytes(3));
  await console.sendBreak();
  expect(sent).toEqual([]);
});

test("pending writes resolve when the run ends", async () => {
  const write = console.send(bytes(3));
  console.detach();
  await expect(write).resolves.toBeUndefined();
});

test("the terminal's size is told again to a new run", () => {
  console.detach();
  console.resize(100, 30);
  expect(sent).toEqual([]);
  console.attach(wire);
  expect(sent).toEqual([{ type: "resize", line: LINE, columns: 100, rows: 30 }]);
});
