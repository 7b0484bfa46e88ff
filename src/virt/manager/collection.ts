/** Snapshots of all objects of one kind, by name; each is looked at anew when somebody says so. */

interface Named {
  readonly uuid: string;
  readonly name: string;
}

export interface CollectionSource<T extends Named> {
  /** UUIDs of all objects. */
  list(): Promise<readonly string[]>;
  /** Null when the object is gone. */
  look(uuid: string): Promise<T | null>;
  /** Told after every change. */
  changed(): void;
}

/** Numbers in names count: vm2 stands before vm10. */
const COLLATOR = new Intl.Collator("en", { numeric: true });

export class Collection<T extends Named> {
  readonly #source: CollectionSource<T>;
  readonly #known = new Map<string, T>();
  /** Looks under way; true when the object changed again meanwhile. */
  readonly #looking = new Map<string, { again: boolean; done: Promise<void> }>();
  /** Null after a change, until somebody asks. */
  #sorted: readonly T[] | null = [];

  constructor(source: CollectionSource<T>) {
    this.#source = source;
  }

  /** By name. The array is a new one after every change, and only then. */
  all(): readonly T[] {
    this.#sorted ??= [...this.#known.values()].sort((a, b) => COLLATOR.compare(a.name, b.name));
    return this.#sorted;
  }

  get(uuid: string): T | undefined {
    return this.#known.get(uuid);
  }

  /** Looks at all objects, and forgets those that are gone. */
  async reload(): Promise<void> {
    const uuids = new Set(await this.#source.list());
    for (const uuid of this.#known.keys()) if (!uuids.has(uuid)) this.#forget(uuid);
    await Promise.all([...uuids].map((uuid) => this.refresh(uuid)));
  }

  /** Looks at one object; calls that come while it is looked at make one more look. */
  async refresh(uuid: string): Promise<void> {
    const under = this.#looking.get(uuid);
    if (under) {
      under.again = true;
      return under.done;
    }
    const look = { again: false, done: Promise.resolve() };
    this.#looking.set(uuid, look);
    look.done = this.#look(uuid, look);
    return look.done;
  }

  async #look(uuid: string, look: { again: boolean }): Promise<void> {
    try {
      do {
        look.again = false;
        const found = await this.#source.look(uuid);
        if (found) this.#put(found);
        else this.#forget(uuid);
      } while (look.again);
    } finally {
      this.#looking.delete(uuid);
    }
  }

  #put(found: T): void {
    this.#known.set(found.uuid, found);
    this.#changed();
  }

  #forget(uuid: string): void {
    if (this.#known.delete(uuid)) this.#changed();
  }

  #changed(): void {
    this.#sorted = null;
    this.#source.changed();
  }
}
