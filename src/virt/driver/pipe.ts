/** Two ends of a stream in one process: what one writes, the other reads. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Stream } from "./streams.ts";

type Chunk = Uint8Array | number | null;

/** What may wait for the reader; a writer that is further ahead waits. */
const MOST_BYTES = 1 << 20;

/** One direction. */
class Way {
  readonly #chunks: Chunk[] = [];
  #bytes = 0;
  #wakes: (() => void)[] = [];
  #failed = false;

  /** Resolves when there is room for more. */
  async put(chunk: Chunk): Promise<void> {
    this.#check();
    this.#chunks.push(chunk);
    this.#bytes += sizeOf(chunk);
    this.#wake();
    while (this.#bytes > MOST_BYTES) {
      await this.#news();
      this.#check();
    }
  }

  async take(): Promise<Chunk> {
    while (this.#chunks.length === 0) {
      this.#check();
      await this.#news();
    }
    const chunk = this.#chunks.shift() ?? null;
    this.#bytes -= sizeOf(chunk);
    this.#wake();
    return chunk;
  }

  fail(): void {
    this.#failed = true;
    this.#wake();
  }

  #check(): void {
    if (this.#failed) throw vmError("operationAborted", "the stream was aborted");
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#wakes.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

function sizeOf(chunk: Chunk): number {
  return chunk instanceof Uint8Array ? chunk.length : 0;
}

export class Pipe {
  readonly driverEnd: Stream;
  readonly userEnd: Stream;

  constructor() {
    const there = new Way();
    const back = new Way();
    this.driverEnd = endOf(there, back);
    this.userEnd = endOf(back, there);
  }
}

function endOf(reads: Way, writes: Way): Stream {
  return {
    read: () => reads.take(),
    write: (bytes) => writes.put(bytes.slice()),
    writeHole: (lengthBytes) => writes.put(lengthBytes),
    finish: () => writes.put(null),
    abort: () => {
      reads.fail();
      writes.fail();
    },
  };
}
