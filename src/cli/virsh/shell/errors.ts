/** A command that failed for virsh's own reasons: its text is printed after `error: `. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A command that failed and has printed why. */
export class AlreadyReported extends Error {
  override readonly name = "AlreadyReported";
}
