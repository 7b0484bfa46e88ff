/** The console device with its one port, size and emergency write (virtio 1.3 §5.3). */
import type { CharBackend, Trace } from "../../ports.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import { viewOf } from "../../../util/bytes.ts";
import { gather, scatter, totalBytes } from "../../buffers.ts";
import type { Chain } from "../queue/chain.ts";
import { BURST_CHAINS, readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";

const RECEIVE_QUEUE = 0;
const TRANSMIT_QUEUE = 1;
const QUEUE_SIZE = 128;
/** Feature bits (§5.3.3). */
const ConsoleFeature = { size: 1n << 0n, emergWrite: 1n << 2n } as const;
/** struct virtio_console_config: u16 cols, u16 rows, u32 max_nr_ports, u32 emerg_wr (§5.3.4). */
const Config = { cols: 0, rows: 2, maxPorts: 4, emergWrite: 8, bytes: 12 } as const;
/** Bytes handed to the backend at a time. */
const PIECE_BYTES = 0x1_0000;

export interface VirtioConsolePorts {
  readonly backend: CharBackend;
  readonly trace: Trace;
}

/** `pending` holds the output of the chain `id` that the backend has not taken; none: slots 0. */
type ConsoleState = {
  readonly config: Uint8Array;
  readonly pending: Uint8Array;
  readonly id: number;
  readonly slots: number;
};

export class VirtioConsole implements VirtioDevice {
  readonly name = "virtio-console";
  readonly deviceId = 3;
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE];
  readonly features = ConsoleFeature.size | ConsoleFeature.emergWrite;
  readonly configBytes = Config.bytes;
  readonly snapshot;
  readonly #ports: VirtioConsolePorts;
  readonly #config = new Uint8Array(Config.bytes);
  #context: VirtioContext | null = null;
  /** The output being written while the backend is full: the chain and the bytes already out. */
  #sending: { readonly chain: Chain; done: number } | null = null;

  constructor(ports: VirtioConsolePorts) {
    this.#ports = ports;
    viewOf(this.#config).setUint32(Config.maxPorts, 1, true);
    const restore = (state: ConsoleState): void => this.#restore(state);
    this.snapshot = recordSection("virtio-console", 1, () => this.#save(), restore);
    ports.backend.attach({
      onReadable: () => this.#receive(),
      onWritable: () => this.#transmit(),
    });
  }

  /** The terminal's size in characters, for the guest's window size. */
  resize(cols: number, rows: number): void {
    const view = viewOf(this.#config);
    view.setUint16(Config.cols, cols, true);
    view.setUint16(Config.rows, rows, true);
    this.#context?.configChanged();
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  /** emerg_wr takes one character at any time, even before the driver is up (§5.3.4). */
  writeConfig(offset: number, _size: AccessSize, value: number): void {
    if (offset === Config.emergWrite) this.#ports.backend.write(Uint8Array.of(value & 0xff));
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.#transmit();
    this.#receive();
  }

  deactivate(): void {
    this.#context = null;
    this.#sending = null;
  }

  stopQueue(queue: number): void {
    if (queue === TRANSMIT_QUEUE) this.#sending = null;
  }

  notify(queue: number): void {
    if (queue === TRANSMIT_QUEUE) this.#transmit();
    else if (queue === RECEIVE_QUEUE) this.#receive();
  }

  /** Writes out what the driver queued, until it is done or the backend is full. */
  #transmit(): void {
    for (let served = 0; served < BURST_CHAINS; served++) {
      const queue = this.#context?.queue(TRANSMIT_QUEUE);
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
    this.#context?.again(TRANSMIT_QUEUE);
  }

  /** @returns true when all of it is out */
  #send(sending: { readonly chain: Chain; done: number }): boolean {
    const total = totalBytes(sending.chain.readable);
    while (sending.done < total) {
      const piece = gather(sending.chain.readable, PIECE_BYTES, sending.done);
      const taken = this.#ports.backend.write(piece);
      sending.done += taken;
      if (taken < piece.length) return false;
    }
    return true;
  }

  /** Fills the buffers that the driver offers with what the backend has. */
  #receive(): void {
    for (let served = 0; served < BURST_CHAINS; served++) {
      const queue = this.#context?.queue(RECEIVE_QUEUE);
      const chain = queue?.pop();
      if (!queue || !chain) return;
      const room = totalBytes(chain.writable);
      const bytes = this.#ports.backend.read(Math.min(room, PIECE_BYTES));
      if (bytes.length === 0 && room > 0) return queue.unpop(chain);
      queue.push(chain, scatter(chain.writable, bytes));
    }
    this.#context?.again(RECEIVE_QUEUE);
  }

  #save(): ConsoleState {
    const { chain, done } = this.#sending ?? { chain: null, done: 0 };
    const pending = gather(chain?.readable ?? [], Infinity, done);
    return { config: this.#config.slice(), pending, id: chain?.id ?? 0, slots: chain?.slots ?? 0 };
  }

  #restore({ config, pending, id, slots }: ConsoleState): void {
    this.#config.set(config.subarray(0, Config.bytes));
    const chain = { id, slots, readable: [pending], writable: [] };
    this.#sending = slots > 0 ? { chain, done: 0 } : null;
  }
}
