/** What the terminal's commands and its panel know of each other. */

/** A terminal that a person looks at. */
export interface TerminalScreen {
  /** Shows text with its control sequences. */
  write(text: string): void;
  /** Calls back with what is typed; returns a function that stops it. */
  onData(listener: (text: string) => void): () => void;
  /** In characters. */
  size(): { readonly columns: number; readonly rows: number };
}

export interface TerminalServices {
  readonly greeting: string;
  readonly history: { load(): readonly string[]; save(lines: readonly string[]): void };
  /** Shows bytes of a guest as they are. */
  show(bytes: Uint8Array): void;
  /** Lets the user change a text. Rejects when it is given up. */
  edit(text: string, suffix: string): Promise<string>;
  /** Hands a file to the user's computer. */
  save(name: string, contents: Blob): void;
  /** Asks for a file of the user's computer; null when none was chosen. */
  pick(): Promise<File | null>;
}

/** Talks on the screen until the user leaves. */
export type RunTerminal = (screen: TerminalScreen, services: TerminalServices) => Promise<void>;
