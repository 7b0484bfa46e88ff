/** One run of a domain on one machine. */
import type { Machine } from "../../api/machine.ts";
import type { StateEvent } from "../../api/types.ts";

export class Run {
  readonly machine: Machine;
  readonly #release: () => void;
  readonly #unsubscribe: () => void;

  /**
   * @param onEvent told every change of the machine's state until the run is muted
   * @param release gives the domain back to other pages
   */
  constructor(machine: Machine, onEvent: (event: StateEvent) => void, release: () => void) {
    this.machine = machine;
    this.#release = release;
    this.#unsubscribe = machine.onState(onEvent);
  }

  /** The machine's events count no more. */
  mute(): void {
    this.#unsubscribe();
  }

  /** Gives the domain back when nothing of the run is left; its machine is off already. */
  async close(): Promise<void> {
    this.mute();
    await this.machine.released;
    this.#release();
  }
}
