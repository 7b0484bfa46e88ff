/** Makes the disk of a system whose packages are unpacked and not configured yet. */
import type { Archive } from "../deb/archive.ts";
import { packageFile } from "../deb/package-file.ts";
import type { Chosen } from "../deb/select.ts";
import { GuestError } from "../errors.ts";
import type { Progress } from "../fetch/progress.ts";
import { SparseFile } from "../image/ext4/block-sink.ts";
import { directoryOf, DiskTree } from "../image/ext4/disk-tree.ts";
import { Ext4Writer } from "../image/ext4/writer.ts";
import type { ResolvedModule } from "../kernel/resolve.ts";
import { withoutSignature } from "../kernel/signature.ts";
import { overlayFiles } from "../shell/initramfs.ts";
import { DiskUnpacker } from "./disk-unpacker.ts";
import { dpkgDatabase, type UnpackedPackage } from "./dpkg-database.ts";
import { ROOT_UUID } from "./recipe.ts";

/** What goes onto the disk. */
export interface DiskParts {
  readonly packages: readonly Chosen[];
  readonly release: string;
  readonly modules: readonly ResolvedModule[];
  /** Files of lib/modules/<release> to be taken over as they are, by name. */
  readonly indexes: ReadonlyMap<string, Uint8Array>;
  readonly sizeBytes: number;
  /** Date of our own files, seconds since 1970. */
  readonly dateSeconds: number;
}

/** The package that has the first users and groups, and the directories of all. */
const FIRST = "base-files";
const MASTERS = "base-passwd";

/**
 * Writes the disk to a new sparse file.
 *
 * @param fetch gives the path of a package's file
 */
export async function makeDisk(
  path: string,
  parts: DiskParts,
  archive: Archive,
  progress: Progress,
): Promise<void> {
  const { sizeBytes, dateSeconds } = parts;
  const sink = await SparseFile.create(path, sizeBytes);
  try {
    const disk = new Ext4Writer(sink, {
      sizeBytes,
      uuid: uuidBytes(ROOT_UUID),
      hashSeed: uuidBytes(ROOT_UUID),
      label: "debian",
      timeSeconds: dateSeconds,
      reservedPercent: 1,
    });
    const tree = new DiskTree({ mode: 0o755, uid: 0, gid: 0, mtimeSeconds: dateSeconds });
    const files = new OwnFiles(tree, disk, dateSeconds);
    const unpacked = await unpackAll(tree, disk, parts.packages, archive, progress);
    for (const [name, { bytes, mode }] of dpkgDatabase(unpacked)) {
      await files.add(`var/lib/dpkg/${name}`, bytes, mode);
    }
    await addUsers(files, parts.packages, archive);
    await addConfiguration(files);
    await addModules(files, parts);
    progress.step("Writing the file system");
    await disk.finish(tree);
  } finally {
    await sink.close();
  }
}

async function unpackAll(
  tree: DiskTree,
  disk: Ext4Writer,
  packages: readonly Chosen[],
  archive: Archive,
  progress: Progress,
): Promise<UnpackedPackage[]> {
  const unpacker = new DiskUnpacker(tree, disk);
  const unpacked: UnpackedPackage[] = [];
  // The links that /bin, /lib and /sbin are must be there before anything is put behind them.
  const isFirst = ({ entry }: Chosen): boolean => entry.name === FIRST;
  for (const one of [...packages.filter(isFirst), ...packages.filter((each) => !isFirst(each))]) {
    progress.step(`Unpacking ${one.entry.name}`);
    unpacked.push(await unpacker.unpack(one.entry, await archive.fetch(one.entry)));
  }
  return unpacked;
}

/** Users and groups that Debian counts on before the package that brings them is configured. */
async function addUsers(
  files: OwnFiles,
  packages: readonly Chosen[],
  archive: Archive,
): Promise<void> {
  const masters = packages.find(({ entry }) => entry.name === MASTERS);
  if (masters === undefined) {
    throw new GuestError(`A system needs the package ${MASTERS}.`);
  }
  const path = await archive.fetch(masters.entry);
  for (const name of ["passwd", "group"]) {
    const { bytes } = await packageFile(path, `usr/share/base-passwd/${name}.master`);
    await files.add(`etc/${name}`, bytes);
  }
}

async function addConfiguration(files: OwnFiles): Promise<void> {
  for (const [path, bytes] of overlayFiles("debian/disk")) {
    await files.add(path, bytes);
  }
  const fstab = `# <device> <directory> <type> <options> <dump> <pass>\nUUID=${ROOT_UUID} / ext4 errors=remount-ro 0 1\n`;
  await files.add("etc/fstab", Buffer.from(fstab, "utf8"));
  // Not missing: a missing one asks the questions of a first boot.
  await files.add("etc/machine-id", new Uint8Array(0), 0o444);
}

/** modprobe's indexes are made by depmod when the packages are configured. */
async function addModules(files: OwnFiles, parts: DiskParts): Promise<void> {
  const directory = `usr/lib/modules/${parts.release}`;
  for (const { path, bytes } of parts.modules) {
    await files.add(`${directory}/${path}`, withoutSignature(bytes));
  }
  for (const [name, bytes] of parts.indexes) {
    await files.add(`${directory}/${name}`, bytes);
  }
}

/** Puts files of our own onto the disk, with the directories above them. */
class OwnFiles {
  readonly #tree: DiskTree;
  readonly #disk: Ext4Writer;
  readonly #dateSeconds: number;

  constructor(tree: DiskTree, disk: Ext4Writer, dateSeconds: number) {
    this.#tree = tree;
    this.#disk = disk;
    this.#dateSeconds = dateSeconds;
  }

  async add(path: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
    this.#makeDirectory(directoryOf(path));
    const data = await this.#disk.store(bytes);
    this.#tree.set(path, { ...this.#own(mode), kind: "file", data });
  }

  #makeDirectory(path: string): void {
    if (path !== "" && this.#tree.get(path) === undefined) {
      this.#makeDirectory(directoryOf(path));
      this.#tree.set(path, { ...this.#own(0o755), kind: "directory" });
    }
  }

  #own(mode: number): { mode: number; uid: number; gid: number; mtimeSeconds: number } {
    return { mode, uid: 0, gid: 0, mtimeSeconds: this.#dateSeconds };
  }
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}
