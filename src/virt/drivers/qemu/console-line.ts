/** A guest's console between sessions: what nobody has read waits, as in a terminal's buffer. */
import type { ConsolePort, SerialPort } from "../../../api/machine.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import type { Stream } from "../../driver/streams.ts";
import { TerminalScreen } from "./screen/terminal-screen.ts";

type Port = Pick<ConsolePort, "readable" | "writable"> &
  Partial<Pick<ConsolePort, "resize"> & Pick<SerialPort, "sendBreak">>;

/** Output that waits for a session, newest kept. */
const KEPT_BYTES = 64 * 1024;

export class ConsoleLine {
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #session: Stream | null = null;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  readonly #port: Port;
  /** What a terminal on this line shows. */
  readonly screen = new TerminalScreen();

  constructor(port: Port) {
    this.#port = port;
    this.#input = port.writable.getWriter();
    void this.#pump(port.readable.getReader());
  }

  /**
   * Joins a caller's stream to the line, until either ends.
   *
   * @param force ends another session instead of failing
   * @throws VmError operationFailed
   */
  open(stream: Stream, force: boolean): void {
    if (this.#session && !force) {
      throw vmError("operationFailed", "Active console session exists for this domain");
    }
    this.#session?.abort();
    this.#session = stream;
    const kept = this.#kept;
    this.#kept = [];
    this.#keptBytes = 0;
    void this.#greet(stream, kept);
    void this.#listen(stream);
  }

  /** Does nothing on a line without sizes. */
  resize(columns: number, rows: number): void {
    this.#port.resize?.(columns, rows);
    if (this.#port.resize) this.screen.resize(columns, rows);
  }

  /** @throws VmError argumentUnsupported on a line without breaks */
  async sendBreak(): Promise<void> {
    if (!this.#port.sendBreak) {
      throw vmError("argumentUnsupported", "this console has no break condition");
    }
    await this.#port.sendBreak();
  }

  /** The machine is gone. */
  close(): void {
    const session = this.#session;
    this.#session = null;
    this.screen.close();
    void session?.finish().catch(() => {});
  }

  async #greet(stream: Stream, kept: readonly Uint8Array[]): Promise<void> {
    for (const bytes of kept) await this.#send(stream, bytes);
  }

  async #listen(stream: Stream): Promise<void> {
    try {
      for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
        if (typeof bytes !== "number" && bytes.length > 0) await this.#input.write(bytes);
      }
    } catch {
      // The caller gave the stream up.
    }
    if (this.#session === stream) this.#session = null;
  }

  /** At the pace of the session, so that a slow terminal slows the guest's output. */
  async #pump(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        await this.screen.write(value);
        if (this.#session) await this.#send(this.#session, value);
        else this.#keep(value);
      }
    } catch {
      // The port ends in an error when the machine dies; its state says why.
    }
  }

  async #send(stream: Stream, bytes: Uint8Array): Promise<void> {
    try {
      await stream.write(bytes);
    } catch {
      if (this.#session === stream) this.#session = null;
    }
  }

  #keep(bytes: Uint8Array): void {
    this.#kept.push(bytes.slice(-KEPT_BYTES));
    this.#keptBytes += Math.min(bytes.length, KEPT_BYTES);
    while (this.#kept.length > 1 && this.#keptBytes > KEPT_BYTES) {
      this.#keptBytes -= this.#kept.shift()?.length ?? 0;
    }
  }
}
