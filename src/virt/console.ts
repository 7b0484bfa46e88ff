/** A domain's consoles: what was said so far, and what is being said. */

/**
 * The names that libvirt gives the devices: `serial0` is the UART (Linux: ttyS0), `console1` the
 * virtio console (hvc0).
 */
export type ConsoleDevice = "serial0" | "console1";

/** Takes a piece of output; a promise makes the guest wait until it resolves. */
export type ConsoleListener = (bytes: Uint8Array) => void | Promise<void>;

export interface DomainConsole {
  /** Hands over the kept output, then follows; returns a function that stops it. */
  attach(listener: ConsoleListener): () => void;
  /** Output kept so far, at most `BACKLOG_BYTES` of it. */
  backlog(): Uint8Array;
  /** Sends bytes to the guest. Does nothing while the domain is not active. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends a break condition (Linux: the SysRq prefix); absent where the device has none. */
  sendBreak?(): Promise<void>;
  /** Tells the guest the terminal's size in characters; absent where the device cannot. */
  resize?(columns: number, rows: number): void;
}

/** Output kept for listeners that attach late; some ten thousand lines. */
export const BACKLOG_BYTES = 1 << 20;

/** Keeps the newest output and passes it on. */
export class ConsoleLog {
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  readonly #listeners = new Set<ConsoleListener>();

  /** Appends output; resolves once every listener took it. */
  async push(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#sizeBytes += bytes.length;
    this.#trim();
    await Promise.all([...this.#listeners].map(async (listener) => listener(bytes)));
  }

  attach(listener: ConsoleListener): () => void {
    const kept = this.backlog();
    if (kept.length > 0) void listener(kept);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  backlog(): Uint8Array {
    if (this.#chunks.length > 1) this.#chunks = [concat(this.#chunks, this.#sizeBytes)];
    return this.#chunks[0] ?? new Uint8Array(0);
  }

  /** Drops whole chunks while the rest is enough, and cuts a chunk that is too much alone. */
  #trim(): void {
    while (this.#chunks.length > 1 && this.#sizeBytes - this.#chunks[0]!.length >= BACKLOG_BYTES) {
      this.#sizeBytes -= this.#chunks.shift()!.length;
    }
    const first = this.#chunks[0]!;
    const excess = this.#sizeBytes - BACKLOG_BYTES;
    if (excess <= 0) return;
    this.#chunks[0] = first.subarray(excess);
    this.#sizeBytes -= excess;
  }
}

function concat(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const all = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
