/** What is typed, key by key. */
import { splitKeys } from "../terminal/keys.ts";
import type { TopHost, TopTerminal } from "./host.ts";

export class Keyboard {
  readonly #after: TopHost["after"];
  readonly #typed: string[] = [];
  readonly #stop: () => void;
  #wake: (() => void) | undefined;

  constructor(after: TopHost["after"], terminal: TopTerminal | undefined) {
    this.#after = after;
    this.#stop =
      terminal?.onKeys((text) => {
        this.#typed.push(...splitKeys(text));
        this.wake();
      }) ?? (() => undefined);
  }

  /** The next key; undefined where `ms` pass first, or someone wakes whoever waits. */
  async next(ms?: number): Promise<string | undefined> {
    if (this.#typed.length === 0) {
      await new Promise<void>((done) => {
        const cancel = ms === undefined ? undefined : this.#after(ms, done);
        this.#wake = () => {
          cancel?.();
          done();
        };
      });
      this.#wake = undefined;
    }
    return this.#typed.shift();
  }

  wake(): void {
    this.#wake?.();
  }

  close(): void {
    this.#stop();
  }
}
