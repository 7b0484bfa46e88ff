import type { BlockStats } from "../../protocol/block-stats.ts";
import type { DriveError } from "../../protocol/drive-error.ts";
import type { DriveImage, DriveSpec, SecretSpec } from "../../protocol/drive-spec.ts";
import type { ThresholdPassed } from "../../protocol/write-threshold.ts";
import { makeFrom } from "./make-from.ts";
import { openOverlay } from "./overlay.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { BlockNode } from "../../storage/block-node.ts";
import { Disk } from "../../storage/disk.ts";
import { type Keys, NO_KEYS } from "../../storage/crypto/secrets.ts";
import { CopyOnReadNode } from "../../storage/filters/copy-on-read-node.ts";
import { createQcow2 } from "../../storage/formats/qcow2/create.ts";
import { openQcow2 } from "../../storage/formats/qcow2/open.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";
import type { DirectoryHost, FileHost, ImageFile } from "../../storage/ports.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";
import type { FileNode } from "../../storage/protocol/file-node.ts";
import { MemoryNode } from "../../storage/protocol/memory-node.ts";
import { Throttle } from "../../storage/throttle.ts";
import type { ThrottleLimits } from "../../util/throttle-limits.ts";

/** Where images are. */
export interface ImageHost {
  /** Files by path; none where the host has no such thing. */
  readonly files: FileHost | null;
  readonly directories: DirectoryHost | null;
  readonly web: WebImages | null;
}

/** What opening needs of the host. */
export interface DriveHost extends ImageHost {
  /** What encrypted images are unlocked with; nothing when absent. */
  readonly keys?: Keys;
  /** Hears QEMU's warnings. */
  warn(text: string): void;
  /** Milliseconds with fractions. */
  nowMs(): number;
  /** Resolves at or after so many milliseconds. */
  after(ms: number): Promise<void>;
}

/** As under QEMU, machines do not run from images with legacy AES. */
function unlocking({ keys = NO_KEYS }: DriveHost): { keys: Keys; legacyAes: boolean } {
  return { keys, legacyAes: false };
}

/** The images of a running machine. */
export class OpenDrives {
  /** By the ids of their drives; those without a medium are left out. */
  readonly disks = new Map<string, Disk>();
  /** Told what fails. With the action `stop` the machine is to be paused. */
  onError: (error: DriveError) => void = () => {};
  /** Told when a threshold of `setWriteThreshold` is passed. */
  onThreshold: (passed: ThresholdPassed) => void = () => {};
  readonly #host: DriveHost;
  readonly #opener: ImageOpener;
  /** By their paths, those that are open. */
  readonly #files = new Map<string, FileNode>();
  /** The files of drives' own images, by the drives' ids. */
  readonly #paths = new Map<string, string>();
  /** Limits that several drives share, by the names of their groups. */
  readonly #groups = new Map<string, Throttle>();

  /** By their ids. */
  readonly #secrets: Map<string, Uint8Array>;

  constructor(host: DriveHost) {
    const { keys = NO_KEYS } = host;
    this.#secrets = new Map(keys.secrets);
    this.#host = { ...host, keys: { ...keys, secrets: this.#secrets } };
    const warn = (text: string): void => host.warn(text);
    const files = host.files ?? NO_FILES;
    const opened = (path: string, node: FileNode): void => void this.#files.set(path, node);
    const extras = { ...unlocking(this.#host), opened };
    this.#opener = new ImageOpener(files, warn, host.web, extras);
  }

  /** Takes what drives that come later are unlocked with. */
  learn(secrets: readonly SecretSpec[]): void {
    for (const { id, bytes } of secrets) this.#secrets.set(id, bytes);
  }

  /** @throws VmError in QEMU's words */
  async open(spec: DriveSpec): Promise<void> {
    const { id, image } = spec;
    if (this.disks.has(id)) throw vmError("operationFailed", `Duplicate ID '${id}' for drive`);
    if (!image) return;
    const disk = await openDisk(spec, image, this.#opener, this.#host);
    disk.throttle = this.#throttleOf(spec);
    disk.requests.onError = (error) => this.onError({ drive: id, ...error });
    this.disks.set(id, disk);
    if (image.kind === "file") this.#paths.set(id, image.filename);
  }

  /**
   * Tells once when a write reaches behind so many bytes of the file of a drive's image; 0 tells nothing.
   * What is no file, or is not written to, is never written behind.
   */
  setWriteThreshold(id: string, bytes: number): void {
    if (!this.disks.has(id)) throw vmError("deviceMissing", `Device '${id}' not found`);
    const file = this.#files.get(this.#paths.get(id) ?? "");
    if (!file) return;
    const passed = (excessBytes: number): void =>
      this.onThreshold({ drive: id, thresholdBytes: bytes, excessBytes });
    file.writeThreshold = bytes === 0 ? null : { bytes, passed };
  }

  /** Changes the limits of a drive, and of its group; those that are absent or 0 are none. */
  setThrottle(id: string, limits: ThrottleLimits): void {
    const disk = this.disks.get(id);
    if (!disk) throw vmError("deviceMissing", `Device '${id}' not found`);
    if (disk.throttle) disk.throttle.limits = limits;
    else disk.throttle = new Throttle(limits, this.#host);
  }

  #throttleOf({ throttle, throttleGroup }: DriveSpec): Throttle | undefined {
    const shared = throttleGroup === undefined ? undefined : this.#groups.get(throttleGroup);
    if (shared && throttle) shared.limits = throttle;
    if (shared || (!throttle && throttleGroup === undefined)) return shared;
    const own = new Throttle(throttle ?? {}, this.#host);
    if (throttleGroup !== undefined) this.#groups.set(throttleGroup, own);
    return own;
  }

  /** Lets go of one image, once its last request has ended; those that are kept fail. */
  async closeOne(id: string): Promise<void> {
    const disk = this.disks.get(id);
    if (!disk) return;
    this.disks.delete(id);
    this.#files.delete(this.#paths.get(id) ?? "");
    this.#paths.delete(id);
    await settle([disk]);
    await disk.close();
  }

  stats(): Readonly<Record<string, BlockStats>> {
    return Object.fromEntries([...this.disks].map(([id, { account }]) => [id, account.stats()]));
  }

  /** The machine goes on: what failed and was kept is tried again. */
  retry(): void {
    for (const { requests } of this.disks.values()) requests.retry();
  }

  /** The machine is reset: what was kept is gone, and what is under way ends before. */
  async reset(): Promise<void> {
    await settle([...this.disks.values()]);
  }

  /** Writes back and lets go of everything. @throws the first error, after all were closed */
  async close(): Promise<void> {
    const ends = await Promise.allSettled(
      [...this.disks.values()].map(async (disk) => {
        disk.requests.drop();
        await disk.close();
      }),
    );
    this.disks.clear();
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
  }
}

/** Waits for what is under way; what was kept fails, and nothing is held back meanwhile. */
async function settle(disks: readonly Disk[]): Promise<void> {
  for (const { requests, throttle } of disks) {
    requests.drop();
    throttle?.lift();
  }
  await Promise.all(disks.map(({ requests }) => requests.settled()));
  for (const { throttle } of disks) throttle?.restore();
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
  const drives = new OpenDrives(host);
  try {
    for (const spec of specs) await drives.open(spec);
  } catch (error) {
    await drives.close().catch(() => {});
    throw error;
  }
  return drives;
}

async function openDisk(
  spec: DriveSpec,
  image: DriveImage,
  opener: ImageOpener,
  host: DriveHost,
): Promise<Disk> {
  try {
    const write = !spec.readOnly && !spec.snapshot;
    const node = await openImage(image, write, opener, host);
    const top = spec.snapshot ? await overlay(node, host) : node;
    const keepsReads = spec.copyOnRead === true && !top.readOnly;
    if (spec.copyOnRead && !keepsReads) host.warn("disabling copy-on-read on read-only drive");
    const { throttle: _, ...options } = spec;
    return new Disk(keepsReads ? new CopyOnReadNode(top) : top, {
      ...options,
      nowMs: () => host.nowMs(),
    });
  } catch (error) {
    const what = spec.option ?? spec.id;
    const why = error instanceof Error ? error.message : String(error);
    throw vmError("systemError", `${what}: ${why}`, { cause: error });
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

async function openImage(
  image: DriveImage,
  write: boolean,
  opener: ImageOpener,
  host: DriveHost,
): Promise<BlockNode> {
  switch (image.kind) {
    case "file":
      if (image.backing !== undefined)
        return openOverlay(image.filename, image.backing, write, opener, host);
      if (image.template !== undefined) await makeFrom(image.template, image.filename, host);
      return (
        await opener.open({
          filename: image.filename,
          driver: image.format,
          options: { ...image.options },
          write,
        })
      ).node;
    case "options":
      return (await opener.open({ options: { ...image.options }, write })).node;
    case "bytes": {
      const { name, bytes, format } = image;
      const inMemory = new ImageOpener(memoryFiles(bytes), host.warn, null, unlocking(host));
      return (await inMemory.open({ filename: `file:${name}`, driver: format, write })).node;
    }
  }
}

/** One file, whatever its name, with a copy of `bytes` in it. */
function memoryFiles(bytes: Uint8Array): FileHost {
  const node = new MemoryNode(bytes);
  const file: ImageFile = {
    get sizeBytes() {
      return node.sizeBytes;
    },
    allocatedBytes: () => node.sizeBytes,
    read: (offset, target) => node.read(offset, [target]),
    write: (offset, source) => node.write(offset, [source]),
    truncate: (sizeBytes) => node.truncate(sizeBytes),
    flush: () => {},
    close: () => {},
  };
  return { ...NO_FILES, open: () => file, exists: () => true };
}

/** What a host without files says to every name. */
const NO_FILES: FileHost = {
  open: () => {
    throw Object.assign(new Error("no files"), { code: "ENOTSUP" });
  },
  exists: () => false,
  remove: () => {},
  identity: (path) => path,
  entropy: { fill: () => {} },
};
