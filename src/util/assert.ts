/** A broken invariant of our own: never something that a guest or a user can cause. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Stops on a bug. `message` says which invariant broke. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
