import type { FileTree } from "../image/file-tree.ts";
import { elfSection } from "../kernel/elf.ts";

/** Dynamic section tags (System V gABI, chapter 5). */
const DT_NULL = 0n;
const DT_NEEDED = 1n;
const DYN_BYTES = 16;

/** Where the C library looks, without a cache or further directories. */
const LIBRARY_DIRECTORIES = ["usr/lib/riscv64-linux-gnu", "usr/lib"];

/**
 * Libraries that programs of the tree are linked with and that are not in it, each with one of the
 * files that want it: what was left out may not be needed by what is there.
 */
export function missingLibraries(tree: FileTree): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const [path, node] of tree.entries()) {
    for (const name of node.kind === "file" ? neededLibraries(node.bytes) : []) {
      const isThere = LIBRARY_DIRECTORIES.some((directory) => isFile(tree, `${directory}/${name}`));
      if (!isThere) missing.set(name, path);
    }
  }
  return missing;
}

function isFile(tree: FileTree, path: string): boolean {
  const real = tree.realPath(path, "follow");
  return real !== null && tree.get(real)?.kind === "file";
}

/** Names of the libraries that an ELF file is linked with; none for any other file. */
export function neededLibraries(file: Uint8Array): string[] {
  const dynamic = elfSection(file, ".dynamic");
  const strings = elfSection(file, ".dynstr");
  if (dynamic === null || strings === null) {
    return [];
  }
  const view = new DataView(dynamic.buffer, dynamic.byteOffset, dynamic.byteLength);
  const names: string[] = [];
  for (let at = 0; at + DYN_BYTES <= view.byteLength; at += DYN_BYTES) {
    const tag = view.getBigUint64(at, true);
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) names.push(stringAt(strings, Number(view.getBigUint64(at + 8, true))));
  }
  return names;
}

function stringAt(strings: Uint8Array, at: number): string {
  const end = strings.indexOf(0, at);
  return Buffer.from(strings.subarray(at, end < 0 ? strings.length : end)).toString("latin1");
}
