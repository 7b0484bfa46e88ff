/** Rings between the core and the machine worker. */
import { block } from "../block.ts";

/**
 * Single-producer single-consumer ring header; data follows at RING_DATA. `head` counts entries
 * produced and `tail` entries consumed, both modulo 2^32; a ring holds a power of two of them.
 */
export const RING = block("RING", 256, {
  capacity: { type: "u32" },
  head: { type: "u32", align: 64 },
  tail: { type: "u32", align: 64 },
});
export const RING_DATA = 256;

/** Console out: one byte an entry, core → machine worker. */
export const UART_TX_RING = 0x60_0000;
export const UART_TX_CAPACITY = 0x1_0000;
/** Console in: one u16 an entry (bits 0–7 the byte, bit 8 break), machine worker → core. */
export const UART_RX_RING = 0x62_0000;
export const UART_RX_CAPACITY = 0x4000;
export const UART_RX_BREAK = 1 << 8;
