/** What virt-install needs of the place where it runs. */
import type { Connect } from "../../virt/driver/connect.ts";
import type { Stream } from "../../virt/driver/streams.ts";

/** What stands at a path of the host: undefined is nothing. */
export type PathKind = "file" | "directory" | "block" | undefined;

export interface InstallHost {
  out(text: string): void;
  err(text: string): void;
  env(name: string): string | undefined;
  /** Opens a connection; `uri` undefined is the place's default. @throws VmError */
  connect(uri: string | undefined): Promise<Connect>;
  pathKind(path: string): Promise<PathKind>;
  /** The path from the root, with no `..`. */
  absolutePath(path: string): string;
  newUuid(): string;
  /** Three random bytes. */
  randomBytes(): readonly number[];
  /** Whether `console` can work. */
  hasTerminal(): boolean;
  /** Connects the terminal to a guest's console until the user or the guest ends it. */
  console(stream: Stream): Promise<void>;
  /** Resolves after `ms`, or sooner where the user pressed Ctrl-C: false then. */
  sleep(ms: number): Promise<boolean>;
}
