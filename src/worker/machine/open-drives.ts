import type { BlockOptions, DriveImage, DriveSpec } from "../../protocol/drive-spec.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { BlockNode } from "../../storage/block-node.ts";
import { Disk } from "../../storage/disk.ts";
import { errnoOf, StorageError, strerror } from "../../storage/errors.ts";
import { createQcow2 } from "../../storage/formats/qcow2/create.ts";
import { openQcow2 } from "../../storage/formats/qcow2/open.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { RawNode } from "../../storage/formats/raw/raw-node.ts";
import type { FileHost } from "../../storage/ports.ts";
import { FileNode } from "../../storage/protocol/file-node.ts";
import { MemoryNode } from "../../storage/protocol/memory-node.ts";

/** What opening needs of the host. */
export interface DriveHost {
  /** Files by path; none where the host has no such thing. */
  readonly files: FileHost | null;
  /** Hears QEMU's warnings. */
  warn(text: string): void;
}

/** The images of a running machine. */
export interface OpenDrives {
  /** By the ids of their drives; those without a medium are left out. */
  readonly disks: ReadonlyMap<string, Disk>;
  /** Writes back and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Opens the images of a machine's drives.
 *
 * @throws VmError in QEMU's words; nothing stays open then
 */
export async function openDrives(
  specs: readonly DriveSpec[],
  host: DriveHost,
): Promise<OpenDrives> {
  const disks = new Map<string, Disk>();
  const close = async (): Promise<void> => {
    for (const disk of disks.values()) await disk.close();
  };
  try {
    for (const spec of specs) {
      if (disks.has(spec.id))
        throw new StorageError("EINVAL", `Duplicate ID '${spec.id}' for drive`);
      if (spec.image) disks.set(spec.id, await openDisk(spec, spec.image, host));
    }
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { disks, close };
}

async function openDisk(spec: DriveSpec, image: DriveImage, host: DriveHost): Promise<Disk> {
  try {
    const write = !spec.readOnly && !spec.snapshot;
    const node = await openImage(image, write, host);
    return new Disk(spec.snapshot ? await overlay(node, host) : node, spec);
  } catch (error) {
    const what = spec.option ?? spec.id;
    const why = error instanceof Error ? error.message : String(error);
    throw vmError("openFailed", `${what}: ${why}`, { cause: error });
  }
}

/** Writes go to memory: an image without a name in front of `backing`. */
async function overlay(backing: BlockNode, { warn }: DriveHost): Promise<BlockNode> {
  const file = new MemoryNode(0);
  await createQcow2(file, {
    sizeBytes: backing.sizeBytes,
    version: 3,
    clusterSize: 0x1_0000,
    refcountBits: 16,
    lazyRefcounts: false,
    extendedL2: false,
    compression: "zlib",
    preallocation: "off",
    report: warn,
  });
  const image = await openQcow2(file, { readOnly: false, report: warn });
  image.backing = backing;
  return new Qcow2Node(image);
}

/** An image of a file, of bytes in memory, or of a node's options. */
async function openImage(image: DriveImage, write: boolean, host: DriveHost): Promise<BlockNode> {
  switch (image.kind) {
    case "bytes":
      return withFormat(new MemoryNode(image.bytes, !write), image.format, host);
    case "file":
      return withFormat(await openFile(image.filename, write, host), image.format, host);
    case "options":
      return openOptions(image.options, write, host);
  }
}

async function openOptions(
  options: BlockOptions,
  write: boolean,
  host: DriveHost,
): Promise<BlockNode> {
  const { file } = options;
  const driver = textOf(options["driver"]);
  if (driver === "file") return openFile(textOf(options["filename"]), write, host);
  if (typeof file !== "object") throw new StorageError("EINVAL", "Parameter 'file' is missing");
  return withFormat(await openOptions(file, write, host), driver, host);
}

function textOf(value: BlockOptions[string] | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

async function openFile(path: string, write: boolean, { files }: DriveHost): Promise<BlockNode> {
  if (files === null) throw new StorageError("ENOTSUP", "files of the host cannot be opened here");
  try {
    return new FileNode(await files.open(path, { write }), !write);
  } catch (error) {
    const errno = errnoOf(error);
    if ((error as { code?: unknown }).code === "EISDIR") {
      const detail = `'file' driver requires '${path}' to be a regular file`;
      throw new StorageError("EINVAL", detail, error);
    }
    throw new StorageError(errno, `Could not open '${path}': ${strerror(errno)}`, error);
  }
}

async function withFormat(
  file: BlockNode,
  format: string | undefined,
  { warn }: DriveHost,
): Promise<BlockNode> {
  try {
    if (format === undefined || format === "raw") return new RawNode(file);
    if (format === "qcow2") {
      return new Qcow2Node(await openQcow2(file, { readOnly: file.readOnly, report: warn }));
    }
    throw new StorageError("EINVAL", `Unknown driver '${format}'`);
  } catch (error) {
    await file.close();
    throw error;
  }
}
