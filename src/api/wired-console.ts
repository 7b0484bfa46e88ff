import type { WirePort, WireToMachine, WireToPage } from "../protocol/wire.ts";
import type { ConsolePort, SerialPort } from "./machine.ts";

/** Bytes that wait for a slow reader before the guest feels it. */
const READ_AHEAD_BYTES = 0x1_0000;

type Wire = Pick<WirePort<WireToMachine, WireToPage>, "postMessage">;

interface PendingWrite {
  bytes: number;
  resolve(): void;
}

/**
 * A console of the machine. The streams last over the machine's life, the wire to a worker for one
 * run. Without a wire, as with a cable to a machine that is off, what is written is lost.
 */
export class WiredConsole implements SerialPort, ConsolePort {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #line: number;
  #wire: Wire | undefined;
  #output!: ReadableStreamDefaultController<Uint8Array>;
  /** Received in this run and not given back as credit. */
  #owedBytes = 0;
  #writes: PendingWrite[] = [];
  #size: readonly [number, number] | undefined;

  /** @param line the wire's number for it */
  constructor(line: number) {
    this.#line = line;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#output = controller;
        },
        pull: () => this.#giveCredit(),
        cancel: () => this.#giveCredit(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD_BYTES }),
    );
    this.writable = new WritableStream<Uint8Array>({ write: (bytes) => this.send(bytes) });
  }

  async sendBreak(): Promise<void> {
    this.#wire?.postMessage({ type: "break", line: this.#line });
  }

  resize(columns: number, rows: number): void {
    this.#size = [columns, rows];
    this.#sendSize(columns, rows);
  }

  #sendSize(columns: number, rows: number): void {
    this.#wire?.postMessage({ type: "resize", line: this.#line, columns, rows });
  }

  /** Sends bytes past `writable`, which may be locked; resolves as a write there does. */
  async send(bytes: Uint8Array): Promise<void> {
    const wire = this.#wire;
    if (wire === undefined || bytes.length === 0) return;
    wire.postMessage({ type: "input", line: this.#line, bytes });
    await new Promise<void>((resolve) => this.#writes.push({ bytes: bytes.length, resolve }));
  }

  /** Connects to the worker of a new run. */
  attach(wire: Wire): void {
    this.#owedBytes = 0;
    this.#wire = wire;
    if (this.#size !== undefined) this.#sendSize(...this.#size);
  }

  /** The run ended: pending writes resolve, their bytes are lost. */
  detach(): void {
    this.#wire = undefined;
    for (const write of this.#writes.splice(0)) write.resolve();
  }

  /** Bytes from the guest. */
  received(bytes: Uint8Array): void {
    this.#owedBytes += bytes.length;
    try {
      this.#output.enqueue(bytes);
    } catch {
      // The reader cancelled the stream: nobody listens, and the guest shall not wait for it.
      this.#giveCredit();
      return;
    }
    if ((this.#output.desiredSize ?? 1) > 0) this.#giveCredit();
  }

  /** The guest's queue took this many bytes of input. */
  taken(bytes: number): void {
    let left = bytes;
    for (let first = this.#writes[0]; first !== undefined; first = this.#writes[0]) {
      const part = Math.min(left, first.bytes);
      first.bytes -= part;
      left -= part;
      if (first.bytes > 0) return;
      this.#writes.shift();
      first.resolve();
    }
  }

  /** A program in the guest has opened this, or closed it; consoles do not care. */
  opened(_isOpen: boolean): void {}

  #giveCredit(): void {
    if (this.#owedBytes === 0) return;
    this.#wire?.postMessage({ type: "credit", line: this.#line, bytes: this.#owedBytes });
    this.#owedBytes = 0;
  }
}
