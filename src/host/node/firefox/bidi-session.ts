/**
 * A WebDriver BiDi session: commands and events as JSON over one WebSocket (WebDriver BiDi §3,
 * "Protocol"). Debian's Firefox speaks it by itself.
 */
import { vmError } from "../../../protocol/vm-error.ts";

/** The part of a WebSocket that is used: Node 20 has none of its own. */
interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  onmessage: ((event: { readonly data: string }) => void) | null;
}

interface Answer {
  readonly type: "success" | "error" | "event";
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: unknown;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class BidiSession {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (params: never) => void>();
  #lastId = 0;
  #open = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#received(JSON.parse(data) as Answer);
    socket.onclose = () => this.#closed();
    socket.onerror = () => this.#closed();
  }

  /**
   * Connects and starts a session.
   *
   * @param address the browser's WebSocket, as it printed it
   * @throws VmError when the package ws is missing or the browser does not answer
   */
  static async connect(address: string): Promise<BidiSession> {
    const socket = await openSocket(`${address}/session`);
    const session = new BidiSession(socket);
    await session.send("session.new", { capabilities: {} });
    return session;
  }

  /** @throws Error with the browser's sentence when it refuses the command, or is gone */
  send<R>(method: string, params: object): Promise<R> {
    const id = ++this.#lastId;
    return new Promise<R>((resolve, reject) => {
      if (!this.#open) return reject(new Error(`${method}: the browser was closed`));
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Calls `listener` with the parameters of each event `method` from now on; one listener each. */
  async on<P>(method: string, listener: (params: P) => void): Promise<void> {
    this.#listeners.set(method, listener);
    await this.send("session.subscribe", { events: [method] });
  }

  close(): void {
    this.#socket.close();
  }

  #received(answer: Answer): void {
    if (answer.type === "event") {
      this.#listeners.get(answer.method ?? "")?.(answer.params as never);
      return;
    }
    const pending = this.#pending.get(answer.id ?? 0);
    this.#pending.delete(answer.id ?? 0);
    if (answer.type === "success") pending?.resolve(answer.result);
    else pending?.reject(new Error(answer.message ?? answer.error ?? "unknown error"));
  }

  #closed(): void {
    this.#open = false;
    for (const { reject } of this.#pending.values()) reject(new Error("the browser was closed"));
    this.#pending.clear();
  }
}

async function openSocket(url: string): Promise<Socket> {
  const socket = new (await socketClass())(url);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = ({ message = "no connection" }) =>
      reject(vmError("operationFailed", `firefox cannot be driven: ${message}`));
  });
  return socket;
}

async function socketClass(): Promise<new (url: string) => Socket> {
  try {
    // A variable, so that bundlers and the compiler leave the optional package alone.
    const module = "ws";
    const { WebSocket } = (await import(module)) as { WebSocket: new (url: string) => Socket };
    return WebSocket;
  } catch (cause) {
    throw vmError("noSupport", "the engine firefox needs the package ws", { cause });
  }
}
