/** Ctrl-C for one command: pressed once, heard by whoever wants to stop. */
export class Interrupt {
  #pressed = false;
  readonly #listeners = new Set<() => void>();

  get isPressed(): boolean {
    return this.#pressed;
  }

  press(): void {
    this.#pressed = true;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back when it is pressed; returns a function that stops it. */
  onPress(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
