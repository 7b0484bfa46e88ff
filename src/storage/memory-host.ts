/** A host in memory: for browsers that keep nothing, and for tests. */
import { StorageError } from "./errors.ts";
import type { DirectoryEntry, DirectoryHost, FileHost, FileStat, ImageFile } from "./ports.ts";
import { MemoryNode } from "./protocol/memory-node.ts";

type Entry = MemoryNode | "directory";

/** Files and directories by absolute path. The root is there from the beginning. */
export class MemoryHost implements FileHost, Omit<DirectoryHost, "remove"> {
  readonly #entries = new Map<string, Entry>([["/", "directory"]]);

  readonly entropy: FileHost["entropy"];

  constructor(entropy: FileHost["entropy"]) {
    this.entropy = entropy;
  }

  /** The directories of this host, whose `remove` is not that of the files. */
  readonly directories: DirectoryHost = {
    list: (path) => this.list(path),
    stat: (path) => this.stat(path),
    mkdir: (path, options) => this.mkdir(path, options),
    rename: (from, to) => this.rename(from, to),
    remove: (path, options) => this.#removeEntry(path, options?.recursive ?? false),
  };

  open(path: string, { write, create = false }: { write: boolean; create?: boolean }): ImageFile {
    const name = normal(path);
    const found = this.#entries.get(name);
    if (found === "directory") throw new StorageError("EISDIR");
    if (found === undefined && !create) throw new StorageError("ENOENT");
    const node = found ?? new MemoryNode(0);
    if (found === undefined) {
      this.#demandParent(name);
      this.#entries.set(name, node);
    } else if (create) node.truncate(0);
    return fileOver(node, write);
  }

  exists(path: string): boolean {
    return this.#entries.has(normal(path));
  }

  remove(path: string): void {
    const name = normal(path);
    const found = this.#entries.get(name);
    if (found === undefined) throw new StorageError("ENOENT");
    if (found === "directory") throw new StorageError("EISDIR");
    this.#entries.delete(name);
  }

  identity(path: string): string {
    return normal(path);
  }

  /** Bytes that all files take. */
  takenBytes(): number {
    let sum = 0;
    for (const entry of this.#entries.values())
      if (entry !== "directory") sum += Math.min(entry.allocatedBytes(), entry.sizeBytes);
    return sum;
  }

  async list(path: string): Promise<readonly DirectoryEntry[]> {
    const name = normal(path);
    const found = this.#entries.get(name);
    if (found === undefined) throw new StorageError("ENOENT");
    if (found !== "directory") throw new StorageError("ENOTDIR");
    return this.#inside(name).map((child) => ({
      name: child.slice(child.lastIndexOf("/") + 1),
      ...this.#stat(child),
    }));
  }

  async stat(path: string): Promise<FileStat> {
    const name = normal(path);
    if (!this.#entries.has(name)) throw new StorageError("ENOENT");
    return this.#stat(name);
  }

  async mkdir(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    const name = normal(path);
    const found = this.#entries.get(name);
    if (found === "directory" && recursive) return;
    if (found !== undefined) throw new StorageError(recursive ? "ENOTDIR" : "EEXIST");
    if (recursive) await this.mkdir(parentOf(name), { recursive });
    this.#demandParent(name);
    this.#entries.set(name, "directory");
  }

  async rename(from: string, to: string): Promise<void> {
    const found = this.#entries.get(normal(from));
    if (found === undefined) throw new StorageError("ENOENT");
    if (found === "directory") throw new StorageError("EISDIR");
    this.#demandParent(normal(to));
    this.#entries.delete(normal(from));
    this.#entries.set(normal(to), found);
  }

  async #removeEntry(path: string, recursive: boolean): Promise<void> {
    const name = normal(path);
    if (!this.#entries.has(name)) throw new StorageError("ENOENT");
    const inside = this.#inside(name);
    if (inside.length > 0 && !recursive) throw new StorageError("ENOTEMPTY");
    for (const child of inside) await this.#removeEntry(child, true);
    this.#entries.delete(name);
  }

  #stat(name: string): FileStat {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry === "directory")
      return { kind: "directory", sizeBytes: 0, modifiedMs: 0 };
    return { kind: "file", sizeBytes: entry.sizeBytes, modifiedMs: 0 };
  }

  #inside(name: string): string[] {
    return [...this.#entries.keys()].filter((key) => key !== "/" && parentOf(key) === name);
  }

  #demandParent(name: string): void {
    const parent = this.#entries.get(parentOf(name));
    if (parent === undefined) throw new StorageError("ENOENT");
    if (parent !== "directory") throw new StorageError("ENOTDIR");
  }
}

function fileOver(node: MemoryNode, write: boolean): ImageFile {
  const demandWritable = (): void => {
    if (!write) throw new StorageError("EBADF");
  };
  return {
    get sizeBytes() {
      return node.sizeBytes;
    },
    allocatedBytes: () => Math.min(node.allocatedBytes(), node.sizeBytes),
    read: (offset, bytes) => node.read(offset, [bytes]),
    write(offset, bytes) {
      demandWritable();
      node.write(offset, [bytes]);
    },
    truncate(sizeBytes) {
      demandWritable();
      node.truncate(sizeBytes);
    },
    flush() {},
    close() {},
  };
}

/** `.`, `..` and empty names are resolved. */
function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(1, name.lastIndexOf("/"))) || "/";
}
