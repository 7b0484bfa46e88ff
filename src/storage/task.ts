/**
 * Work that is synchronous where the host is, and asynchronous where it is not, from one text: a
 * generator that yields a promise only when it was given one.
 */

/** A value, or the promise of one. */
export type Eventually<T> = T | Promise<T>;

/** Yields what must be waited for. */
export type Task<T> = Generator<Promise<unknown>, T, unknown>;

/** Inside a task: `const x = yield* wait(node.status(…))`. */
export function* wait<T>(value: Eventually<T>): Task<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

/** Runs a task as far as it goes without waiting: to its end, or else the rest is a promise. */
export function run<T>(task: Task<T>): Eventually<T> {
  const step = task.next();
  return step.done === true ? step.value : resume(task, step.value);
}

async function resume<T>(task: Task<T>, first: Promise<unknown>): Promise<T> {
  for (let pending = first; ;) {
    const step = await pending.then(
      (value) => task.next(value),
      (error: unknown) => task.throw(error),
    );
    if (step.done === true) return step.value;
    pending = step.value;
  }
}

/** Lets one task at a time through, in the order of arrival. */
export class Mutex {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  *lock(): Task<void> {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    yield new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  unlock(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next();
  }

  /** Runs `task` alone. */
  *alone<T>(task: Task<T>): Task<T> {
    yield* this.lock();
    try {
      return yield* task;
    } finally {
      this.unlock();
    }
  }
}
