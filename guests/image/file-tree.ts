/** A file to be put into an image. Owner and group are root. */
export type Node =
  | { readonly kind: "file"; readonly mode: number; readonly bytes: Uint8Array }
  | { readonly kind: "directory"; readonly mode: number }
  | { readonly kind: "symlink"; readonly target: string }
  | {
      readonly kind: "character";
      readonly mode: number;
      readonly major: number;
      readonly minor: number;
    };

/** Files by path, from which an image is written; paths have no leading slash. */
export class FileTree {
  readonly #nodes = new Map<string, Node>();

  /** Adds a node and, where they are missing, the directories above it. Replaces what is there. */
  add(path: string, node: Node): void {
    const slash = path.lastIndexOf("/");
    if (slash > 0 && !this.#nodes.has(path.slice(0, slash))) {
      this.add(path.slice(0, slash), { kind: "directory", mode: 0o755 });
    }
    this.#nodes.set(path, node);
  }

  file(path: string, contents: Uint8Array | string, mode = 0o644): void {
    const bytes = typeof contents === "string" ? Buffer.from(contents, "utf8") : contents;
    this.add(path, { kind: "file", mode, bytes });
  }

  directory(path: string, mode = 0o755): void {
    this.add(path, { kind: "directory", mode });
  }

  symlink(path: string, target: string): void {
    this.add(path, { kind: "symlink", target });
  }

  has(path: string): boolean {
    return this.#nodes.has(path);
  }

  /** Paths and nodes in an order that depends on nothing but the paths; parents come first. */
  entries(): [string, Node][] {
    return [...this.#nodes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
