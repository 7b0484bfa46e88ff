/** Errors that end a command, in the real tool's words. */

/** Ends the command with `ERROR    message` and status 1. */
export class ToolError extends Error {}

/** A wrong command line: usage, message, status 2. */
export class UsageError extends Error {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
