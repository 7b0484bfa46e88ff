/** One port's pair of queues: what the driver queues goes out, what the host has comes in (virtio 1.3 §5.3.6). */
import { gather, scatter, totalBytes } from "../../buffers.ts";
import type { CharBackend } from "../../ports.ts";
import type { Chain } from "../queue/chain.ts";
import { BURST_CHAINS, type VirtioContext } from "../virtio-device.ts";

/** Bytes handed to the backend at a time. */
const PIECE_BYTES = 0x1_0000;

/** `pending` holds the output of the chain `id` that the backend has not taken; none: slots 0. */
export type PortState = {
  readonly pending: Uint8Array;
  readonly id: number;
  readonly slots: number;
};

export class PortQueues {
  readonly receiveQueue: number;
  readonly transmitQueue: number;
  readonly #backend: CharBackend;
  #context: VirtioContext | null = null;
  /** Whether the guest takes input; it waits in the backend meanwhile. */
  #isListening = true;
  /** The output being written while the backend is full: the chain and the bytes already out. */
  #sending: { readonly chain: Chain; done: number } | null = null;

  constructor(backend: CharBackend, receiveQueue: number, transmitQueue: number) {
    this.#backend = backend;
    this.receiveQueue = receiveQueue;
    this.transmitQueue = transmitQueue;
    backend.attach({ onReadable: () => this.receive(), onWritable: () => this.transmit() });
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  listen(isListening: boolean): void {
    this.#isListening = isListening;
    if (isListening) this.receive();
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.transmit();
    this.receive();
  }

  deactivate(): void {
    this.#context = null;
    this.#sending = null;
  }

  /** The driver reset a queue. */
  stop(queue: number): void {
    if (queue === this.transmitQueue) this.#sending = null;
  }

  notify(queue: number): void {
    if (queue === this.transmitQueue) this.transmit();
    else if (queue === this.receiveQueue) this.receive();
  }

  /** Writes out what the driver queued, until it is done or the backend is full. */
  transmit(): void {
    for (let served = 0; served < BURST_CHAINS; served++) {
      const queue = this.#context?.queue(this.transmitQueue);
      if (!queue) return;
      if (!this.#sending) {
        const chain = queue.pop();
        if (!chain) return;
        this.#sending = { chain, done: 0 };
      }
      const { chain } = this.#sending;
      if (!this.#send(this.#sending)) return;
      this.#sending = null;
      queue.push(chain, 0);
    }
    this.#context?.again(this.transmitQueue);
  }

  /** @returns true when all of it is out */
  #send(sending: { readonly chain: Chain; done: number }): boolean {
    const total = totalBytes(sending.chain.readable);
    while (sending.done < total) {
      const piece = gather(sending.chain.readable, PIECE_BYTES, sending.done);
      const taken = this.#backend.write(piece);
      sending.done += taken;
      if (taken < piece.length) return false;
    }
    return true;
  }

  /** Fills the buffers that the driver offers with what the backend has. */
  receive(): void {
    if (!this.#isListening) return;
    for (let served = 0; served < BURST_CHAINS; served++) {
      const queue = this.#context?.queue(this.receiveQueue);
      const chain = queue?.pop();
      if (!queue || !chain) return;
      const room = totalBytes(chain.writable);
      const bytes = this.#backend.read(Math.min(room, PIECE_BYTES));
      if (bytes.length === 0 && room > 0) return queue.unpop(chain);
      queue.push(chain, scatter(chain.writable, bytes));
    }
    this.#context?.again(this.receiveQueue);
  }

  save(): PortState {
    const { chain, done } = this.#sending ?? { chain: null, done: 0 };
    const pending = gather(chain?.readable ?? [], Infinity, done);
    return { pending, id: chain?.id ?? 0, slots: chain?.slots ?? 0 };
  }

  restore({ pending, id, slots }: PortState): void {
    const chain = { id, slots, readable: [pending], writable: [] };
    this.#sending = slots > 0 ? { chain, done: 0 } : null;
  }
}
