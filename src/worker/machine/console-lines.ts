import type { CoreExports } from "../../protocol/core.ts";
import type { MachineSpec } from "../../protocol/machine-service.ts";
import type { WirePort, WireToMachine, WireToPage } from "../../protocol/wire.ts";
import { type ConsoleLine, LineSender } from "./console-line.ts";
import { type BellHold, UartLine } from "./uart-line.ts";
import { VirtioLine } from "./virtio-line.ts";

export interface ConsoleParts {
  readonly buffer: ArrayBufferLike;
  readonly core: Pick<CoreExports, "uartPump">;
  readonly wire: Pick<WirePort<WireToPage, WireToMachine>, "postMessage">;
  readonly bell: BellHold;
  readonly spec: Pick<MachineSpec, "devices">;
}

/** All consoles of a machine, and then its channels: line 0 is the 16550. */
export class ConsoleLines {
  readonly uart: UartLine;
  readonly virtio: readonly VirtioLine[];
  /** Ports of virtio-serial devices. */
  readonly channels: readonly VirtioLine[];
  /** Tells the n-th virtio console (from 0) the terminal's size. */
  onResize: (index: number, columns: number, rows: number) => void = () => {};
  readonly #all: readonly ConsoleLine[];
  readonly #wire: ConsoleParts["wire"];

  constructor({ buffer, core, wire, bell, spec }: ConsoleParts) {
    this.uart = new UartLine(buffer, core, new LineSender(wire, 0), bell);
    this.virtio = spec.devices
      .filter(({ kind }) => kind === "virtio-console")
      .map((_, index) => {
        const resize = (columns: number, rows: number): void => this.onResize(index, columns, rows);
        return new VirtioLine(new LineSender(wire, index + 1), resize);
      });
    this.#wire = wire;
    const ports = spec.devices.flatMap((each) => (each.kind === "virtio-serial" ? each.ports : []));
    this.channels = ports.map((_, i) => {
      return new VirtioLine(new LineSender(wire, this.#channelLine(i)), () => {});
    });
    this.#all = [this.uart, ...this.virtio, ...this.channels];
  }

  /** The guest has opened the n-th channel, or closed it. */
  channelOpened(index: number, isOpen: boolean): void {
    this.#wire.postMessage({ type: "opened", line: this.#channelLine(index), isOpen });
  }

  #channelLine(index: number): number {
    return 1 + this.virtio.length + index;
  }

  onWire(message: WireToMachine): void {
    const line = this.#all[message.line];
    switch (message.type) {
      case "credit":
        return line?.addCredit(message.bytes);
      case "input":
        return line?.input(message.bytes);
      case "break":
        return line?.sendBreak();
      case "resize":
        return line?.resize(message.columns, message.rows);
    }
  }

  flush(): void {
    for (const line of this.#all) line.flush();
  }

  reset(): void {
    for (const line of this.#all) line.reset();
  }
}
