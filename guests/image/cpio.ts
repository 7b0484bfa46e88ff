import type { FileTree, Node } from "./file-tree.ts";

/**
 * The "newc" format of Linux's initramfs (Documentation/driver-api/early-userspace/
 * buffer-format.rst): each entry is a magic and 13 fields of 8 hexadecimal digits, the name and
 * the data, both padded to 4 bytes.
 */
const MAGIC = "070701";
const HEADER_BYTES = MAGIC.length + 13 * 8;
const TRAILER = "TRAILER!!!";

/** st_mode's file type bits. */
const FileType = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
} as const;

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
  pieces.push(...record(TRAILER, { nlink: 1 }, new Uint8Array(0)));
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
  const fields: Fields = {
    inode: link.inode,
    mode: FileType[node.kind] | permissions,
    ...node.owner,
    nlink: node.kind === "directory" ? 2 : link.count,
    mtime,
  };
  if (node.kind === "character") {
    const { major: deviceMajor, minor: deviceMinor } = node;
    return record(path, { ...fields, deviceMajor, deviceMinor }, new Uint8Array(0));
  }
  return record(path, fields, path === link.last ? dataOf(node) : new Uint8Array(0));
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

/** Header fields that are not zero. */
interface Fields {
  readonly inode?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly nlink: number;
  readonly mtime?: number;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
}

function record(name: string, fields: Fields, data: Uint8Array): Uint8Array[] {
  const nameBytes = Buffer.from(`${name}\0`, "utf8");
  const numbers = [
    fields.inode ?? 0,
    fields.mode ?? 0,
    fields.uid ?? 0,
    fields.gid ?? 0,
    fields.nlink,
    fields.mtime ?? 0,
    data.length,
    0, // major and minor of the device that the file is on
    0,
    fields.deviceMajor ?? 0,
    fields.deviceMinor ?? 0,
    nameBytes.length,
    0, // checksum, of the "crc" format only
  ];
  const header = MAGIC + numbers.map((value) => value.toString(16).padStart(8, "0")).join("");
  const start = Buffer.concat([Buffer.from(header, "latin1"), nameBytes]);
  return [start, padding(HEADER_BYTES + nameBytes.length), data, padding(data.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}
