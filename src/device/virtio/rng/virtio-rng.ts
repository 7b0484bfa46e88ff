/** The entropy device (virtio 1.3 §5.4). */
import type { Entropy, Trace } from "../../ports.ts";
import { recordSection } from "../../device-model.ts";
import { totalBytes } from "../../buffers.ts";
import { BURST_CHAINS, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";

const REQUEST_QUEUE = 0;
const QUEUE_SIZE = 64;
/** Most bytes for one request: §5.4.6.2 lets the device use less than the buffer. */
const MAX_REQUEST_BYTES = 0x1_0000;

export interface VirtioRngPorts {
  readonly entropy: Entropy;
  readonly trace: Trace;
}

export class VirtioRng implements VirtioDevice {
  readonly name = "virtio-rng";
  readonly deviceId = 4;
  readonly queueSizes = [QUEUE_SIZE];
  readonly features = 0n;
  readonly configBytes = 0;
  /** Requests are answered at once, so there is nothing between two of them. */
  readonly snapshot = recordSection(
    "virtio-rng",
    1,
    () => ({}),
    () => {},
  );
  readonly #ports: VirtioRngPorts;
  #context: VirtioContext | null = null;

  constructor(ports: VirtioRngPorts) {
    this.#ports = ports;
  }

  readConfig(): number {
    return 0;
  }

  writeConfig(): void {}

  activate(context: VirtioContext): void {
    this.#context = context;
    this.notify(REQUEST_QUEUE);
  }

  deactivate(): void {
    this.#context = null;
  }

  stopQueue(): void {}

  notify(index: number): void {
    const queue = index === REQUEST_QUEUE ? this.#context?.queue(index) : null;
    if (!queue) return;
    for (let served = 0; served < BURST_CHAINS; served++) {
      const chain = queue.pop();
      if (!chain) return;
      if (totalBytes(chain.readable) > 0) {
        this.#ports.trace.guestError(this.name, "a request holds device-readable bytes");
      }
      queue.push(chain, this.#fill(chain.writable));
    }
    this.#context?.again(index);
  }

  #fill(buffers: readonly Uint8Array[]): number {
    let left = MAX_REQUEST_BYTES;
    for (const buffer of buffers) {
      if (left === 0) break;
      const part = buffer.subarray(0, left);
      this.#ports.entropy.fill(part);
      left -= part.length;
    }
    return MAX_REQUEST_BYTES - left;
  }
}
