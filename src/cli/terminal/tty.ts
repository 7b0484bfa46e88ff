/** A terminal that a person looks at: what a pseudo-terminal's other end is to a program. */
export interface Tty {
  /** Shows text; control sequences are those of ECMA-48. */
  write(text: string): void;
  /** Calls back with what is typed, as a terminal sends it; returns a function that stops it. */
  onData(listener: (text: string) => void): () => void;
  /** In characters. */
  size(): { readonly columns: number; readonly rows: number };
}
