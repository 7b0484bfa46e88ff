import { FileType, type NewcFields, newcEnd, newcRecord } from "../../src/archive/newc.ts";
import type { FileTree, Node } from "./file-tree.ts";

/**
 * Writes an archive of `tree`. Equal trees give equal bytes: inodes are numbered in order and every
 * file has the same date. Of a file with several names the last one carries the data.
 *
 * @param mtimeSeconds date of all files, seconds since 1970, below 2^32
 */
export function writeCpio(tree: FileTree, mtimeSeconds: number): Uint8Array {
  const entries = tree.entries();
  const links = linksOf(entries);
  const pieces = entries.flatMap(([path, node]) => {
    const link = links.get(node) ?? { inode: 0, count: 1, last: path };
    return entry(path, node, link, mtimeSeconds);
  });
  pieces.push(...newcEnd());
  return Buffer.concat(pieces);
}

/** A node's number, how many names it has, and the last of them. */
interface Link {
  readonly inode: number;
  readonly count: number;
  readonly last: string;
}

function linksOf(entries: readonly (readonly [string, Node])[]): ReadonlyMap<Node, Link> {
  const links = new Map<Node, Link>();
  for (const [last, node] of entries) {
    const { inode, count } = links.get(node) ?? { inode: links.size + 1, count: 0 };
    links.set(node, { inode, count: count + 1, last });
  }
  return links;
}

function entry(path: string, node: Node, link: Link, mtime: number): Uint8Array[] {
  const permissions = node.kind === "symlink" ? 0o777 : node.mode;
  const fields: NewcFields = {
    inode: link.inode,
    mode: FileType[node.kind] | permissions,
    ...node.owner,
    nlink: node.kind === "directory" ? 2 : link.count,
    mtime,
  };
  if (node.kind === "character") {
    const { major: deviceMajor, minor: deviceMinor } = node;
    return newcRecord(path, { ...fields, deviceMajor, deviceMinor }, new Uint8Array(0));
  }
  return newcRecord(path, fields, path === link.last ? dataOf(node) : new Uint8Array(0));
}

function dataOf(node: Node): Uint8Array {
  switch (node.kind) {
    case "file":
      return node.bytes;
    case "symlink":
      return Buffer.from(node.target, "utf8");
    default:
      return new Uint8Array(0);
  }
}
