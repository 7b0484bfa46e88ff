/**
 * The 16550's two FIFOs. The transmitter's is the console-out ring. The receiver's is what came
 * through loopback, then the console-in ring, of which the guest sees the first 16 entries.
 * The caller holds the irqchip's lock.
 */
import {
  DOORBELL_UART,
  RING_DATA,
  RING_HEAD,
  RING_TAIL,
  UART_BASE,
  UART_BREAK_SEEN,
  UART_FCR,
  UART_LOOP,
  UART_LOOP_COUNT,
  UART_LOOP_HEAD,
  UART_LSR_ERRORS,
  UART_MCR,
  UART_RX_BREAK,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "../generated/layout";
import { ringDoorbell } from "./doorbell";

export const MCR_LOOP: u32 = 0x10;
export const FCR_ENABLE: u32 = 0x01;
export const LSR_OVERRUN: u32 = 0x02;
export const LSR_BREAK: u32 = 0x10;
const FIFO_DEPTH: u32 = 16;
const RX_BREAK: u32 = <u32>UART_RX_BREAK;
const RX_INDEX_MASK: u32 = <u32>UART_RX_CAPACITY - 1;
const TX_CAPACITY: u32 = <u32>UART_TX_CAPACITY;

export function uartGet(field: usize): u32 {
  return load<u8>(UART_BASE + field);
}

export function uartSet(field: usize, value: u32): void {
  store<u8>(UART_BASE + field, value);
}

function ringCount(ring: usize): u32 {
  return atomic.load<u32>(ring + RING_HEAD) - atomic.load<u32>(ring + RING_TAIL);
}

/** Characters that a FIFO holds: one when FIFO mode is off. */
function depth(): u32 {
  return uartGet(UART_FCR) & FCR_ENABLE ? FIFO_DEPTH : 1;
}

/** The console is unplugged from the receiver in loopback mode. */
function wireCount(): u32 {
  return uartGet(UART_MCR) & MCR_LOOP ? 0 : min(ringCount(UART_RX_RING), depth());
}

/** Characters that the guest can read. */
export function rxCount(): u32 {
  return uartGet(UART_LOOP_COUNT) + wireCount();
}

/** The console-in entry at `tail`. */
function wireEntry(): u32 {
  const tail = atomic.load<u32>(UART_RX_RING + RING_TAIL);
  const at = UART_RX_RING + RING_DATA + ((<usize>(tail & RX_INDEX_MASK)) << 1);
  return load<u16>(at);
}

/** True while the oldest character is a break that LSR has not reported. */
export function breakAtTop(): bool {
  if (uartGet(UART_LOOP_COUNT) || uartGet(UART_BREAK_SEEN) || !wireCount()) return false;
  return (wireEntry() & RX_BREAK) != 0;
}

/** Removes `count` console-in entries, at most as many as there are. */
function dropWire(count: u32): void {
  if (!count) return;
  const tail = atomic.load<u32>(UART_RX_RING + RING_TAIL);
  atomic.store<u32>(UART_RX_RING + RING_TAIL, tail + count);
  uartSet(UART_BREAK_SEEN, 0);
  // The producer may hold more than the ring took.
  if (!ringCount(UART_RX_RING)) ringDoorbell(DOORBELL_UART);
}

function popLoop(): u32 {
  const head = uartGet(UART_LOOP_HEAD);
  uartSet(UART_LOOP_HEAD, (head + 1) & (FIFO_DEPTH - 1));
  uartSet(UART_LOOP_COUNT, uartGet(UART_LOOP_COUNT) - 1);
  return uartGet(UART_LOOP + head);
}

/** Takes the oldest received character; 0 when there is none. A break reads as zero. */
export function rxPop(): u32 {
  if (uartGet(UART_LOOP_COUNT)) return popLoop();
  if (!wireCount()) return 0;
  const entry = wireEntry();
  dropWire(1);
  return entry & RX_BREAK ? 0 : entry & 0xff;
}

/** Loses what the guest could have read, but not what waits behind the FIFO's 16 characters. */
export function rxClear(): void {
  uartSet(UART_LOOP_COUNT, 0);
  dropWire(wireCount());
}

/** Receives a character that the transmitter sent to itself. */
export function loopPush(byte: u32): void {
  const count = uartGet(UART_LOOP_COUNT);
  if (count >= depth()) {
    uartSet(UART_LSR_ERRORS, uartGet(UART_LSR_ERRORS) | LSR_OVERRUN);
    return;
  }
  uartSet(UART_LOOP + ((uartGet(UART_LOOP_HEAD) + count) & (FIFO_DEPTH - 1)), byte);
  uartSet(UART_LOOP_COUNT, count + 1);
}

/** True while a driver that sees LSR.THRE may write a whole FIFO without looking again. */
export function txHasRoom(): bool {
  return ringCount(UART_TX_RING) + FIFO_DEPTH <= TX_CAPACITY;
}

/** Sends a character; it is lost when the guest disregards LSR.THRE for too long. */
export function txPush(byte: u32): void {
  const head = atomic.load<u32>(UART_TX_RING + RING_HEAD);
  if (head - atomic.load<u32>(UART_TX_RING + RING_TAIL) >= TX_CAPACITY) return;
  store<u8>(UART_TX_RING + RING_DATA + (head & (TX_CAPACITY - 1)), byte);
  atomic.store<u32>(UART_TX_RING + RING_HEAD, head + 1);
  ringDoorbell(DOORBELL_UART);
}
