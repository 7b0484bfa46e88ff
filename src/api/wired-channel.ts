import type { ChannelPort } from "./machine.ts";
import { WiredConsole } from "./wired-console.ts";

/** A channel of the machine, which is closed between runs. */
export class WiredChannel extends WiredConsole implements ChannelPort {
  readonly name: string;
  readonly #listeners = new Set<(isOpen: boolean) => void>();
  #isOpen = false;

  /** @param line the wire's number for it */
  constructor(line: number, name: string) {
    super(line);
    this.name = name;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onOpen(listener: (isOpen: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  override opened(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    for (const listener of this.#listeners) listener(isOpen);
  }

  override detach(): void {
    super.detach();
    this.opened(false);
  }
}
