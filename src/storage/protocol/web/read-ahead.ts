/** Streams that are told apart: a guest reads several files at a time, and an image its tables. */
const STREAMS = 4;

interface Stream {
  /** The last block that was read. */
  last: number;
  /** Blocks to be there before they are read: doubles with each step of the stream. */
  window: number;
  /** The first block that was not asked for yet. */
  ahead: number;
}

/** Guesses from the blocks that are read which ones will be. */
export class ReadAhead {
  readonly #most: number;
  /** The one used last comes first. */
  readonly #streams: Stream[] = [];

  /** @param most blocks ahead of a stream */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Notes that blocks `first` to `last` are read.
   *
   * @returns the first block to be loaded ahead, and how many; 0 for none
   */
  read(first: number, last: number): { first: number; count: number } {
    const none = { first: last + 1, count: 0 };
    const index = this.#streams.findIndex((each) => each.last === first || each.last + 1 === first);
    const [stream] = index < 0 ? [] : this.#streams.splice(index, 1);
    if (stream === undefined) {
      this.#streams.unshift({ last, window: 0, ahead: last + 1 });
      this.#streams.length = Math.min(this.#streams.length, STREAMS);
      return none;
    }
    this.#streams.unshift(stream);
    // Still in the same block.
    if (last <= stream.last) return none;
    stream.last = last;
    stream.ahead = Math.max(stream.ahead, last + 1);
    // Few requests for many blocks are better than the reverse.
    if (stream.ahead - last - 1 > stream.window / 2) return none;
    stream.window = Math.min(this.#most, Math.max(1, stream.window * 2));
    const from = stream.ahead;
    stream.ahead = last + 1 + stream.window;
    return { first: from, count: Math.max(0, stream.ahead - from) };
  }
}
