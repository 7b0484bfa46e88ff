/** The consoles of one domain: they outlive its machines, and are joined to one at each start. */
import type { ConsolePort, Machine, SerialPort } from "../../api/machine.ts";
import { type ConsoleDevice, ConsoleLog, type DomainConsole } from "../console.ts";

export const CONSOLE_DEVICES: readonly ConsoleDevice[] = ["serial0", "console1"];

/** One device's log, and its way to the present machine. */
interface Line {
  readonly log: ConsoleLog;
  readonly console: DomainConsole;
  writer: WritableStreamDefaultWriter<Uint8Array> | null;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

export class DomainConsoles {
  readonly #serial = this.#line({ sendBreak: async () => this.#serialPort?.sendBreak() });
  readonly #virtio = this.#line({ resize: (columns, rows) => this.#resize({ columns, rows }) });
  #serialPort: SerialPort | null = null;
  #virtioPort: ConsolePort | null = null;
  /** The terminal's size, for machines that start after it was set. */
  #size: Size | null = null;

  console(device: ConsoleDevice): DomainConsole {
    return (device === "serial0" ? this.#serial : this.#virtio).console;
  }

  /** Joins the consoles to a machine that is about to start. */
  connect({ serial, consoles }: Machine): void {
    this.disconnect();
    this.#serialPort = serial;
    this.#serial.writer = join(this.#serial.log, serial);
    const virtio = consoles[0];
    if (!virtio) return;
    this.#virtioPort = virtio;
    this.#virtio.writer = join(this.#virtio.log, virtio);
    if (this.#size) virtio.resize(this.#size.columns, this.#size.rows);
  }

  /** What is written from now on goes nowhere; what the old machine still says is kept. */
  disconnect(): void {
    this.#serialPort = null;
    this.#virtioPort = null;
    this.#serial.writer = null;
    this.#virtio.writer = null;
  }

  #resize(size: Size): void {
    this.#size = size;
    this.#virtioPort?.resize(size.columns, size.rows);
  }

  #line(abilities: Pick<DomainConsole, "sendBreak" | "resize">): Line {
    const log = new ConsoleLog();
    const line: Line = {
      log,
      writer: null,
      console: {
        ...abilities,
        attach: (listener) => log.attach(listener),
        backlog: () => log.backlog(),
        write: async (bytes) => line.writer?.write(bytes),
      },
    };
    return line;
  }
}

/** Starts following a port's output; returns the way to its input. */
function join(
  log: ConsoleLog,
  port: Pick<ConsolePort, "readable" | "writable">,
): WritableStreamDefaultWriter<Uint8Array> {
  void pump(port.readable, log);
  return port.writable.getWriter();
}

/** Reads at the pace of the log's listeners, so that a slow terminal slows the guest's output. */
async function pump(readable: ReadableStream<Uint8Array>, log: ConsoleLog): Promise<void> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await log.push(value);
    }
  } catch {
    // The stream ends in an error when the machine dies; its state event says why.
  }
}
