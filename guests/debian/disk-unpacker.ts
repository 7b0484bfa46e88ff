/** Unpacks packages onto a disk as dpkg --unpack would, without their scripts. */
import { FileOwners } from "../deb/file-owners.ts";
import { packageControl, packageFiles } from "../deb/package-file.ts";
import type { PackageEntry } from "../deb/package-index.ts";
import type { TarEntry } from "../deb/tar.ts";
import { GuestError } from "../errors.ts";
import {
  directoryOf,
  type Attributes,
  type DiskNode,
  type DiskTree,
} from "../image/ext4/disk-tree.ts";
import type { Ext4Writer } from "../image/ext4/writer.ts";
import { conffilePaths, md5, type UnpackedPackage } from "./dpkg-database.ts";

/** Contents go to the disk as they are read; the tree remembers where they are. */
export class DiskUnpacker {
  readonly #tree: DiskTree;
  readonly #disk: Ext4Writer;
  readonly #owners = new FileOwners();

  constructor(tree: DiskTree, disk: Ext4Writer) {
    this.#tree = tree;
    this.#disk = disk;
  }

  /**
   * Unpacks the package at `path`.
   *
   * @throws GuestError when the package is damaged, or a file is another package's and is not
   * declared to be replaced
   */
  async unpack(entry: PackageEntry, path: string): Promise<UnpackedPackage> {
    const control = await packageControl(path);
    const wanted = new Set(conffilePaths(control));
    const conffiles = new Map<string, string>();
    const paths: string[] = [];
    for await (const file of packageFiles(path, () => true)) {
      paths.push(file.path);
      if (wanted.has(file.path) && file.kind === "file") {
        conffiles.set(file.path, md5(file.bytes));
      }
      await this.#install(entry, file);
    }
    return { entry, control, paths, conffiles };
  }

  async #install(entry: PackageEntry, file: TarEntry): Promise<void> {
    const path = this.#tree.resolve(file.path);
    const present = this.#tree.get(path);
    if (file.kind === "directory") {
      // What is there stays: a directory with another package's mode, or a link to one.
      if (present === undefined || path === "") {
        this.#makeDirectory(path, attributesOf(file));
      }
      return;
    }
    if (present?.kind === "directory" && file.kind === "symlink") {
      return;
    }
    if (this.#owners.claim(entry, path)) {
      this.#makeParents(path, file.mtimeSeconds);
      this.#tree.set(path, await this.#nodeOf(entry, file));
    }
  }

  #makeDirectory(path: string, attributes: Attributes): void {
    this.#makeParents(path, attributes.mtimeSeconds);
    this.#tree.set(path, { ...attributes, kind: "directory" });
  }

  /** Packages bring their directories along; one that does not gets plain ones. */
  #makeParents(path: string, mtimeSeconds: number): void {
    const above = directoryOf(path);
    if (path !== "" && this.#tree.get(above) === undefined) {
      this.#makeDirectory(above, { mode: 0o755, uid: 0, gid: 0, mtimeSeconds });
    }
  }

  async #nodeOf(entry: PackageEntry, file: TarEntry): Promise<DiskNode> {
    const attributes = attributesOf(file);
    switch (file.kind) {
      case "file":
        return { ...attributes, kind: "file", data: await this.#disk.store(file.bytes) };
      case "symlink":
        return { ...attributes, mode: 0o777, kind: "symlink", target: file.link };
      case "hardlink":
        return this.#linked(entry, file);
      default:
        throw new GuestError(`${entry.name} has /${file.path}, which is no file to be unpacked.`);
    }
  }

  #linked(entry: PackageEntry, { path, link }: TarEntry): DiskNode {
    const target = this.#tree.get(this.#tree.resolve(link.replace(/^(\.?\/)+/, "")));
    if (target?.kind !== "file") {
      throw new GuestError(`${entry.name} has /${path}, a link to /${link}, which is not there.`);
    }
    return target;
  }
}

function attributesOf({ mode, uid, gid, mtimeSeconds }: TarEntry): Attributes {
  return { mode, uid, gid, mtimeSeconds };
}
