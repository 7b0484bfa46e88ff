import { once } from "node:events";
import type { ReadStream, WriteStream } from "node:tty";

type Input = NodeJS.ReadStream | ReadStream;
type Output = NodeJS.WriteStream | WriteStream;

/**
 * The process's standard input and output as a terminal line: raw while it is open, so that every
 * key goes to the guest, and as it was before in the end.
 */
export class Terminal {
  readonly #input: Input;
  readonly #output: Output;
  #wasRaw = false;
  #open = false;

  constructor(input: Input = process.stdin, output: Output = process.stdout) {
    this.#input = input;
    this.#output = output;
  }

  /**
   * Starts to read. The end of a piped input is not the end of the machine.
   *
   * @param listener gets what is typed. While the promise it returns is pending, a pipe rests; a
   *   person goes on typing, since Ctrl-A x must work while the guest takes nothing.
   */
  open(listener: (bytes: Uint8Array) => Promise<void>): void {
    const input = this.#input;
    this.#open = true;
    if (input.isTTY) {
      this.#wasRaw = input.isRaw;
      input.setRawMode(true);
    }
    input.on("data", (bytes: Buffer) => {
      if (!input.isTTY) input.pause();
      void listener(bytes).finally(() => {
        if (this.#open) input.resume();
      });
    });
    // A closed standard input gives an error on some systems: no input, no more.
    input.on("error", () => {});
  }

  /** Puts the terminal back as it was; further input is not read. */
  close(): void {
    const input = this.#input;
    this.#open = false;
    input.removeAllListeners("data");
    if (input.isTTY) input.setRawMode(this.#wasRaw);
    input.pause();
  }

  /** Writes and waits while the reader of our output is behind. Rejects when it is gone. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.#output.write(bytes)) await once(this.#output, "drain");
  }
}
