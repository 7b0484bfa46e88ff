/** The input device (virtio 1.3 §5.8): what it is says its configuration, events go to the driver. */
import { gather, scatter, totalBytes } from "../../buffers.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import type { Trace } from "../../ports.ts";
import type { Chain } from "../queue/chain.ts";
import { BURST_CHAINS, readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import {
  type ConfigItem,
  EVENT_BYTES,
  EVENT_QUEUE,
  eventBytes,
  EventType,
  InputConfig,
  type InputEvent,
  parseEvent,
  STATUS_QUEUE,
  SYN_REPORT,
} from "./regs.ts";

const QUEUE_SIZE = 64;
const SYNC: InputEvent = { type: EventType.syn, code: SYN_REPORT, value: 0 };

export interface InputModel {
  /** `virtio-keyboard`. */
  readonly name: string;
  readonly pciClass: number;
  readonly config: readonly ConfigItem[];
}

export interface VirtioInputPorts {
  readonly trace: Trace;
  /** Hears that a driver has begun to listen, or has ceased to. */
  readonly listens?: (device: VirtioInput, isListening: boolean) => void;
}

export class VirtioInput implements VirtioDevice {
  readonly name: string;
  readonly deviceId = 18;
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE];
  readonly features = 0n;
  readonly configBytes: number;
  readonly pciClass: number;
  readonly snapshot;
  readonly #config: readonly ConfigItem[];
  readonly #ports: VirtioInputPorts;
  #context: VirtioContext | null = null;
  #select = 0;
  #subsel = 0;
  /** Bit N: the driver has switched on LED N. */
  #leds = 0;

  constructor({ name, pciClass, config }: InputModel, ports: VirtioInputPorts) {
    this.name = name;
    this.pciClass = pciClass;
    this.#config = config;
    this.#ports = ports;
    // As under QEMU there is room for the longest item and no more.
    this.configBytes = InputConfig.payload + Math.max(...config.map(({ bytes }) => bytes.length));
    const save = () => ({ select: this.#select, subsel: this.#subsel, leds: this.#leds });
    this.snapshot = recordSection("virtio-input", 1, save, (state) => {
      this.#select = state.select & 0xff;
      this.#subsel = state.subsel & 0xff;
      this.#leds = state.leds;
    });
  }

  /** Bit N: LED N of Linux's codes is on. */
  get leds(): number {
    return this.#leds;
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#selected(), offset, size);
  }

  /** Only `select` and `subsel` are the driver's to write (§5.8.5.1). */
  writeConfig(offset: number, size: AccessSize, value: number): void {
    if (offset === InputConfig.select) this.#select = value & 0xff;
    const at = InputConfig.subsel - offset;
    if (at >= 0 && at < size) this.#subsel = (value >>> (8 * at)) & 0xff;
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.#ports.listens?.(this, true);
    this.notify(STATUS_QUEUE);
  }

  deactivate(): void {
    const wasListening = this.#context !== null;
    this.#context = null;
    this.#select = 0;
    this.#subsel = 0;
    this.#leds = 0;
    if (wasListening) this.#ports.listens?.(this, false);
  }

  stopQueue(): void {}

  /** Events wait for nobody: those of the past are gone, so that buffers for new ones are no news. */
  notify(index: number): void {
    const queue = index === STATUS_QUEUE ? this.#context?.queue(index) : null;
    if (!queue) return;
    for (let served = 0; served < BURST_CHAINS; served++) {
      const chain = queue.pop();
      if (!chain) return;
      this.#takeStatus(chain);
      queue.push(chain, 0);
    }
    this.#context?.again(index);
  }

  /**
   * Hands out events that belong together, and the SYN_REPORT behind them. They are lost as a whole
   * when the driver does not listen, or offers too few buffers: a half of them would mislead (§5.8.6.2).
   *
   * @returns whether the driver has got them
   */
  report(events: readonly InputEvent[]): boolean {
    const queue = this.#context?.queue(EVENT_QUEUE);
    if (!queue) return false;
    const all = [...events, SYNC];
    const chains: Chain[] = [];
    while (chains.length < all.length) {
      const chain = queue.pop();
      if (!chain) {
        for (const taken of chains.toReversed()) queue.unpop(taken);
        return false;
      }
      chains.push(chain);
    }
    all.forEach((event, i) => {
      const chain = chains[i] as Chain;
      const written = scatter(chain.writable, eventBytes(event));
      if (written < EVENT_BYTES) this.#misuse("an event's buffer is too small");
      queue.publish(chain, written);
    });
    queue.signal();
    return true;
  }

  #takeStatus({ readable }: Chain): void {
    if (totalBytes(readable) < EVENT_BYTES) return this.#misuse("a status event is too small");
    const { type, code, value } = parseEvent(gather(readable, EVENT_BYTES));
    if (type !== EventType.led || code > 31) return;
    const bit = 1 << code;
    this.#leds = value === 0 ? this.#leds & ~bit : this.#leds | bit;
  }

  /** The configuration as the selection has it: all zeros where there is no such item (§5.8.5.2). */
  #selected(): Uint8Array {
    const config = new Uint8Array(this.configBytes);
    const [select, subsel] = [this.#select, this.#subsel];
    const item = this.#config.find(
      (each) => each.select === select && (each.subsel ?? 0) === subsel,
    );
    if (!item) return config;
    config[InputConfig.select] = select;
    config[InputConfig.subsel] = subsel;
    config[InputConfig.size] = item.bytes.length;
    config.set(item.bytes, InputConfig.payload);
    return config;
  }

  #misuse(message: string): void {
    this.#ports.trace.guestError(this.name, message);
  }
}
