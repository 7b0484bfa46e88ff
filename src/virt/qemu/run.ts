/** One run of a domain: a machine, its serial port joined to the domain's console log. */
import type { Machine } from "../../api/machine.ts";
import type { StateEvent } from "../../api/types.ts";
import type { ConsoleLog } from "../console.ts";

export class Run {
  readonly machine: Machine;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #release: () => void;
  #over = false;

  /**
   * @param onEvent told every change of the machine's state until the run is closed
   * @param release gives the domain back to other pages
   */
  constructor(
    machine: Machine,
    log: ConsoleLog,
    onEvent: (event: StateEvent) => void,
    release: () => void,
  ) {
    this.machine = machine;
    this.#writer = machine.serial.writable.getWriter();
    this.#release = release;
    machine.onState((event) => {
      if (!this.#over) onEvent(event);
    });
    void pump(machine.serial.readable, log);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes);
  }

  /** Ends the run for its domain; the machine's later events count no more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#release();
  }
}

/** Reads at the pace of the log's listeners, so that a slow terminal slows the guest's output. */
async function pump(readable: ReadableStream<Uint8Array>, log: ConsoleLog): Promise<void> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await log.push(value);
    }
  } catch {
    // The stream ends in an error when the machine dies; its state event says why.
  }
}
