/** Messages that appear over the page: errors of verbs, mostly. */

export interface Notice {
  readonly id: number;
  readonly variant: "danger" | "success" | "info";
  readonly title: string;
  readonly text?: string;
}

/** At most this many at once; older ones give way. */
const MAX_NOTICES = 4;

export class Notices {
  #list: readonly Notice[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  readonly get = (): readonly Notice[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly add = (notice: Omit<Notice, "id">): void => {
    this.#lastId += 1;
    this.#set([...this.#list, { ...notice, id: this.#lastId }].slice(-MAX_NOTICES));
  };

  readonly remove = (id: number): void => {
    this.#set(this.#list.filter((notice) => notice.id !== id));
  };

  #set(list: readonly Notice[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
