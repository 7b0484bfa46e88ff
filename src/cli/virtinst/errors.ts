/** Errors that end a command, in the real tool's words. */
import { FileError } from "./host.ts";
import { quoted } from "./python-text.ts";

/** Ends the command with `ERROR    message` and status 1. */
export class ToolError extends Error {}

/** A wrong command line: usage, message, status 2. */
export class UsageError extends Error {}

export function messageOf(error: unknown): string {
  if (error instanceof FileError) {
    return `[Errno ${error.number}] ${error.message}: ${quoted(error.path)}`;
  }
  return error instanceof Error ? error.message : String(error);
}
