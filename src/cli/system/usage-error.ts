/** A command line that cannot be carried out; `message` is one sentence that names the option. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
