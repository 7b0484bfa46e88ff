/** Two ends of a stream in one process: what one writes, the other reads. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Stream } from "./streams.ts";

type Chunk = Uint8Array | number | null;

/** One direction. */
class Way {
  readonly #chunks: Chunk[] = [];
  #wake: (() => void) | null = null;
  #failed = false;

  put(chunk: Chunk): void {
    if (this.#failed) throw vmError("operationAborted", "the stream was aborted");
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  async take(): Promise<Chunk> {
    while (this.#chunks.length === 0) {
      if (this.#failed) throw vmError("operationAborted", "the stream was aborted");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#chunks.shift() ?? null;
  }

  fail(): void {
    this.#failed = true;
    this.#wake?.();
  }
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
    write: async (bytes) => writes.put(bytes.slice()),
    writeHole: async (lengthBytes) => writes.put(lengthBytes),
    finish: async () => writes.put(null),
    abort: () => {
      reads.fail();
      writes.fail();
    },
  };
}
