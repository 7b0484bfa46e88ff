/** Lines that were entered before. */
export interface HistoryStore {
  /** Oldest first. */
  load(): readonly string[];
  save(lines: readonly string[]): void;
}

const KEPT = 500;

export class History {
  readonly #store: HistoryStore;
  #lines: string[];

  constructor(store: HistoryStore) {
    this.#store = store;
    this.#lines = [...store.load()].slice(-KEPT);
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Blank lines and repetitions of the last one are not kept. */
  add(line: string): void {
    if (line.trim() === "" || line === this.#lines.at(-1)) return;
    this.#lines = [...this.#lines, line].slice(-KEPT);
    this.#store.save(this.#lines);
  }

  /** The newest line older than `before` that contains `text`, by its place; -1 for none. */
  find(text: string, before = this.#lines.length): number {
    return text === ""
      ? -1
      : this.#lines.slice(0, before).findLastIndex((line) => line.includes(text));
  }
}
