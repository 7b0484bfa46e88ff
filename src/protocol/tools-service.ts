/** The service of a tools worker: the image commands, and the host's files for a terminal. */

/** What a command said: text of its output or its errors, or its exit status at its end. */
export type ToolOutput =
  | { readonly kind: "out" | "err"; readonly text: string }
  | { readonly kind: "ask" }
  | { readonly kind: "exit"; readonly status: number };

export interface HostEntry {
  readonly name: string;
  readonly kind: "file" | "directory";
  readonly sizeBytes: number;
  /** Milliseconds since 1970; 0 where the host does not say. */
  readonly modifiedMs: number;
}

/** Failures are `VmError`s of code systemError, in the system's words. */
export interface ToolsService {
  /** @returns as `Handshake` */
  handshake(version: number): Promise<string>;

  /**
   * Starts `qemu-img` or `qemu-io`.
   *
   * @param directory what relative paths begin at
   * @returns a number for `output` and `input`
   */
  start(name: "qemu-img" | "qemu-io", args: readonly string[], directory: string): Promise<number>;
  /** What it said since the last call; waits until there is something. `exit` is the last one. */
  output(run: number): Promise<readonly ToolOutput[]>;
  /** A line for a command that asked for one; null at the end of input. */
  input(run: number, line: string | null): Promise<void>;

  /** What is at a path; null for nothing. */
  stat(path: string): Promise<HostEntry | null>;
  list(path: string): Promise<readonly HostEntry[]>;
  makeDirectory(path: string): Promise<void>;
  /** Files, and directories that are empty. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;

  /** @returns a number for the calls below */
  open(path: string, mode: "read" | "write"): Promise<number>;
  /** The next bytes; null at the end. */
  read(file: number): Promise<Uint8Array | null>;
  /** Bytes from `offset`: fewer than `length` at the end. */
  readAt(file: number, offset: number, length: number): Promise<Uint8Array>;
  write(file: number, bytes: Uint8Array): Promise<void>;
  writeHole(file: number, lengthBytes: number): Promise<void>;
  /** Closes it; all that was written is stored. */
  close(file: number): Promise<void>;
}
