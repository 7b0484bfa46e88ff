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

/** All consoles of a machine: line 0 is the 16550, line n the n-th virtio console. */
export class ConsoleLines {
  readonly uart: UartLine;
  readonly virtio: readonly VirtioLine[];
  /** Tells the n-th virtio console (from 0) the terminal's size. */
  onResize: (index: number, columns: number, rows: number) => void = () => {};
  readonly #all: readonly ConsoleLine[];

  constructor({ buffer, core, wire, bell, spec }: ConsoleParts) {
    this.uart = new UartLine(buffer, core, new LineSender(wire, 0), bell);
    this.virtio = spec.devices
      .filter(({ kind }) => kind === "virtio-console")
      .map((_, index) => {
        const resize = (columns: number, rows: number): void => this.onResize(index, columns, rows);
        return new VirtioLine(new LineSender(wire, index + 1), resize);
      });
    this.#all = [this.uart, ...this.virtio];
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
