interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What a guest may find of a disk after a crash: what was flushed, or anything written since. */
export class Expectation {
  /** What the last flush made durable. */
  readonly flushed: Uint8Array;
  /** Bytes changed since: any of their values will do, and so will zeroes of a discard. */
  readonly loose: Uint8Array;
  #stretches: readonly Stretch[] | undefined;

  constructor(flushed: Uint8Array, loose: Uint8Array = new Uint8Array(flushed.length)) {
    this.flushed = flushed.slice();
    this.loose = loose.slice();
  }

  /** The same, with a range that may hold anything. */
  changed(from: number, to: number): Expectation {
    const next = new Expectation(this.flushed, this.loose);
    next.loose.fill(1, from, to);
    return next;
  }

  /** The same with another length; what is new may hold anything until it is flushed. */
  resized(sizeBytes: number): Expectation {
    const next = new Expectation(new Uint8Array(sizeBytes));
    next.flushed.set(this.flushed.subarray(0, sizeBytes));
    next.loose.fill(1, Math.min(sizeBytes, this.flushed.length));
    next.loose.set(this.loose.subarray(0, sizeBytes));
    return next;
  }

  /** @returns why this is not what was found, or undefined */
  refuse(found: Uint8Array): string | undefined {
    if (found.length !== this.flushed.length) return `the disk has ${found.length} bytes`;
    for (const { from, to } of this.#firm()) {
      const wrong = firstDifference(found.subarray(from, to), this.flushed.subarray(from, to));
      if (wrong >= 0) return `byte ${from + wrong} was flushed and is lost`;
    }
    return undefined;
  }

  /** The stretches that must be as they were flushed. */
  #firm(): readonly Stretch[] {
    if (this.#stretches !== undefined) return this.#stretches;
    const { loose } = this;
    const stretches: Stretch[] = [];
    for (let from = loose.indexOf(0); from >= 0;) {
      const end = loose.indexOf(1, from);
      const to = end < 0 ? loose.length : end;
      stretches.push({ from, to });
      from = loose.indexOf(0, to);
    }
    return (this.#stretches = stretches);
  }
}

/** What must be there at one moment. */
export interface Moment {
  /** The first change of the log that belongs to it. */
  readonly from: number;
  /** One of these is the disk. */
  readonly disk: readonly Expectation[];
  /** Contents of internal snapshots that must be there. */
  readonly snapshots: ReadonlyMap<string, Uint8Array>;
}

/** @returns where two arrays of the same length differ first, or -1 */
export function firstDifference(one: Uint8Array, two: Uint8Array): number {
  if (Buffer.compare(one, two) === 0) return -1;
  let at = 0;
  while (one[at] === two[at]) at++;
  return at;
}
