import type { CryptoHost, FileHost, SocketHost } from "../../storage/ports.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";

/** What the image commands need of the terminal and host that they run on. */
export interface ImageTools {
  readonly files: FileHost;
  readonly web: WebImages | null;
  readonly crypto: CryptoHost;
  /** Null where the host has none. */
  readonly sockets: SocketHost | null;
  out(text: string): void;
  /** What `out` was given is seen before all that comes; absent where it is seen at once. */
  flush?(): void;
  err(text: string): void;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Lines of standard input, for qemu-io's prompt; null at its end. */
  readLine?(): Promise<string | null>;
}

/** Ends a command: its lines were the error's message, its status the command's. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A mistake on the command line: the same, and where help is. */
export class UsageMistake extends CommandError {}
