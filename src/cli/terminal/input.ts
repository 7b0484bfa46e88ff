/** What is typed, for whoever wants it now: a line editor, a guest's console, a program that runs. */
import { splitKeys } from "./keys.ts";
import type { Tty } from "./tty.ts";

export class Input {
  readonly #typed: string[] = [];
  #wake: (() => void) | null = null;
  #raw: ((text: string) => void) | null = null;
  #interrupt: (() => void) | null = null;
  readonly #stop: () => void;

  constructor(tty: Tty) {
    this.#stop = tty.onData((text) => this.#heard(text));
  }

  /** The next key; keys that were typed while a command ran come first. */
  async key(): Promise<string> {
    for (;;) {
      const key = this.#typed.shift();
      if (key !== undefined) return key;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** All that is typed goes to `listener`, until the returned function is called. */
  raw(listener: (text: string) => void): () => void {
    this.#raw = listener;
    return () => {
      if (this.#raw === listener) this.#raw = null;
    };
  }

  /** Ctrl-C calls `interrupt` instead of being a key, until the returned function is called. */
  whileRunning(interrupt: () => void): () => void {
    this.#interrupt = interrupt;
    return () => {
      if (this.#interrupt === interrupt) this.#interrupt = null;
    };
  }

  /** Ctrl-C is a key again, until the returned function is called. */
  asking(): () => void {
    const interrupt = this.#interrupt;
    this.#interrupt = null;
    return () => {
      this.#interrupt = interrupt;
    };
  }

  close(): void {
    this.#stop();
  }

  #heard(text: string): void {
    if (this.#raw) return this.#raw(text);
    for (const key of splitKeys(text)) {
      if (key === "\x03" && this.#interrupt) {
        // What was typed ahead is given up, too.
        this.#typed.length = 0;
        this.#interrupt();
      } else this.#typed.push(key);
    }
    this.#wake?.();
    this.#wake = null;
  }
}
