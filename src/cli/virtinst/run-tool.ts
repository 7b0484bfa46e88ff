/** What virt-install, virt-clone and virt-xml do alike: their log, their ends, their exit status. */
import { UsageError, messageOf } from "./errors.ts";
import type { ToolHost } from "./host.ts";

/** The release whose options and words these are. */
export const VERSION = "4.1.0";

export interface Tool {
  readonly name: string;
  /** The line that begins with `usage: `. */
  readonly usage: string;
  /** What is said when the user presses Ctrl-C; without it, the tool sees to that itself. */
  readonly interrupted?: string;
}

/** @returns the exit status */
export async function runTool(
  { name, usage, interrupted }: Tool,
  host: ToolHost,
  work: () => Promise<number>,
): Promise<number> {
  const stopped = async (text: string): Promise<number> => {
    await host.interruption();
    host.err(`${text}\n`);
    return 0;
  };
  try {
    if (interrupted === undefined) return await work();
    return await Promise.race([work(), stopped(interrupted)]);
  } catch (error) {
    if (error instanceof UsageError) {
      host.err(`${usage}\n${name}: error: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof Error)) throw error;
    host.err(`ERROR    ${messageOf(error)}\n`);
    return 1;
  }
}

/** Where a tool's words go. */
export interface Log {
  /** What goes well: nothing with `--quiet`. */
  say(text: string): void;
  warn(message: string): void;
  /** For `--debug` alone. */
  debug(message: string): void;
}

export function toolLog(
  host: ToolHost,
  name: string,
  { isQuiet, isDebugging }: { readonly isQuiet: boolean; readonly isDebugging: boolean },
): Log {
  const level = (word: string, message: string): string =>
    isDebugging ? `[${name}] ${word} ${message}\n` : `${word.padEnd(8)} ${message}\n`;
  return {
    say: (text) => {
      if (!isQuiet) host.out(`${text}\n`);
    },
    warn: (message) => {
      if (!isQuiet || isDebugging) host.err(level("WARNING", message));
    },
    debug: (message) => {
      if (isDebugging) host.err(level("DEBUG", message));
    },
  };
}
