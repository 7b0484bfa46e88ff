/** Installs packages into a file tree as dpkg --unpack would, without their scripts. */
import { GuestError } from "../errors.ts";
import type { FileTree, Node } from "../image/file-tree.ts";
import { FileOwners } from "./file-owners.ts";
import { packageFiles } from "./package-file.ts";
import type { PackageEntry } from "./package-index.ts";
import type { TarEntry } from "./tar.ts";

export class Unpacker {
  readonly #tree: FileTree;
  readonly #owners = new FileOwners();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /**
   * Adds the files of the package at `path`.
   *
   * @param isWanted by paths as the package has them; what is refused is passed over
   * @throws GuestError when the package is damaged, or a file is another package's and is not
   * declared to be replaced
   */
  async unpack(
    entry: PackageEntry,
    path: string,
    isWanted: (path: string) => boolean,
  ): Promise<void> {
    for await (const file of packageFiles(path, (header) => isWanted(header.path))) {
      if (file.path !== "") {
        this.#install(entry, file);
      }
    }
  }

  #install(entry: PackageEntry, file: TarEntry): void {
    // Directories of old may be links by now (/bin to usr/bin): the link stays, as with dpkg.
    const path = this.#tree.realPath(file.path, file.kind === "directory" ? "follow" : "keep");
    if (path === null) {
      throw new GuestError(`${entry.name} has /${file.path}, whose directory is none.`);
    }
    const present = this.#tree.get(path);
    const node = this.#nodeOf(entry, file);
    if (node.kind === "directory") {
      // Its mode may be another package's choice.
      if (present === undefined) this.#tree.add(path, node);
      return;
    }
    // A directory stays where a package brings a link to another, as with dpkg.
    if (present?.kind === "directory" && node.kind === "symlink") {
      return;
    }
    if (present?.kind === "directory") {
      throw new GuestError(`${entry.name} has a file in place of the directory /${path}.`);
    }
    if (this.#owners.claim(entry, path)) {
      this.#tree.add(path, node);
    }
  }

  #nodeOf(entry: PackageEntry, file: TarEntry): Node {
    const { mode, uid, gid } = file;
    const owner = uid === 0 && gid === 0 ? {} : { owner: { uid, gid } };
    switch (file.kind) {
      case "file":
        return { kind: "file", mode, ...owner, bytes: file.bytes };
      case "directory":
        return { kind: "directory", mode, ...owner };
      case "symlink":
        return { kind: "symlink", target: file.link, ...owner };
      case "hardlink":
        return this.#linked(entry, file);
      default:
        throw new GuestError(`${entry.name} has /${file.path}, which is no file to be unpacked.`);
    }
  }

  #linked(entry: PackageEntry, { path, link }: TarEntry): Node {
    const target = this.#tree.realPath(link);
    const node = target === null ? undefined : this.#tree.get(target);
    if (node?.kind !== "file") {
      throw new GuestError(`${entry.name} has /${path}, a link to /${link}, which is not there.`);
    }
    return node;
  }
}
