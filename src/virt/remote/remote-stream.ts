/** One end of a stream whose other end is behind a channel. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Stream } from "../driver/streams.ts";
import type { StreamPart } from "./messages.ts";

/** Bytes that may be under way in one direction. */
const WINDOW_BYTES = 256 * 1024;
/** Longer pieces are cut. */
const PIECE_BYTES = 64 * 1024;

/** A hole counts as little as its message. */
const HOLE_BYTES = 16;

type Piece = Uint8Array | number;

export class RemoteStream implements Stream {
  readonly #send: (part: StreamPart) => void;
  #received: Piece[] = [];
  #ended = false;
  #aborted = false;
  #credit = WINDOW_BYTES;
  #finished = false;
  #waiting: (() => void)[] = [];
  #wants = false;
  #wanted = false;

  constructor(send: (part: StreamPart) => void) {
    this.#send = send;
  }

  async read(): Promise<Piece | null> {
    if (!this.#wants) this.#send({ kind: "want" });
    this.#wants = true;
    for (;;) {
      this.#check();
      const piece = this.#received.shift();
      if (piece !== undefined) {
        this.#send({ kind: "credit", bytes: costOf(piece) });
        return piece;
      }
      if (this.#ended) {
        this.#send({ kind: "finished" });
        return null;
      }
      await this.#news();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      // A copy: the buffer is the caller's again.
      await this.#pass(bytes.slice(at, at + PIECE_BYTES));
    }
  }

  writeHole(lengthBytes: number): Promise<void> {
    return this.#pass(lengthBytes);
  }

  async finish(): Promise<void> {
    this.#check();
    this.#send({ kind: "finish" });
    while (!this.#finished) {
      await this.#news();
      this.#check();
    }
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Resolves when the other end reads, or will not any more. */
  async wanted(): Promise<void> {
    while (!this.#wanted && !this.#aborted && !this.#ended) await this.#news();
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#send({ kind: "abort" });
    this.#wake();
  }

  /** What the other end says. */
  heard(part: StreamPart): void {
    switch (part.kind) {
      case "bytes":
        this.#received.push(part.bytes);
        break;
      case "hole":
        this.#received.push(part.lengthBytes);
        break;
      case "want":
        this.#wanted = true;
        break;
      case "finish":
        this.#ended = true;
        break;
      case "finished":
        this.#finished = true;
        break;
      case "credit":
        this.#credit += part.bytes;
        break;
      case "abort":
        this.#aborted = true;
    }
    this.#wake();
  }

  /** The channel is gone. */
  lost(): void {
    this.#aborted = true;
    this.#wake();
  }

  async #pass(piece: Piece): Promise<void> {
    this.#check();
    while (this.#credit <= 0) {
      await this.#news();
      this.#check();
    }
    this.#credit -= costOf(piece);
    this.#send(
      typeof piece === "number"
        ? { kind: "hole", lengthBytes: piece }
        : { kind: "bytes", bytes: piece },
    );
  }

  #check(): void {
    if (this.#aborted) throw vmError("rpc", "stream had I/O failure");
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function costOf(piece: Piece): number {
  return typeof piece === "number" ? HOLE_BYTES : piece.length;
}

/**
 * Copies between a caller's end and the remote one. The caller's is not read before the other side
 * reads: a file that is written to cannot be. A failure of one ends the other.
 */
export async function joinStreams(local: Stream, remote: RemoteStream): Promise<void> {
  const fail = (): void => {
    local.abort();
    remote.abort();
  };
  const there = remote.wanted().then(() => (remote.isWanted ? copy(local, remote) : undefined));
  await Promise.all([there, copy(remote, local)]).catch(fail);
}

async function copy(from: Stream, to: Stream): Promise<void> {
  for (let piece = await from.read(); piece !== null; piece = await from.read()) {
    await (typeof piece === "number" ? to.writeHole(piece) : to.write(piece));
  }
  await to.finish();
}
