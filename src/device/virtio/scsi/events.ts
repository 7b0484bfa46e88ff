import { scatter, totalBytes } from "../../buffers.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { Queue } from "../queue/queue.ts";
import { BURST_CHAINS } from "../virtio-device.ts";
import { Event, EVENT_BYTES } from "./regs.ts";

export interface ScsiEvent {
  readonly event: number;
  readonly lun: Uint8Array;
  readonly reason: number;
}

/** Events that wait for a buffer; beyond these the driver is told that it missed some. */
const MOST_WAITING = 64;

/** The event queue: news for which the driver has to offer buffers (virtio 1.3 §5.6.6.3). */
export class ScsiEvents {
  readonly #queue: () => Queue | null;
  #waiting: ScsiEvent[] = [];
  #missed = false;

  constructor(queue: () => Queue | null) {
    this.#queue = queue;
  }

  send(event: ScsiEvent): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event);
    else this.#missed = true;
    this.flush();
  }

  /** Hands out what waits, as far as there are buffers. */
  flush(): void {
    for (let served = 0; served < BURST_CHAINS; served++) {
      if (this.#waiting.length === 0 && !this.#missed) return;
      const queue = this.#queue();
      const chain = queue?.pop();
      if (!queue || !chain) return;
      const next = this.#waiting.shift() ?? { event: 0, lun: new Uint8Array(8), reason: 0 };
      if (totalBytes(chain.writable) < EVENT_BYTES) {
        // §5.6.6.3: a buffer that is too small costs the event.
        this.#missed = true;
        queue.push(chain, 0);
        continue;
      }
      queue.push(chain, scatter(chain.writable, this.#bytes(next)));
    }
  }

  reset(): void {
    this.#waiting = [];
    this.#missed = false;
  }

  #bytes({ event, lun, reason }: ScsiEvent): Uint8Array {
    const bytes = new Uint8Array(EVENT_BYTES);
    const view = viewOf(bytes);
    view.setUint32(0, (event | (this.#missed ? Event.missed : 0)) >>> 0, true);
    bytes.set(lun, 4);
    view.setUint32(12, reason, true);
    this.#missed = false;
    return bytes;
  }
}
