import { Senses, type Sense } from "./codes.ts";

/** Conditions that the initiator is told of, each once, before it gets on (SAM-5 §5.14). */
export class Attentions {
  #waiting: Sense[] = [Senses.powerOn];

  add(sense: Sense): void {
    if (!this.#waiting.includes(sense)) this.#waiting.push(sense);
  }

  take(): Sense | null {
    return this.#waiting.shift() ?? null;
  }

  /** A reset is news that makes all other news old. */
  reset(): void {
    this.#waiting = [Senses.powerOn];
  }
}
