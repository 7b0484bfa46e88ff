import { ControlWords } from "../views.ts";

/** How long the machine worker serves exits before it lets messages in, in milliseconds. */
const SLICE_MS = 4;

interface AsyncWait {
  readonly async: boolean;
  readonly value: Promise<unknown> | string;
}
type WaitAsync = (words: Int32Array, index: number, value: number) => AsyncWait;

/** What the doorbell needs from the host. */
export interface DoorbellHost {
  nowMs(): number;
  turn(): Promise<void>;
  /** Where it is undefined, `rung` must be called after every ring. */
  readonly waitAsync: WaitAsync | undefined;
}

/** Atomics.waitAsync where the engine has it. */
export const waitAsync = (Atomics as { waitAsync?: WaitAsync }).waitAsync;

/**
 * The machine worker's end of CONTROL.doorbell: waits for bits without blocking the worker and hands
 * them to `serve`.
 *
 * A bit may be *held*: it stays set in the word, so that ringing it again wakes nobody, until it is
 * released. The console uses this to take a burst of characters at once.
 */
export class DoorbellWaiter {
  readonly #control: ControlWords;
  readonly #host: DoorbellHost;
  readonly #serve: (bits: number) => void;
  #held = 0;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(control: ControlWords, host: DoorbellHost, serve: (bits: number) => void) {
    this.#control = control;
    this.#host = host;
    this.#serve = serve;
  }

  /** Waits and serves until `stop`. Rejects when `serve` throws. */
  async run(): Promise<void> {
    let sliceEnd = this.#host.nowMs() + SLICE_MS;
    while (!this.#stopped) {
      const bits = this.#take();
      if (bits !== 0) {
        this.#serve(bits);
        if (this.#host.nowMs() < sliceEnd) continue;
        await this.#host.turn();
      } else {
        await this.#wait();
      }
      sliceEnd = this.#host.nowMs() + SLICE_MS;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.rung();
    Atomics.notify(this.#control.words, this.#control.doorbell);
  }

  /** Where the engine lacks Atomics.waitAsync: a hart's message says that it rang. */
  rung(): void {
    this.#wake();
  }

  /** Leaves `bits` set, unserved, until `release`. */
  hold(bits: number): void {
    this.#held |= bits;
    Atomics.or(this.#control.words, this.#control.doorbell, bits);
  }

  /** Ends `hold`. The caller looks at the bits' cause afterwards, since rings meanwhile are lost. */
  release(bits: number): void {
    this.#held &= ~bits;
    Atomics.and(this.#control.words, this.#control.doorbell, ~bits);
    // The wait under way expects the held bits; let it see the new word.
    Atomics.notify(this.#control.words, this.#control.doorbell);
    this.rung();
  }

  #take(): number {
    const before = Atomics.and(this.#control.words, this.#control.doorbell, this.#held);
    return before & ~this.#held;
  }

  async #wait(): Promise<void> {
    const { words, doorbell } = this.#control;
    if (this.#host.waitAsync !== undefined) {
      const wait = this.#host.waitAsync(words, doorbell, this.#held);
      if (wait.async) await wait.value;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Atomics.load(words, doorbell) !== this.#held) resolve();
    });
  }
}
