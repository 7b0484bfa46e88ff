/** What virt-top needs of the place where it runs. */
import type { Connect } from "../../virt/driver/connect.ts";

/** A terminal that draws and listens. */
export interface TopTerminal {
  size(): { readonly columns: number; readonly rows: number };
  /** Calls back with what is typed, as a terminal sends it; returns a function that stops it. */
  onKeys(listener: (text: string) => void): () => void;
}

/** A file that is written from its beginning. Its calls reject with Error. */
export interface TextFile {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface TopHost {
  out(text: string): void;
  err(text: string): void;
  env(name: string): string | undefined;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls `run` once after `ms`, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  /** Opens a connection that changes nothing; `uri` undefined is the place's default. @throws VmError */
  connect(uri: string | undefined): Promise<Connect>;
  /** None where the output is no terminal. */
  terminal(): TopTerminal | undefined;
  /** A whole file as text; undefined where there is none. */
  readText(path: string): Promise<string | undefined>;
  /** @throws Error */
  createText(path: string): Promise<TextFile>;
  /** Resolves when the user presses Ctrl-C. */
  interruption(): Promise<void>;
}
