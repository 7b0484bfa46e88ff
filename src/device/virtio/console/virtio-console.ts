/** The console device with its one port, size and emergency write (virtio 1.3 §5.3). */
import type { CharBackend, Trace } from "../../ports.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import { viewOf } from "../../../util/bytes.ts";
import { readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import { PortQueues, type PortState } from "./port-queues.ts";

const RECEIVE_QUEUE = 0;
const TRANSMIT_QUEUE = 1;
export const QUEUE_SIZE = 128;
/** Feature bits (§5.3.3). */
export const ConsoleFeature = {
  size: 1n << 0n,
  multiport: 1n << 1n,
  emergWrite: 1n << 2n,
} as const;
/** struct virtio_console_config: u16 cols, u16 rows, u32 max_nr_ports, u32 emerg_wr (§5.3.4). */
export const ConsoleConfig = { cols: 0, rows: 2, maxPorts: 4, emergWrite: 8, bytes: 12 } as const;

export interface VirtioConsolePorts {
  readonly backend: CharBackend;
  readonly trace: Trace;
}

type ConsoleState = PortState & { readonly config: Uint8Array };

export class VirtioConsole implements VirtioDevice {
  readonly name = "virtio-console";
  readonly deviceId = 3;
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE];
  readonly features = ConsoleFeature.size | ConsoleFeature.emergWrite;
  readonly configBytes = ConsoleConfig.bytes;
  readonly snapshot;
  readonly #ports: VirtioConsolePorts;
  readonly #config = new Uint8Array(ConsoleConfig.bytes);
  readonly #port: PortQueues;
  #context: VirtioContext | null = null;

  constructor(ports: VirtioConsolePorts) {
    this.#ports = ports;
    this.#port = new PortQueues(ports.backend, RECEIVE_QUEUE, TRANSMIT_QUEUE);
    viewOf(this.#config).setUint32(ConsoleConfig.maxPorts, 1, true);
    const restore = (state: ConsoleState): void => this.#restore(state);
    this.snapshot = recordSection("virtio-console", 1, () => this.#save(), restore);
  }

  /** The terminal's size in characters, for the guest's window size. */
  resize(cols: number, rows: number): void {
    const view = viewOf(this.#config);
    view.setUint16(ConsoleConfig.cols, cols, true);
    view.setUint16(ConsoleConfig.rows, rows, true);
    this.#context?.configChanged();
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  /** emerg_wr takes one character at any time, even before the driver is up (§5.3.4). */
  writeConfig(offset: number, _size: AccessSize, value: number): void {
    if (offset === ConsoleConfig.emergWrite) this.#ports.backend.write(Uint8Array.of(value & 0xff));
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.#port.activate(context);
  }

  deactivate(): void {
    this.#context = null;
    this.#port.deactivate();
  }

  stopQueue(queue: number): void {
    this.#port.stop(queue);
  }

  notify(queue: number): void {
    this.#port.notify(queue);
  }

  #save(): ConsoleState {
    return { config: this.#config.slice(), ...this.#port.save() };
  }

  #restore({ config, ...port }: ConsoleState): void {
    this.#config.set(config.subarray(0, ConsoleConfig.bytes));
    this.#port.restore(port);
  }
}
