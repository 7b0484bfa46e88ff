/** A driver whose connections are served at the other end of a channel. */
import { ErrorDomain, VmError, vmError } from "../../protocol/vm-error.ts";
import type { DriverConnection } from "../driver/driver.ts";
import type { Stream } from "../driver/streams.ts";
import {
  type Argument,
  type Channel,
  REMOTE_VERSION,
  type ToClient,
  type ToServer,
} from "./messages.ts";
import { joinStreams, RemoteStream } from "./remote-stream.ts";

interface Pending {
  resolve(value: unknown): void;
  reject(error: VmError): void;
}

/**
 * Opens a connection over `channel`.
 *
 * @param path of the connection's URI: `/system`
 * @throws VmError that the server refuses with, or rpc where its version is another
 */
export async function openRemote(
  channel: Channel<ToClient, ToServer>,
  path: string,
): Promise<DriverConnection> {
  const client = new RemoteClient(channel);
  const calls = await client.hello(path);
  const connection: Record<string, unknown> = { close: async () => client.close() };
  for (const name of calls) {
    connection[name] = (...args: unknown[]) => client.call(name, args);
  }
  return connection as unknown as DriverConnection;
}

class RemoteClient {
  readonly #channel: Channel<ToClient, ToServer>;
  readonly #calls = new Map<number, Pending>();
  readonly #streams = new Map<number, RemoteStream>();
  readonly #listeners = new Map<number, (event: unknown) => void>();
  #welcome: ((calls: readonly string[]) => void) | undefined;
  #refuse: ((error: VmError) => void) | undefined;
  #lastId = 0;
  #closed = false;

  constructor(channel: Channel<ToClient, ToServer>) {
    this.#channel = channel;
    channel.onMessage((message) => this.#heard(message));
    channel.onClose(() => this.#lost());
  }

  hello(path: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.#welcome = resolve;
      this.#refuse = reject;
      this.#channel.send({ type: "hello", version: REMOTE_VERSION, path });
    });
  }

  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed) throw gone();
    const id = ++this.#lastId;
    const sent = args.map((each) => this.#argument(each));
    const answer = new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
    this.#channel.send({ type: "call", id, name, args: sent });
    const listener = sent.find((each) => each.kind === "listener");
    if (!listener) return answer;
    await answer;
    return () => this.#drop(listener.id);
  }

  close(): void {
    this.#channel.close();
  }

  #argument(value: unknown): Argument {
    if (typeof value === "function") {
      const id = ++this.#lastId;
      this.#listeners.set(id, value as (event: unknown) => void);
      return { kind: "listener", id };
    }
    if (!isStream(value)) return { kind: "data", value };
    const id = ++this.#lastId;
    const remote = new RemoteStream((part) => this.#channel.send({ type: "stream", id, part }));
    this.#streams.set(id, remote);
    void joinStreams(value, remote).finally(() => this.#streams.delete(id));
    return { kind: "stream", id };
  }

  #heard(message: ToClient): void {
    switch (message.type) {
      case "welcome":
        return this.#welcome?.(message.calls);
      case "refused":
        return this.#refuse?.(VmError.from(message.error));
      case "result":
        return this.#take(message.id)?.resolve(message.value);
      case "error":
        return this.#take(message.id)?.reject(VmError.from(message.error));
      case "event":
        return this.#listeners.get(message.listener)?.(message.event);
      case "stream":
        return this.#streams.get(message.id)?.heard(message.part);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#calls.get(id);
    this.#calls.delete(id);
    return pending;
  }

  #drop(listener: number): void {
    if (!this.#listeners.delete(listener) || this.#closed) return;
    this.#channel.send({ type: "drop", listener });
  }

  #lost(): void {
    this.#closed = true;
    this.#refuse?.(gone());
    for (const { reject } of this.#calls.values()) reject(gone());
    this.#calls.clear();
    for (const stream of this.#streams.values()) stream.lost();
  }
}

/** In libvirt's words. */
function gone(): VmError {
  return vmError("internalError", "client socket is closed", { domain: ErrorDomain.rpc });
}

function isStream(value: unknown): value is Stream {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<Stream>).read === "function" &&
    typeof (value as Partial<Stream>).write === "function"
  );
}
