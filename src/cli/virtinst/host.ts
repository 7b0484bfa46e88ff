/** What the tools need of the place where they run. */
import type { Connect } from "../../virt/driver/connect.ts";

/** What stands at a path of the host: undefined is nothing. */
export type PathKind = "file" | "directory" | "block" | undefined;

/** A file that cannot be read or written; the message is the system's reason. */
export class FileError extends Error {
  /** The system's `errno`, as 2 for a file that is not there. */
  readonly number: number;
  readonly path: string;

  constructor(number: number, reason: string, path: string) {
    super(reason);
    this.number = number;
    this.path = path;
  }
}

export interface ToolHost {
  out(text: string): void;
  err(text: string): void;
  env(name: string): string | undefined;
  /** Monotonic. */
  nowMs(): number;
  /** The terminal's width in characters; 80 where there is none. */
  columns(): number;
  /** Opens a connection; `uri` undefined is the place's default. @throws VmError */
  connect(uri: string | undefined): Promise<Connect>;
  pathKind(path: string): Promise<PathKind>;
  /** The path from the root, with no `..`. */
  absolutePath(path: string): string;
  newUuid(): string;
  /** Three random bytes. */
  randomBytes(): readonly number[];
  /** Resolves after `ms`, or sooner where the user pressed Ctrl-C: false then. */
  sleep(ms: number): Promise<boolean>;
  /** Resolves when the user presses Ctrl-C, which ends nothing by itself from then on. */
  interruption(): Promise<void>;
}
