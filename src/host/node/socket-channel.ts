/** Messages over a local socket: a length of four bytes, little-endian, then V8's serialized value. */
import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import type { Channel } from "../../virt/remote/messages.ts";

/** Longer frames end the connection. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const LENGTH_BYTES = 4;

export function socketChannel<In, Out>(socket: Socket): Channel<In, Out> {
  let listener: (message: In) => void = () => {};
  const frames = new FrameReader((message) => listener(message as In));
  socket.on("data", (chunk: Buffer) => {
    if (!frames.push(chunk)) socket.destroy();
  });
  socket.on("error", () => {});
  return {
    send: (message) => {
      if (socket.destroyed) return;
      const body = serialize(message);
      const head = Buffer.alloc(LENGTH_BYTES);
      head.writeUInt32LE(body.length);
      socket.cork();
      socket.write(head);
      socket.write(body);
      socket.uncork();
    },
    onMessage: (next) => (listener = next),
    onClose: (closed) => void socket.once("close", closed),
    close: () => void socket.end(() => socket.destroy()),
  };
}

class FrameReader {
  readonly #take: (message: unknown) => void;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(take: (message: unknown) => void) {
    this.#take = take;
  }

  /** @returns false for what is no frame */
  push(chunk: Buffer): boolean {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= LENGTH_BYTES) {
      const length = this.#bytes.readUInt32LE();
      if (length > MAX_FRAME_BYTES) return false;
      const end = LENGTH_BYTES + length;
      if (this.#bytes.length < end) return true;
      const body = this.#bytes.subarray(LENGTH_BYTES, end);
      this.#bytes = this.#bytes.subarray(end);
      let message: unknown;
      try {
        message = deserialize(body);
      } catch {
        return false;
      }
      this.#take(message);
    }
    return true;
  }
}
