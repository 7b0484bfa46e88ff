import { GuestError } from "../../errors.ts";
import type { StoredData } from "./file-data.ts";
import type { Xattrs } from "./xattr.ts";

/** What every kind of file has. */
export interface Attributes {
  /** Permission bits, with set-user-ID and so on: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds?: number;
  readonly xattrs?: Xattrs;
}

/** A file on a disk. The same object under two paths is one file with two names. */
export type DiskNode = Attributes &
  (
    | { readonly kind: "file"; readonly data: StoredData }
    | { readonly kind: "directory" | "fifo" | "socket" }
    | { readonly kind: "symlink"; readonly target: string }
    | {
        readonly kind: "character" | "block";
        readonly major: number;
        readonly minor: number;
      }
  );

/** Linux gives up after as many links in one path. */
const MAX_LINKS = 40;

/** Files by path. Paths have no leading slash; the root directory's is empty. */
export class DiskTree {
  readonly #nodes = new Map<string, DiskNode>();

  constructor(root: Attributes) {
    this.#nodes.set("", { ...root, kind: "directory" });
  }

  /**
   * Puts a file in its place, or in the place of what is there.
   *
   * @throws GuestError when its directory is missing, or when a directory with files would go
   */
  set(path: string, node: DiskNode): void {
    const old = this.#nodes.get(path);
    if (path !== "" && this.#nodes.get(directoryOf(path))?.kind !== "directory") {
      throw new GuestError(`${path} has no directory to be in.`);
    }
    if (old?.kind === "directory" && node.kind !== "directory") {
      throw new GuestError(`${path} is a directory and cannot become a ${node.kind}.`);
    }
    this.#nodes.set(path, node);
  }

  get(path: string): DiskNode | undefined {
    return this.#nodes.get(path);
  }

  /** Takes a file away; a directory must be empty. */
  delete(path: string): void {
    for (const other of this.#nodes.keys()) {
      if (path === "" || other.startsWith(`${path}/`)) {
        throw new GuestError(`${path} cannot be taken away: it holds ${other}.`);
      }
    }
    this.#nodes.delete(path);
  }

  /**
   * Where a file of this path really lies: symbolic links among its directories are followed, but
   * not one at its end.
   *
   * @throws GuestError when links lead in a circle
   */
  resolve(path: string): string {
    let rest = path.split("/");
    let place = "";
    for (let links = 0; rest.length > 0;) {
      const [name = "", ...after] = rest;
      const next = step(place, name);
      const node = this.#nodes.get(next);
      if (node?.kind !== "symlink" || after.length === 0) {
        place = next;
        rest = after;
        continue;
      }
      links++;
      if (links > MAX_LINKS) {
        throw new GuestError(`${path}: symbolic links lead in a circle.`);
      }
      place = node.target.startsWith("/") ? "" : place;
      rest = [...node.target.split("/"), ...after];
    }
    return place;
  }

  /** Paths and files in an order that depends on nothing but the paths; directories come first. */
  entries(): [string, DiskNode][] {
    return [...this.#nodes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Path of the directory that a file is in. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

function step(place: string, name: string): string {
  if (name === "" || name === ".") {
    return place;
  }
  if (name === "..") {
    return directoryOf(place);
  }
  return place === "" ? name : `${place}/${name}`;
}
