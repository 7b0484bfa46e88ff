/** Serves one caller's calls on a driver's connection. */
import { VmError, vmError, type VmErrorData } from "../../protocol/vm-error.ts";
import type { DriverConnection } from "../driver/driver.ts";
import {
  type Argument,
  type Channel,
  REMOTE_VERSION,
  type StreamPart,
  type ToClient,
  type ToServer,
} from "./messages.ts";
import { RemoteStream } from "./remote-stream.ts";

/** Makes the connection that a URI's path stands for. @throws VmError */
export type OpenConnection = (path: string) => Promise<DriverConnection>;

/** Serves `channel` until it is closed. */
export function serveRemote(channel: Channel<ToServer, ToClient>, open: OpenConnection): void {
  const served = new ServedConnection(channel, open);
  channel.onMessage((message) => served.heard(message));
  channel.onClose(() => void served.close());
}

type AnyCall = (...args: unknown[]) => unknown;

class ServedConnection {
  readonly #channel: Channel<ToServer, ToClient>;
  readonly #open: OpenConnection;
  #connection: DriverConnection | null = null;
  #closed = false;
  readonly #streams = new Map<number, RemoteStream>();
  /** What stops each listener; null for one that was dropped before its call answered. */
  readonly #listeners = new Map<number, (() => void) | null>();

  constructor(channel: Channel<ToServer, ToClient>, open: OpenConnection) {
    this.#channel = channel;
    this.#open = open;
  }

  heard(message: ToServer): void {
    switch (message.type) {
      case "hello":
        void this.#hello(message.version, message.path);
        return;
      case "call":
        void this.#call(message.id, message.name, message.args);
        return;
      case "drop":
        return this.#drop(message.listener);
      case "stream":
        this.#streams.get(message.id)?.heard(message.part);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#listeners.values()) stop?.();
    this.#listeners.clear();
    for (const stream of this.#streams.values()) stream.lost();
    this.#streams.clear();
    await this.#connection?.close();
  }

  async #hello(version: number, path: string): Promise<void> {
    try {
      if (version !== REMOTE_VERSION) {
        throw vmError(
          "rpc",
          `the daemon speaks version ${REMOTE_VERSION} of the protocol, the client version ${version}`,
        );
      }
      const connection = await this.#open(path);
      this.#connection = connection;
      if (this.#closed) await connection.close();
      const calls = Object.keys(connection).filter((name) => name !== "close");
      this.#channel.send({ type: "welcome", calls });
    } catch (error) {
      this.#channel.send({ type: "refused", error: dataOf(error) });
    }
  }

  async #call(id: number, name: string, args: readonly Argument[]): Promise<void> {
    const streams: number[] = [];
    try {
      const connection = this.#connection;
      const known = connection !== null && Object.hasOwn(connection, name) && name !== "close";
      if (!known) throw vmError("rpc", `unknown procedure: ${name}`);
      const call = connection[name as keyof DriverConnection] as AnyCall;
      const given = args.map((each) => this.#argument(each, streams));
      const value = await call.apply(connection, given);
      this.#answer(id, args, value);
    } catch (error) {
      for (const stream of streams) this.#streams.delete(stream);
      this.#channel.send({ type: "error", id, error: dataOf(error) });
    }
  }

  /** A call that takes a listener answers with what stops it. */
  #answer(id: number, args: readonly Argument[], value: unknown): void {
    if (typeof value !== "function") {
      this.#channel.send({ type: "result", id, value });
      return;
    }
    const stop = value as () => void;
    const listener = args.find((each) => each.kind === "listener")?.id ?? -1;
    if (this.#closed || !this.#listeners.has(listener)) stop();
    else this.#listeners.set(listener, stop);
    this.#channel.send({ type: "result", id, value: null });
  }

  #argument(argument: Argument, streams: number[]): unknown {
    if (argument.kind === "data") return argument.value;
    const { id } = argument;
    if (argument.kind === "listener") {
      this.#listeners.set(id, null);
      return (event: unknown) => this.#channel.send({ type: "event", listener: id, event });
    }
    const send = (part: StreamPart): void => this.#channel.send({ type: "stream", id, part });
    const stream = new RemoteStream(send);
    this.#streams.set(id, stream);
    streams.push(id);
    return stream;
  }

  #drop(listener: number): void {
    this.#listeners.get(listener)?.();
    this.#listeners.delete(listener);
  }
}

function dataOf(error: unknown): VmErrorData {
  if (error instanceof VmError) return error.toData();
  return vmError("internalError", error instanceof Error ? error.message : String(error)).toData();
}
