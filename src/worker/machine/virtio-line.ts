import type { CharBackend } from "../../device/ports.ts";
import type { ConsoleLine, LineSender } from "./console-line.ts";

type Listener = Parameters<CharBackend["attach"]>[0];

/** Between a virtio console and the wire to the page. */
export class VirtioLine implements CharBackend, ConsoleLine {
  readonly #sender: LineSender;
  readonly #resize: (columns: number, rows: number) => void;
  /** Input that the guest has no buffers for yet. */
  readonly #waiting: Uint8Array[] = [];
  #listener: Listener | undefined;

  /** @param resize tells the device the terminal's size */
  constructor(sender: LineSender, resize: (columns: number, rows: number) => void) {
    this.#sender = sender;
    this.#resize = resize;
  }

  write(bytes: Uint8Array): number {
    const count = Math.max(0, Math.min(bytes.length, this.#sender.credit));
    this.#sender.send(bytes.slice(0, count));
    return count;
  }

  read(max: number): Uint8Array {
    const next = this.#waiting[0];
    if (next === undefined || max <= 0) return new Uint8Array(0);
    const part = next.subarray(0, max);
    if (part.length < next.length) this.#waiting[0] = next.subarray(part.length);
    else this.#waiting.shift();
    this.#sender.taken(part.length);
    return part;
  }

  attach(listener: Listener): void {
    this.#listener = listener;
  }

  addCredit(bytes: number): void {
    this.#sender.addCredit(bytes);
    this.#listener?.onWritable();
  }

  input(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#listener?.onReadable();
  }

  /** A virtio console knows no break condition. */
  sendBreak(): void {}

  resize(columns: number, rows: number): void {
    this.#resize(columns, rows);
  }

  /** Nothing is kept here: what was not taken is still in the guest's queue. */
  flush(): void {}

  reset(): void {
    for (const bytes of this.#waiting.splice(0)) this.#sender.taken(bytes.length);
  }
}
