import { type Socket, connect } from "node:net";
import type { ByteStream, SocketAddress, SocketHost } from "../../storage/ports.ts";

/** Reads exactly what is asked for, from a socket that hands out what it has. */
class NodeStream implements ByteStream {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #buffered = 0;
  #error: Error | undefined;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      this.#wake();
    });
    const end = (error: Error): void => {
      this.#error ??= error;
      this.#wake();
    };
    socket.on("error", end);
    socket.on("close", () => end(Object.assign(new Error("connection closed"), { code: "EIO" })));
  }

  async read(length: number): Promise<Uint8Array> {
    while (this.#buffered < length) {
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const bytes = (all as Buffer).subarray(0, length);
    const rest = (all as Buffer).subarray(length);
    this.#chunks.splice(0, this.#chunks.length, ...(rest.length > 0 ? [rest] : []));
    this.#buffered = rest.length;
    return bytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    if (bytes.length === 0) return;
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Sockets of the computer. */
export const nodeSockets: SocketHost = {
  connect: (address) =>
    new Promise((resolve, reject) => {
      const socket = connect(optionsOf(address));
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new NodeStream(socket));
      });
      socket.once("error", reject);
    }),
};

function optionsOf(address: SocketAddress): { path: string } | { host: string; port: number } {
  if (address.kind === "unix") return { path: address.path };
  return { host: address.host, port: address.port };
}
