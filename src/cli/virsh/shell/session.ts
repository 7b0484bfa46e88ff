/** One run of virsh: its connection, its output, and how a command's failure is told. */
import { VmError, vmError } from "../../../protocol/vm-error.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import { AlreadyReported, CommandError } from "./errors.ts";
import type { VirshHost } from "./host.ts";
import { LogLevel, logLine } from "./log.ts";

export interface SessionOptions {
  /** `-c`; the host's default when left out. */
  readonly uri?: string;
  readonly readOnly: boolean;
  /** `-q`: no headers, no extra lines. */
  readonly quiet: boolean;
  /** `-t`: tell how long each command took. */
  readonly timing: boolean;
  /** `-e`: what leaves a console. */
  readonly escape: string;
  readonly interactive: boolean;
  /** Seconds between messages that keep the connection alive, 0 for none; where it was asked for. */
  readonly keepAliveS?: number;
  /** Messages of this level and above are printed (`-d`). */
  readonly debug: number;
  /** Appends to the log file (`-l`), where there is one. */
  readonly log?: (line: string) => void;
}

export class Session {
  readonly host: VirshHost;
  readonly options: SessionOptions;
  #uri: string | undefined;
  #readOnly: boolean;
  #connect: Connect | null = null;
  /** The name of the command that runs. */
  command = "";

  constructor(host: VirshHost, options: SessionOptions) {
    this.host = host;
    this.options = options;
    this.#uri = options.uri;
    this.#readOnly = options.readOnly;
  }

  /** The connection, opened at first use. @throws AlreadyReported, VmError */
  async connect(): Promise<Connect> {
    this.#connect ??= await this.#open(this.#uri, this.#readOnly);
    return this.#connect;
  }

  async #open(uri: string | undefined, readOnly: boolean): Promise<Connect> {
    const connect = await this.attempt("failed to connect to the hypervisor", () =>
      // No name is the default.
      this.host.connect(uri === "" ? undefined : uri, { readOnly }),
    );
    // No driver of ours has such messages: its other end is in the same computer.
    const { keepAliveS } = this.options;
    if (keepAliveS !== undefined && keepAliveS > 0) {
      await connect.close();
      this.error("Cannot setup keepalive on connection as requested, disconnecting");
      this.error("failed to connect to the hypervisor");
      throw vmError("noSupport", "virConnectSetKeepAlive");
    }
    if (keepAliveS !== 0) {
      this.debug(LogLevel.info, "Failed to setup keepalive on connection");
    }
    return connect;
  }

  /** Closes the connection, and opens another one. */
  async reconnect(uri: string | undefined, readOnly: boolean): Promise<void> {
    await this.close();
    const isReadOnly = readOnly || (uri === undefined && this.#readOnly);
    this.#connect = await this.#open(uri ?? this.#uri, isReadOnly);
    this.#uri = uri ?? this.#uri;
    this.#readOnly = isReadOnly;
  }

  async close(): Promise<void> {
    const old = this.#connect;
    this.#connect = null;
    await old?.close();
  }

  /** Prints to standard output as it is. */
  print(text: string): void {
    this.host.out(text);
  }

  /** Prints what `--quiet` leaves out. */
  printExtra(text: string): void {
    if (!this.options.quiet) this.host.out(text);
  }

  /** Prints errors of virsh's own, each a line. */
  error(text: string): void {
    for (const line of text.split("\n")) this.#error(line);
  }

  #error(text: string): void {
    this.#log(LogLevel.error, text);
    this.host.err(`error: ${text}\n`);
  }

  /** Tells what virsh does, to whoever asked for messages of that level. */
  debug(level: number, text: string): void {
    if (level < this.options.debug) return;
    this.#log(level, text);
    this.print(`${text}\n`);
  }

  #log(level: number, text: string): void {
    const { host, options } = this;
    options.log?.(logLine(level, text, host.timeMs(), host.processId()));
  }

  /** Prints an error and gives the command up. @throws AlreadyReported always */
  fail(text: string): never {
    this.error(text);
    throw new AlreadyReported(text);
  }

  /** Runs `work`; where it fails for libvirt's reasons, what was attempted is told first. */
  async attempt<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof VmError) this.error(action);
      throw error;
    }
  }

  /** Prints why a command failed. @throws what is no failure of a command */
  report(error: unknown): void {
    if (error instanceof CommandError) this.error(error.message);
    else if (error instanceof VmError) this.#error(error.message);
    else if (!(error instanceof AlreadyReported)) throw error;
  }
}
