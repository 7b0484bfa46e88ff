/** Who a file belongs to; root when left out. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A file to be put into an image. The same node at several paths is a file with hard links. */
export type Node =
  | {
      readonly kind: "file";
      readonly mode: number;
      readonly owner?: Owner;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "directory"; readonly mode: number; readonly owner?: Owner }
  | { readonly kind: "symlink"; readonly target: string; readonly owner?: Owner }
  | {
      readonly kind: "character";
      readonly mode: number;
      readonly owner?: Owner;
      readonly major: number;
      readonly minor: number;
    };

/** As many as Linux follows before it says ELOOP. */
const MAX_SYMLINKS = 40;

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

  /** The node at a path, without following symbolic links. */
  get(path: string): Node | undefined {
    return this.#nodes.get(path);
  }

  /**
   * The path at which a file is once symbolic links are followed, as a guest with this tree as its
   * root would. What is missing is taken for directories to come.
   *
   * @param last whether a link at the path's end is followed too
   * @returns null when links lead in a circle or a part is no directory
   */
  realPath(path: string, last: "keep" | "follow" = "keep"): string | null {
    const found: string[] = [];
    const parts = path.split("/");
    let links = 0;
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      if (part === "..") {
        found.pop();
      } else if (part !== "" && part !== ".") {
        found.push(part);
      }
      const isLast = parts.length === 0;
      const node = this.#nodes.get(found.join("/"));
      if (node?.kind === "symlink" && (!isLast || last === "follow")) {
        if (++links > MAX_SYMLINKS) {
          return null;
        }
        found.splice(node.target.startsWith("/") ? 0 : -1);
        parts.unshift(...node.target.split("/"));
      } else if (node !== undefined && node.kind !== "directory" && !isLast) {
        return null;
      }
    }
    return found.join("/");
  }

  /** Paths and nodes in an order that depends on nothing but the paths; parents come first. */
  entries(): [string, Node][] {
    return [...this.#nodes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
