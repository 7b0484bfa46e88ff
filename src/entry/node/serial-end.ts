import { createWriteStream } from "node:fs";
import type { SerialPort } from "../../api/machine.ts";
import { ESCAPE_HELP, EscapeParser, type TerminalInput } from "../../cli/system/escape.ts";
import type { SerialTarget } from "../../cli/system/system-options.ts";
import { Terminal } from "../../host/node/terminal.ts";

/** What the terminal's commands do besides the serial port. */
export interface TerminalActions {
  /** Ctrl-A x, or nobody reads our output any more. */
  exit(): void;
  /** Ctrl-A c. */
  goOn(): void;
  /** Ctrl-A i. */
  stats(): void;
}

/** The far end of the machine's serial port. */
export interface SerialEnd {
  /** True when the user left with Ctrl-A x. */
  readonly exitAsked: boolean;
  /** Resolves when all that the guest wrote so far is written. */
  finish(): Promise<void>;
  /** Puts the terminal back. */
  close(): void;
}

type Sink = (bytes: Uint8Array) => Promise<void>;

/** Connects a machine's serial port to where the command line says. */
export function connectSerial(
  target: SerialTarget,
  port: SerialPort,
  actions: TerminalActions,
): SerialEnd {
  if (target.kind === "stdio") return new StdioEnd(port, actions);
  const pump = new OutputPump(
    port,
    target.kind === "file" ? fileSink(target.path) : async () => {},
  );
  return { exitAsked: false, finish: () => pump.finish(), close: () => {} };
}

function fileSink(path: string): Sink {
  const file = createWriteStream(path);
  return (bytes) =>
    new Promise((resolve, reject) =>
      file.write(bytes, (error) => (error ? reject(error) : resolve())),
    );
}

/** Moves the port's output into a sink, which sets the pace. */
class OutputPump {
  readonly #reader;
  readonly #sink: Sink;
  #busy: Promise<void> = Promise.resolve();

  constructor(port: SerialPort, sink: Sink) {
    this.#reader = port.readable.getReader();
    this.#sink = sink;
    void this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      this.#busy = this.#sink(value).catch(() => {});
      await this.#busy;
    }
  }

  /** The stream lasts longer than a run: what is queued in it is read within a few turns. */
  async finish(): Promise<void> {
    let seen: Promise<void>;
    do {
      seen = this.#busy;
      await seen;
      await new Promise((resolve) => setImmediate(resolve));
    } while (seen !== this.#busy);
  }
}

/** The port on our standard input and output, with QEMU's Ctrl-A. */
class StdioEnd implements SerialEnd {
  exitAsked = false;
  readonly #port: SerialPort;
  readonly #actions: TerminalActions;
  readonly #terminal = new Terminal();
  readonly #escapes = new EscapeParser();
  readonly #writer;
  readonly #pump: OutputPump;

  constructor(port: SerialPort, actions: TerminalActions) {
    this.#port = port;
    this.#actions = actions;
    this.#writer = port.writable.getWriter();
    this.#pump = new OutputPump(port, (bytes) => this.#terminal.write(bytes));
    this.#terminal.open((bytes) => this.#typed(bytes));
    // EPIPE: the reader of our output went away.
    process.stdout.on("error", () => actions.exit());
  }

  finish(): Promise<void> {
    return this.#pump.finish();
  }

  close(): void {
    this.#terminal.close();
  }

  async #typed(bytes: Uint8Array): Promise<void> {
    for (const item of this.#escapes.feed(bytes)) await this.#carryOut(item);
  }

  async #carryOut(item: TerminalInput): Promise<void> {
    if (item.kind === "bytes") return this.#writer.write(item.bytes);
    switch (item.command) {
      case "exit":
        this.exitAsked = true;
        return this.#actions.exit();
      case "break":
        return this.#port.sendBreak();
      case "continue":
        return this.#actions.goOn();
      case "stats":
        return this.#actions.stats();
      case "help":
        return this.#terminal.write(`\r\n${ESCAPE_HELP.replaceAll("\n", "\r\n")}\r\n`);
    }
  }
}
