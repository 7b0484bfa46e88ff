import { beforeEach, expect, test } from "vitest";
import {
  Doorbell,
  UART_RX_BREAK,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "../../protocol/layout.ts";
import { WIRE_CREDIT_BYTES, type WireToPage } from "../../protocol/wire.ts";
import type { Ring } from "../../util/ring.ts";
import { ringAt, testMemory } from "../testing/memory.ts";
import { LineSender } from "./console-line.ts";
import { UartLine } from "./uart-line.ts";

const { buffer } = testMemory(1);
let sent: WireToPage[];
let held: number;
let pumps: number;
let out: Ring<Uint8Array>;
let into: Ring<Uint16Array>;
let line: UartLine;

beforeEach(() => {
  sent = [];
  held = 0;
  pumps = 0;
  out = ringAt(Uint8Array, buffer, UART_TX_RING, UART_TX_CAPACITY);
  into = ringAt(Uint16Array, buffer, UART_RX_RING, UART_RX_CAPACITY);
  out.drop(out.length);
  into.drop(into.length);
  const sender = new LineSender({ postMessage: (message) => void sent.push(message) }, 0);
  const bell = {
    hold: (bits: number) => void (held |= bits),
    release: (bits: number) => void (held &= ~bits),
  };
  line = new UartLine(buffer, { uartPump: () => void pumps++ }, sender, bell);
});

const text = (words: string): Uint8Array => Uint8Array.from(words, (char) => char.charCodeAt(0));
const outputBytes = (): number =>
  sent.reduce((sum, message) => sum + (message.type === "output" ? message.bytes.length : 0), 0);
const taken = (): number =>
  sent.reduce((sum, message) => sum + (message.type === "taken" ? message.bytes : 0), 0);

test("sends the first characters at once and lets the next ones gather", async () => {
  out.push(text("a"));
  line.rung();
  expect(outputBytes()).toBe(1);
  expect(held).toBe(Doorbell.uart);
  out.push(text("bcd"));
  expect(outputBytes()).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(sent).toHaveLength(2);
  expect(outputBytes()).toBe(4);
  expect(held).toBe(0);
});

test("leaves bytes in the ring when the page's reader is behind", () => {
  let written = 0;
  for (let i = 0; i < 10; i++) {
    written += out.push(new Uint8Array(UART_TX_CAPACITY));
    line.rung();
  }
  expect(outputBytes()).toBe(WIRE_CREDIT_BYTES);
  expect(out.length).toBe(written - WIRE_CREDIT_BYTES);
  line.addCredit(1000);
  expect(outputBytes()).toBe(WIRE_CREDIT_BYTES + 1000);
});

test("a page that gives back more than it got gains nothing", () => {
  line.addCredit(10 * WIRE_CREDIT_BYTES);
  for (let i = 0; i < 10; i++) {
    out.push(new Uint8Array(UART_TX_CAPACITY));
    line.rung();
  }
  expect(outputBytes()).toBe(WIRE_CREDIT_BYTES);
});

test("input goes into the guest's ring and is receipted when it is there", () => {
  line.input(text("hi"));
  expect([...into.take(9)]).toEqual([...text("hi")]);
  expect(taken()).toBe(2);
  expect(pumps).toBe(1);
});

test("input that finds no room waits in order", () => {
  line.input(new Uint8Array(UART_RX_CAPACITY).fill(1));
  line.input(text("xyz"));
  expect(taken()).toBe(UART_RX_CAPACITY);
  into.drop(2);
  line.rung();
  expect(taken()).toBe(UART_RX_CAPACITY + 2);
  into.drop(UART_RX_CAPACITY - 2);
  line.rung();
  expect([...into.take(9)]).toEqual([...text("xyz")]);
});

test("a break is an entry of its own and no byte of input", () => {
  line.input(text("a"));
  line.sendBreak();
  expect([...into.take(9)]).toEqual([97, UART_RX_BREAK]);
  expect(taken()).toBe(1);
});

test("a reset drops input and receipts it, so that no writer waits for ever", () => {
  line.input(new Uint8Array(UART_RX_CAPACITY + 5));
  line.reset();
  expect(into.length).toBe(0);
  expect(taken()).toBe(UART_RX_CAPACITY + 5);
});

test("the end sends the rest whatever the credit", () => {
  for (let i = 0; i < 6; i++) {
    out.push(new Uint8Array(UART_TX_CAPACITY));
    line.rung();
  }
  const rest = out.length;
  expect(rest).toBeGreaterThan(0);
  const before = outputBytes();
  line.flush();
  expect(outputBytes()).toBe(before + rest);
});
