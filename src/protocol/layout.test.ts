import { expect, test } from "vitest";
import * as layout from "./layout.ts";

/** Name, first byte and size of each part that is where the configuration does not matter. */
const PARTS: readonly (readonly [string, number, number])[] = [
  ["CONTROL", layout.CONTROL_BASE, layout.CONTROL.sizeBytes],
  ["UART", layout.UART_BASE, layout.UART.sizeBytes],
  ["ACLINT", layout.ACLINT_BASE, layout.ACLINT.sizeBytes],
  ["VIRTIO", layout.VIRTIO_BASE, layout.VIRTIO.sizeBytes],
  ["PLIC", layout.PLIC_BASE, layout.PLIC.sizeBytes],
  ["HART", layout.HART_BASE, layout.MAX_HARTS * layout.HART_STRIDE],
  ["console out", layout.UART_TX_RING, layout.RING_DATA + layout.UART_TX_CAPACITY],
  ["console in", layout.UART_RX_RING, layout.RING_DATA + 2 * layout.UART_RX_CAPACITY],
  ["what depends on the configuration", layout.DYNAMIC_BASE, 0],
];

test("no part of shared memory reaches into the next one", () => {
  let end = layout.CORE_DATA_BASE;
  for (const [name, first, bytes] of PARTS) {
    expect([name, first]).toEqual([name, Math.max(first, end)]);
    end = first + bytes;
  }
});

test("a hart's TLBs, their lists and its own record stay in its block", () => {
  const { HART_STRIDE, TLB_BASE, TLB_MODES, TLB_MODE_BYTES, TLB_LOG, CROSS_RECORD } = layout;
  const { HART, TLB_LOGS, TLB_LOG_BYTES } = layout;
  expect(TLB_BASE).toBeGreaterThanOrEqual(HART.sizeBytes);
  expect(TLB_LOG).toBeGreaterThanOrEqual(TLB_BASE + TLB_MODES * TLB_MODE_BYTES);
  expect(CROSS_RECORD).toBeGreaterThanOrEqual(TLB_LOG + TLB_LOGS * TLB_LOG_BYTES);
  // Two records, a pair for an instruction of four bytes: asm/interp/fetch.ts.
  expect(HART_STRIDE).toBeGreaterThanOrEqual(CROSS_RECORD + 24);
});
