import type { CoreExports } from "../../protocol/core.ts";
import {
  Doorbell,
  RING,
  RING_DATA,
  UART_RX_BREAK,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "../../protocol/layout.ts";
import { Ring } from "../../util/ring.ts";
import type { ConsoleLine, LineSender } from "./console-line.ts";

/** Characters of a burst are sent together this often, in milliseconds: far below what eyes see. */
const GATHER_MS = 4;

/** What the pump holds and releases: see DoorbellWaiter. */
export interface BellHold {
  hold(bits: number): void;
  release(bits: number): void;
}

/** Between the 16550's rings in shared memory and the wire to the page. */
export class UartLine implements ConsoleLine {
  readonly #core: Pick<CoreExports, "uartPump">;
  readonly #sender: LineSender;
  readonly #bell: BellHold;
  readonly #out: Ring<Uint8Array>;
  readonly #in: Ring<Uint16Array>;
  /** Input that the ring has no room for yet, in entries of the ring. */
  readonly #waiting: Uint16Array[] = [];
  #gathering = false;
  #closed = false;

  constructor(
    buffer: ArrayBufferLike,
    core: Pick<CoreExports, "uartPump">,
    sender: LineSender,
    bell: BellHold,
  ) {
    this.#core = core;
    this.#sender = sender;
    this.#bell = bell;
    this.#out = new Ring(Uint8Array, buffer, place(UART_TX_RING, UART_TX_CAPACITY));
    this.#in = new Ring(Uint16Array, buffer, place(UART_RX_RING, UART_RX_CAPACITY));
  }

  /** For Doorbell.uart: sends what is there, then lets characters gather before the next look. */
  rung(): void {
    this.#pump();
    if (this.#gathering || this.#closed) return;
    this.#gathering = true;
    this.#bell.hold(Doorbell.uart);
    setTimeout(() => this.#gathered(), GATHER_MS);
  }

  #gathered(): void {
    this.#gathering = false;
    this.#bell.release(Doorbell.uart);
    // Only a look: a guest that is silent now rings again when it speaks.
    if (this.#pump()) this.rung();
  }

  addCredit(bytes: number): void {
    this.#sender.addCredit(bytes);
    this.#pump();
  }

  input(bytes: Uint8Array): void {
    this.#waiting.push(Uint16Array.from(bytes));
    this.#pump();
  }

  sendBreak(): void {
    this.#waiting.push(Uint16Array.of(UART_RX_BREAK));
    this.#pump();
  }

  /** A 16550 cannot tell the guest how large the terminal is. */
  resize(): void {}

  flush(): void {
    this.#closed = true;
    this.#send(Number.MAX_SAFE_INTEGER);
  }

  reset(): void {
    this.#pump();
    // Harts stand, so that the machine worker may take the consumer's part.
    this.#in.drop(this.#in.length);
    let lost = 0;
    for (const entries of this.#waiting.splice(0)) lost += countBytes(entries);
    this.#sender.taken(lost);
  }

  /** @returns true when anything moved */
  #pump(): boolean {
    if (this.#closed) return false;
    const sent = this.#send(this.#sender.credit);
    const fed = this.#feed();
    if (sent > 0 || fed) this.#core.uartPump();
    return sent > 0 || fed;
  }

  #send(max: number): number {
    const bytes = this.#out.take(Math.max(0, max));
    this.#sender.send(bytes);
    return bytes.length;
  }

  #feed(): boolean {
    let taken = 0;
    let fed = false;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const count = this.#in.push(next);
      if (count === 0) break;
      fed = true;
      taken += countBytes(next.subarray(0, count));
      if (count < next.length) this.#waiting[0] = next.subarray(count);
      else this.#waiting.shift();
    }
    this.#sender.taken(taken);
    return fed;
  }
}

function countBytes(entries: Uint16Array): number {
  return entries.reduce((sum, entry) => (entry & UART_RX_BREAK ? sum : sum + 1), 0);
}

function place(base: number, capacity: number) {
  return {
    head: base + RING.at.head,
    tail: base + RING.at.tail,
    data: base + RING_DATA,
    capacity,
  };
}
