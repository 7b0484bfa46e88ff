import { beforeEach, expect, test } from "vitest";
import { WIRE_CREDIT_BYTES, type WireToPage } from "../../protocol/wire.ts";
import { LineSender } from "./console-line.ts";
import { VirtioLine } from "./virtio-line.ts";

let sent: WireToPage[];
let events: string[];
let line: VirtioLine;

beforeEach(() => {
  sent = [];
  events = [];
  const sender = new LineSender({ postMessage: (message) => void sent.push(message) }, 1);
  line = new VirtioLine(sender, (columns, rows) => void events.push(`${columns}x${rows}`));
  line.attach({
    onReadable: () => void events.push("readable"),
    onWritable: () => void events.push("writable"),
  });
});

test("takes output within the credit and asks for more when there is some", () => {
  expect(line.write(new Uint8Array(WIRE_CREDIT_BYTES + 1))).toBe(WIRE_CREDIT_BYTES);
  expect(line.write(Uint8Array.of(1))).toBe(0);
  line.addCredit(1);
  expect(events).toEqual(["writable"]);
  expect(line.write(Uint8Array.of(1, 2))).toBe(1);
});

test("does not send a view on the guest's memory", () => {
  const guest = new Uint8Array([1, 2, 3]);
  line.write(guest);
  expect(guest.length).toBe(3);
});

test("gives input in pieces and receipts what was read", () => {
  line.input(Uint8Array.of(1, 2, 3));
  expect(events).toEqual(["readable"]);
  expect([...line.read(2)]).toEqual([1, 2]);
  expect([...line.read(2)]).toEqual([3]);
  expect(line.read(2)).toHaveLength(0);
  expect(sent).toEqual([
    { type: "taken", line: 1, bytes: 2 },
    { type: "taken", line: 1, bytes: 1 },
  ]);
});

test("receipts input that a reset drops", () => {
  line.input(Uint8Array.of(1, 2, 3));
  line.reset();
  expect(line.read(9)).toHaveLength(0);
  expect(sent).toEqual([{ type: "taken", line: 1, bytes: 3 }]);
});

test("passes the terminal's size on", () => {
  line.resize(80, 25);
  expect(events).toEqual(["80x25"]);
});
