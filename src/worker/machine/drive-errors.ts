import type { DriveError } from "../../protocol/drive-error.ts";
import type { WirePort, WireToMachine, WireToPage } from "../../protocol/wire.ts";

/** The same error of the same drive is told once in this time, in milliseconds. */
const REPEAT_MS = 1000;

/** Tells errors of drives, as often as somebody may want to read them. */
export class DriveErrors {
  readonly #wire: Pick<WirePort<WireToPage, WireToMachine>, "postMessage">;
  readonly #nowMs: () => number;
  readonly #toldMs = new Map<string, number>();

  constructor(wire: Pick<WirePort<WireToPage, WireToMachine>, "postMessage">, nowMs: () => number) {
    this.#wire = wire;
    this.#nowMs = nowMs;
  }

  tell(error: DriveError): void {
    const key = JSON.stringify(error);
    const now = this.#nowMs();
    if (now - (this.#toldMs.get(key) ?? -Infinity) < REPEAT_MS) return;
    this.#toldMs.set(key, now);
    this.#wire.postMessage({ type: "driveError", error });
  }
}
