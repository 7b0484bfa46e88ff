/** What the tools need of the place where they run. */
import type { Connect } from "../../virt/driver/connect.ts";

/** What stands at a path of the host: undefined is nothing. */
export type PathKind = "file" | "directory" | "block" | undefined;

export interface ToolHost {
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
}
