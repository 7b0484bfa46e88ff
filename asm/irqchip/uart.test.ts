import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  Doorbell,
  Irqchip as Map,
  UART_RX_BREAK,
  UART_TX_CAPACITY,
} from "../../src/protocol/layout.ts";
import { Board, compileIrqchip } from "./harness.ts";

const [THR, IER, FCR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const RBR = THR;
const IIR = FCR;
const SEIP = 1 << 9;

let module: WebAssembly.Module;
let board: Board;

beforeAll(async () => {
  module = await compileIrqchip();
}, 60_000);

beforeEach(() => {
  board = new Board(module);
});

/** Routes the UART's interrupt to S-mode of hart 0. */
function routeIrq(): void {
  board.write(Map.plicBase + 4 * Map.uartIrq, 1);
  board.write(Map.plicBase + 0x2080, 1 << Map.uartIrq);
}

/** Claims and completes at the PLIC; true when the UART still asks for service. */
function irqHigh(): boolean {
  const claim = Map.plicBase + 0x20_1004;
  const source = board.read(claim);
  board.write(claim, source);
  return board.read(claim) === Map.uartIrq && (board.write(claim, Map.uartIrq), true);
}

describe("registers", () => {
  test("reset values", () => {
    expect(board.uart(IER)).toBe(0);
    expect(board.uart(IIR)).toBe(0x01);
    expect(board.uart(LCR)).toBe(0);
    expect(board.uart(MCR)).toBe(0);
    expect(board.uart(LSR)).toBe(0x60);
    expect(board.uart(MSR)).toBe(0xb0);
  });

  test("the divisor latch lies over the first two registers", () => {
    board.uartSet(IER, 0x05);
    board.uartSet(LCR, 0x83);
    board.uartSet(0, 0x34);
    board.uartSet(1, 0x12);
    expect([board.uart(0), board.uart(1)]).toEqual([0x34, 0x12]);
    board.uartSet(LCR, 0x03);
    expect(board.uart(IER)).toBe(0x05);
    expect(board.drain()).toEqual([]);
  });

  test("scratch keeps a byte, line and modem status ignore writes", () => {
    board.uartSet(SCR, 0x15a);
    board.uartSet(LSR, 0xff);
    board.uartSet(MSR, 0xff);
    expect([board.uart(SCR), board.uart(LSR), board.uart(MSR)]).toEqual([0x5a, 0x60, 0xb0]);
  });

  test("wide accesses see the one register, the rest of the window reads zero", () => {
    board.write(Map.uartBase + SCR, 0xffff_ff42, 4);
    expect(board.read(Map.uartBase + SCR, 4)).toBe(0x42);
    board.uartSet(8, 0xff);
    expect([board.uart(8), board.uart(0xff)]).toEqual([0, 0]);
  });
});

describe("what the Linux 8250 driver probes", () => {
  test("IER keeps its low four bits", () => {
    board.uartSet(IER, 0);
    expect(board.uart(IER) & 0x0f).toBe(0);
    board.uartSet(IER, 0x0f);
    expect(board.uart(IER) & 0x0f).toBe(0x0f);
    board.uartSet(IER, 0xff);
    expect(board.uart(IER)).toBe(0x0f);
  });

  test("loopback connects the modem outputs to the inputs", () => {
    board.uartSet(MCR, 0x1a);
    expect(board.uart(MSR) & 0xf0).toBe(0x90);
    board.uartSet(MCR, 0x15);
    expect(board.uart(MSR) & 0xf0).toBe(0x60);
    board.uartSet(MCR, 0xff);
    expect(board.uart(MCR)).toBe(0x1f);
  });

  test("FIFOs show as those of a 16550A, not of a 16750", () => {
    board.uartSet(FCR, 0x01);
    expect(board.uart(IIR) >> 6).toBe(3);
    board.uartSet(LCR, 0x80);
    board.uartSet(FCR, 0x21);
    expect(board.uart(IIR) >> 5).toBe(6);
    board.uartSet(LCR, 0);
    board.uartSet(FCR, 0);
    expect(board.uart(IIR) >> 6).toBe(0);
  });

  test("a loopback FIFO test counts 16 characters, the 17th overruns", () => {
    board.uartSet(FCR, 0x07);
    board.uartSet(MCR, 0x10);
    for (let count = 0; count < 20; count++) board.uartSet(THR, count);
    expect(board.uart(LSR) & 0x03).toBe(0x03);
    expect(board.uart(LSR) & 0x02).toBe(0);
    let received = 0;
    for (; board.uart(LSR) & 1; received++) expect(board.uart(RBR)).toBe(received);
    expect(received).toBe(16);
    expect(board.drain()).toEqual([]);
  });

  test("THRE is requested each time its interrupt is enabled", () => {
    board.uartSet(IER, 0x02);
    const first = board.uart(IIR);
    board.uartSet(IER, 0);
    board.uartSet(IER, 0x02);
    const second = board.uart(IIR);
    expect([first & 0x0f, second & 0x0f]).toEqual([0x02, 0x02]);
  });
});

describe("transmitting", () => {
  test("characters reach the ring in order and ring the doorbell once", () => {
    for (const byte of [0x48, 0x69, 0xff]) board.uartSet(THR, byte);
    expect(board.takeDoorbell()).toBe(Doorbell.uart);
    expect(board.rings).toBe(1);
    expect(board.drain()).toEqual([0x48, 0x69, 0xff]);
  });

  test("THRE interrupts until IIR is read, and again after the next character", () => {
    routeIrq();
    board.uartSet(FCR, 0x01);
    board.uartSet(IER, 0x02);
    expect(board.lines(0)).toBe(SEIP);
    expect(board.uart(IIR)).toBe(0xc2);
    expect(board.uart(IIR)).toBe(0xc1);
    irqHigh();
    expect(irqHigh()).toBe(false);
    board.uartSet(THR, 0x41);
    expect(board.lines(0)).toBe(SEIP);
    expect(board.uart(IIR)).toBe(0xc2);
  });

  test("a full ring clears THRE; draining it and a pump request the interrupt", () => {
    routeIrq();
    board.uartSet(FCR, 0x01);
    for (let count = 0; count < UART_TX_CAPACITY + 10; count++) board.uartSet(THR, count);
    expect(board.uart(LSR) & 0x60).toBe(0);
    board.uartSet(IER, 0x02);
    expect(board.uart(IIR)).toBe(0xc1);
    expect(board.drain(15)).toHaveLength(15);
    board.core.uartPump();
    expect(board.uart(LSR) & 0x60).toBe(0);
    board.drain(1);
    board.core.uartPump();
    expect(board.lines(0)).toBe(SEIP);
    expect(board.uart(LSR) & 0x60).toBe(0x60);
    expect(board.uart(IIR)).toBe(0xc2);
    const rest = board.drain();
    expect(rest).toHaveLength(UART_TX_CAPACITY - 16);
    expect(rest.at(-1)).toBe(0xff);
  });
});

describe("receiving", () => {
  test("a character interrupts after the pump and clears when it is read", () => {
    routeIrq();
    board.uartSet(FCR, 0x01);
    board.uartSet(IER, 0x01);
    board.type(0x61);
    board.core.uartPump();
    expect(board.lines(0)).toBe(SEIP);
    expect(board.uart(IIR)).toBe(0xc4);
    expect(board.uart(LSR) & 1).toBe(1);
    expect(board.uart(RBR)).toBe(0x61);
    expect(board.uart(LSR) & 1).toBe(0);
    irqHigh();
    expect(irqHigh()).toBe(false);
  });

  test("fewer characters than the trigger level show as a time-out", () => {
    board.uartSet(FCR, 0x81);
    board.uartSet(IER, 0x01);
    board.type(...Array.from({ length: 7 }, (_, at) => at));
    expect(board.uart(IIR)).toBe(0xcc);
    board.type(7);
    expect(board.uart(IIR)).toBe(0xc4);
  });

  test("draining the last character tells the machine worker", () => {
    board.type(1, 2);
    board.uart(RBR);
    expect(board.takeDoorbell()).toBe(0);
    board.uart(RBR);
    expect(board.takeDoorbell()).toBe(Doorbell.uart);
  });

  test("clearing the FIFO loses 16 characters, not what waits behind them", () => {
    board.uartSet(FCR, 0x01);
    board.type(...Array.from({ length: 20 }, (_, at) => at));
    board.uartSet(FCR, 0x03);
    expect([0, 0, 0, 0].map(() => board.uart(RBR))).toEqual([16, 17, 18, 19]);
    expect(board.uart(LSR) & 1).toBe(0);
  });

  test("reading an empty receiver gives zero", () => {
    expect(board.uart(RBR)).toBe(0);
  });

  test("loopback unplugs the console", () => {
    board.type(0x61);
    board.uartSet(MCR, 0x10);
    expect(board.uart(LSR) & 1).toBe(0);
    board.uartSet(MCR, 0);
    expect(board.uart(RBR)).toBe(0x61);
  });

  test("a break is one zero byte with BI, reported once, in its place", () => {
    board.uartSet(FCR, 0x01);
    board.uartSet(IER, 0x05);
    board.type(0x61, UART_RX_BREAK, 0x62);
    expect(board.uart(LSR)).toBe(0x61);
    expect(board.uart(RBR)).toBe(0x61);
    expect(board.uart(IIR)).toBe(0xc6);
    expect(board.uart(LSR)).toBe(0xf1);
    expect(board.uart(LSR)).toBe(0x61);
    expect(board.uart(IIR)).toBe(0xc4);
    expect(board.uart(RBR)).toBe(0);
    expect(board.uart(RBR)).toBe(0x62);
  });
});

describe("priorities", () => {
  test("line status before data before transmitter before modem status", () => {
    board.uartSet(IER, 0x0f);
    board.uartSet(MCR, 0x10);
    board.uartSet(MCR, 0x00);
    board.type(UART_RX_BREAK);
    expect(board.uart(IIR)).toBe(0x06);
    board.uart(LSR);
    expect(board.uart(IIR)).toBe(0x04);
    board.uart(RBR);
    expect(board.uart(IIR)).toBe(0x02);
    expect(board.uart(IIR)).toBe(0x00);
    expect(board.uart(MSR) & 0x0f).toBe(0x0b);
    expect(board.uart(IIR)).toBe(0x01);
  });
});

test("random accesses keep every invariant", () => {
  let seed = 1;
  const random = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let step = 0; step < 20_000; step++) {
    if (random() % 8 === 0) board.type(random() & 0x1ff);
    if (random() % 2) board.uartSet(random() % 9, random());
    else expect(board.uart(random() % 9)).toBeLessThan(256);
    if (random() % 64 === 0) board.drain();
  }
});

test("reset leaves what the guest printed and what was typed", () => {
  board.uartSet(THR, 0x41);
  board.type(0x42);
  board.uartSet(IER, 0x0f);
  board.core.irqchipReset();
  expect(board.uart(IER)).toBe(0);
  expect(board.drain()).toEqual([0x41]);
  expect(board.uart(RBR)).toBe(0x42);
});
