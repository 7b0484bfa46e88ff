/** What virsh needs of the terminal, the files and the drivers of the place where it runs. */
import type { Connect, ConnectOptions } from "../../../virt/driver/connect.ts";
import type { Stream } from "../../../virt/driver/streams.ts";

/** What the Tab key offers: the word before the cursor, and those that begin with it. */
export type Complete = (
  before: string,
) => Promise<{ readonly word: string; readonly candidates: readonly string[] }>;

export interface VirshHost {
  out(text: string): void;
  err(text: string): void;
  /** Milliseconds, from any start. */
  nowMs(): number;
  /** Milliseconds since 1970. */
  timeMs(): number;
  processId(): number;
  /** Opens a file for lines to be added to it. @throws VmError systemError */
  openLog(path: string): (line: string) => void;
  /** Opens a connection; `uri` undefined is the place's default. @throws VmError */
  connect(uri: string | undefined, options: ConnectOptions): Promise<Connect>;
  /**
   * The next line that the user types after `prompt`, or null at the end of input.
   *
   * @param complete words that can stand at the end of the text before the cursor
   */
  readLine(prompt: string, complete?: Complete): Promise<string | null>;
  /** An environment variable. */
  env(name: string): string | undefined;
  /** @throws VmError systemError in the system's words */
  readFile(path: string): Promise<Uint8Array>;
  /** @throws VmError systemError */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** A file as the other end of an upload or download. @throws VmError systemError */
  openFile(path: string, mode: "read" | "write"): Promise<Stream>;
  /** Lets the user change a text; resolves with the new one. @throws VmError */
  edit(text: string): Promise<string>;
  /** Whether `console` can work. */
  hasTerminal(): boolean;
  /** Connects the terminal to a guest's console until the user or the guest ends it. */
  console(stream: Stream, escape: string): Promise<void>;
  workingDirectory(): string;
  /** @throws VmError systemError */
  changeDirectory(path: string | undefined): void;
  /** Resolves after `ms`, or sooner where the user pressed Ctrl-C or `until` resolves: false then. */
  sleep(ms: number, until?: Promise<unknown>): Promise<boolean>;
}
