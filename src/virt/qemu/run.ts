/** One run of a domain on one machine. */
import type { Machine } from "../../api/machine.ts";
import type { StateEvent } from "../../api/types.ts";

export class Run {
  readonly machine: Machine;
  readonly #release: () => void;
  #over = false;

  /**
   * @param onEvent told every change of the machine's state until the run is closed
   * @param release gives the domain back to other pages
   */
  constructor(machine: Machine, onEvent: (event: StateEvent) => void, release: () => void) {
    this.machine = machine;
    this.#release = release;
    machine.onState((event) => {
      if (!this.#over) onEvent(event);
    });
  }

  /** Ends the run for its domain; the machine's later events count no more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#release();
  }
}
