import {
  WIRE_CREDIT_BYTES,
  type WirePort,
  type WireToMachine,
  type WireToPage,
} from "../../protocol/wire.ts";

/** One console of the machine, as the wire addresses it. */
export interface ConsoleLine {
  /** The page's reader consumed `bytes`. */
  addCredit(bytes: number): void;
  input(bytes: Uint8Array): void;
  sendBreak(): void;
  resize(columns: number, rows: number): void;
  /** Sends what the guest wrote already, whatever the credit: the machine ends. */
  flush(): void;
  /** Forgets input under way: it was for the machine as it was before its reset. */
  reset(): void;
}

/** The sending side of a line: output within the page's credit, and receipts for input. */
export class LineSender {
  readonly #wire: Pick<WirePort<WireToPage, WireToMachine>, "postMessage">;
  readonly #line: number;
  #credit = WIRE_CREDIT_BYTES;

  constructor(wire: Pick<WirePort<WireToPage, WireToMachine>, "postMessage">, line: number) {
    this.#wire = wire;
    this.#line = line;
  }

  /** Bytes that may be sent. A page that gives back more than it got gains nothing. */
  get credit(): number {
    return this.#credit;
  }

  addCredit(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, WIRE_CREDIT_BYTES);
  }

  /** Sends bytes, whose buffer moves; credit may become negative at the machine's end only. */
  send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#credit -= bytes.length;
    this.#wire.postMessage({ type: "output", line: this.#line, bytes }, [bytes.buffer]);
  }

  taken(bytes: number): void {
    if (bytes > 0) this.#wire.postMessage({ type: "taken", line: this.#line, bytes });
  }
}
