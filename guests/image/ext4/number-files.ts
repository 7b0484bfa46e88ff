import { GuestError } from "../../errors.ts";
import type { DirectoryEntry } from "./directory.ts";
import { directoryOf, type DiskNode, type DiskTree } from "./disk-tree.ts";
import type { NumberedFile } from "./inode.ts";
import { FileType, Ino } from "./structures.ts";

/** A file of the tree, and of a directory what is in it. */
export interface TreeFile extends Omit<NumberedFile, "directory"> {
  readonly entries?: readonly DirectoryEntry[];
}

export function rootOwned(mode: number, mtimeSeconds: number): Omit<DiskNode, "kind"> {
  return { mode, uid: 0, gid: 0, mtimeSeconds };
}

/** Numbers the files in the order of their paths, and makes the directories' entries. */
export function numberFiles(tree: DiskTree, timeSeconds: number): TreeFile[] {
  const paths = tree.entries();
  const lostFound = { ...rootOwned(0o700, timeSeconds), kind: "directory" } as const;
  const numbers = new Map<DiskNode, number>();
  const links = new Map<DiskNode, number>();
  const entries = new Map<string, DirectoryEntry[]>();
  const add = (path: string, node: DiskNode, ino: number): void => {
    numbers.set(node, ino);
    const type = FileType[node.kind].entry;
    const above = path === "" ? ino : (numbers.get(tree.get(directoryOf(path)) ?? node) ?? ino);
    if (node.kind === "directory") {
      entries.set(path, [
        { name: ".", ino, type },
        { name: "..", ino: above, type },
      ]);
    }
    if (path !== "") {
      const name = path.slice(path.lastIndexOf("/") + 1);
      entries.get(directoryOf(path))?.push({ name, ino, type });
    }
    links.set(node, (links.get(node) ?? 0) + 1);
  };
  let next: number = Ino.first + 1;
  const files: { path: string; node: DiskNode }[] = [];
  for (const [path, node] of paths) {
    const known = numbers.get(node);
    if (known !== undefined && node.kind === "directory") {
      throw new GuestError(`${path} is a second name of a directory.`);
    }
    const ino = known ?? (path === "" ? Ino.root : next++);
    add(path, node, ino);
    if (known === undefined) {
      files.push({ path, node });
    }
    if (path === "") {
      add("lost+found", lostFound, Ino.first);
      files.push({ path: "lost+found", node: lostFound });
    }
  }
  return files
    .map(({ path, node }) => toTreeFile(node, numbers, links, entries.get(path)))
    .toSorted((a, b) => a.ino - b.ino);
}

function toTreeFile(
  node: DiskNode,
  numbers: ReadonlyMap<DiskNode, number>,
  links: ReadonlyMap<DiskNode, number>,
  entries: readonly DirectoryEntry[] | undefined,
): TreeFile {
  const ino = numbers.get(node) ?? 0;
  if (node.kind !== "directory" || entries === undefined) {
    return { ino, node, links: links.get(node) ?? 1 };
  }
  // Its name, its own ".", and ".." of each directory in it.
  const inside = entries.filter(({ type }) => type === FileType.directory.entry);
  return { ino, node, links: inside.length, entries };
}
