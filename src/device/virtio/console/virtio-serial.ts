/** The console device with several named ports that no terminal is behind (virtio 1.3 §5.3, MULTIPORT). */
import type { CharBackend, Trace } from "../../ports.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import { gather, scatter, totalBytes } from "../../buffers.ts";
import { utf8Bytes, viewOf } from "../../../util/bytes.ts";
import { BURST_CHAINS, readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import { CONTROL_BYTES, ControlEvent, formatControl, parseControl } from "./control-message.ts";
import { PortQueues, type PortState } from "./port-queues.ts";
import { ConsoleConfig, ConsoleFeature, QUEUE_SIZE } from "./virtio-console.ts";

const CONTROL_RECEIVE = 2;
const CONTROL_TRANSMIT = 3;
/** A port's queues come behind those of the first port and of control. */
const FIRST_QUEUES = 4;
/** A word of notifications has a bit for each queue: 32. */
export const MAX_SERIAL_PORTS = 15;

export interface SerialPortSpec {
  /** 1 to MAX_SERIAL_PORTS - 1: number 0 is a console's. */
  readonly number: number;
  /** What the guest finds it by: `org.qemu.guest_agent.0`. */
  readonly name: string;
  readonly backend: CharBackend;
}

export interface VirtioSerialPorts {
  readonly ports: readonly SerialPortSpec[];
  readonly trace: Trace;
  /** Hears that a program in the guest has opened a port, or closed it. */
  opened(number: number, isOpen: boolean): void;
}

interface Port extends SerialPortSpec {
  readonly queues: PortQueues;
}

type SerialState = {
  /** Numbers of the ports that the guest has open. */
  readonly open: readonly number[];
  /** Messages that the driver has no buffers for yet. */
  readonly waiting: readonly Uint8Array[];
  /** In the order of `ports`. */
  readonly output: readonly PortState[];
};

export class VirtioSerial implements VirtioDevice {
  readonly name = "virtio-serial";
  readonly deviceId = 3;
  readonly queueSizes: readonly number[];
  readonly features = ConsoleFeature.multiport;
  readonly configBytes = ConsoleConfig.bytes;
  readonly snapshot;
  readonly #trace: Trace;
  readonly #opened: VirtioSerialPorts["opened"];
  readonly #ports: readonly Port[];
  readonly #config = new Uint8Array(ConsoleConfig.bytes);
  #context: VirtioContext | null = null;
  #waiting: Uint8Array[] = [];

  constructor({ ports, trace, opened }: VirtioSerialPorts) {
    this.#trace = trace;
    this.#opened = opened;
    this.#ports = ports.map((port) => ({ ...port, queues: queuesOf(port) }));
    const count = 1 + Math.max(0, ...ports.map(({ number }) => number));
    this.queueSizes = Array.from({ length: 2 * (count + 1) }, () => QUEUE_SIZE);
    viewOf(this.#config).setUint32(ConsoleConfig.maxPorts, count, true);
    const restore = (state: SerialState): void => this.#restore(state);
    this.snapshot = recordSection("virtio-serial", 1, () => this.#save(), restore);
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  writeConfig(): void {}

  activate(context: VirtioContext): void {
    this.#context = context;
    for (const { queues } of this.#ports) queues.activate(context);
    this.#takeControl();
    this.#giveControl();
  }

  deactivate(): void {
    this.#context = null;
    this.#waiting = [];
    for (const port of this.#ports) {
      port.queues.deactivate();
      this.#setOpen(port, false);
    }
  }

  stopQueue(queue: number): void {
    for (const { queues } of this.#ports) queues.stop(queue);
  }

  notify(queue: number): void {
    if (queue === CONTROL_TRANSMIT) this.#takeControl();
    else if (queue === CONTROL_RECEIVE) this.#giveControl();
    else for (const { queues } of this.#ports) queues.notify(queue);
  }

  /** Hears what the driver says. */
  #takeControl(): void {
    for (let served = 0; served < BURST_CHAINS; served++) {
      const queue = this.#context?.queue(CONTROL_TRANSMIT);
      const chain = queue?.pop();
      if (!queue || !chain) return;
      const bytes = gather(chain.readable, CONTROL_BYTES);
      queue.push(chain, 0);
      this.#heard(bytes);
    }
    this.#context?.again(CONTROL_TRANSMIT);
  }

  #heard(bytes: Uint8Array): void {
    const message = parseControl(bytes);
    if (!message) return this.#complain(`a control message has ${bytes.length} bytes`);
    const { port: number, event, value } = message;
    if (event === ControlEvent.deviceReady) {
      if (value === 0) return this.#complain("the driver failed");
      for (const each of this.#ports) this.#say(each.number, ControlEvent.deviceAdd, 1);
      return;
    }
    const port = this.#ports.find((each) => each.number === number);
    if (!port) return this.#complain(`control message ${event} is for port ${number}`);
    if (event === ControlEvent.portOpen) return this.#setOpen(port, value !== 0);
    if (event !== ControlEvent.portReady) return this.#complain(`control message ${event}`);
    if (value === 0) return this.#complain(`the driver cannot use port ${number}`);
    this.#say(number, ControlEvent.portName, 1, utf8Bytes(port.name));
    // The host's side is always there.
    this.#say(number, ControlEvent.portOpen, 1);
  }

  #setOpen({ number, queues }: Port, isOpen: boolean): void {
    if (queues.isListening === isOpen) return;
    queues.listen(isOpen);
    this.#opened(number, isOpen);
  }

  /** Of a driver that asks and does not listen, only so much is kept. */
  #say(port: number, event: number, value: number, more?: Uint8Array): void {
    if (this.#waiting.length >= QUEUE_SIZE)
      return this.#complain("it does not take control messages");
    this.#waiting.push(formatControl({ port, event, value }, more));
    this.#giveControl();
  }

  #giveControl(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const queue = this.#context?.queue(CONTROL_RECEIVE);
      const chain = queue?.pop();
      if (!queue || !chain) return;
      this.#waiting.shift();
      const fits = totalBytes(chain.writable) >= next.length;
      if (!fits) this.#complain("a buffer for control messages is too small");
      queue.push(chain, fits ? scatter(chain.writable, next) : 0);
    }
  }

  #complain(what: string): void {
    this.#trace.guestError(this.name, what);
  }

  #save(): SerialState {
    return {
      open: this.#ports.filter(({ queues }) => queues.isListening).map(({ number }) => number),
      waiting: this.#waiting.map((bytes) => bytes.slice()),
      output: this.#ports.map(({ queues }) => queues.save()),
    };
  }

  #restore({ open, waiting, output }: SerialState): void {
    this.#waiting = waiting.map((bytes) => bytes.slice());
    this.#ports.forEach((port, i) => {
      const state = output[i];
      if (state) port.queues.restore(state);
      this.#setOpen(port, open.includes(port.number));
    });
  }
}

/** Nothing is read for a port that nobody in the guest has open. */
function queuesOf({ number, backend }: SerialPortSpec): PortQueues {
  const first = number === 0 ? 0 : FIRST_QUEUES + 2 * (number - 1);
  const queues = new PortQueues(backend, first, first + 1);
  queues.listen(false);
  return queues;
}
