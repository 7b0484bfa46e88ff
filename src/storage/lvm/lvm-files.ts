/**
 * Logical volumes as files: `/dev/vg0/root` is one when `/dev/vg0` has a note that says in which files
 * the group is. A group is open for writing in one place at a time; all its volumes are, there.
 */
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import type { FileHost, ImageFile, OpenFileOptions } from "../ports.ts";
import type { LogicalVolume } from "./group-text.ts";
import { type GroupHost, VolumeGroup } from "./volume-group.ts";

const NOTE = ".volume-group";
const MAX_NOTE = 65_536;

interface OpenGroup {
  readonly group: Promise<VolumeGroup>;
  users: number;
}

/** The groups of one host, as they are open in this worker. */
export class VolumeGroups {
  readonly #files: FileHost;
  readonly #host: GroupHost;
  readonly #open = new Map<string, OpenGroup>();

  constructor(files: FileHost, nowMs: () => number) {
    this.#files = files;
    this.#host = { entropy: files.entropy, nowMs };
  }

  /** Makes volumes of the group in `devices` files of `directory`, which exists. */
  async attach(directory: string, devices: readonly string[]): Promise<void> {
    const bytes = utf8Bytes(JSON.stringify({ devices }));
    const file = await this.#files.open(`${directory}/${NOTE}`, { write: true, create: true });
    await file.write(0, bytes);
    await file.flush();
    await file.close();
  }

  async detach(directory: string): Promise<void> {
    const note = `${directory}/${NOTE}`;
    if (await this.#files.exists(note)) await this.#files.remove(note);
  }

  /** The files that a directory's group is in; null where it has none. */
  async devicesOf(directory: string): Promise<readonly string[] | null> {
    const note = `${directory}/${NOTE}`;
    if (!(await this.#files.exists(note))) return null;
    const file = await this.#files.open(note, { write: false, share: true });
    try {
      const bytes = new Uint8Array(Math.min(MAX_NOTE, file.sizeBytes));
      await file.read(0, bytes);
      const { devices } = JSON.parse(utf8Text(bytes)) as { devices: readonly string[] };
      return devices;
    } finally {
      await file.close();
    }
  }

  /** Makes a group over files. */
  async create(name: string, devices: readonly string[]): Promise<void> {
    await this.#over(devices, true, (files) => VolumeGroup.create(this.#host, name, files));
  }

  async isPhysicalVolume(device: string): Promise<boolean> {
    return this.#over([device], false, ([file]) => VolumeGroup.isPhysicalVolume(file as ImageFile));
  }

  /** Does something with the group over `devices`. */
  async use<T>(
    devices: readonly string[],
    write: boolean,
    work: (group: VolumeGroup) => Promise<T>,
  ): Promise<T> {
    const { group, release } = await this.acquire(devices, write);
    try {
      return await work(group);
    } finally {
      await release();
    }
  }

  /** @returns the group, and what gives it back */
  async acquire(
    devices: readonly string[],
    write: boolean,
  ): Promise<{ readonly group: VolumeGroup; release(): Promise<void> }> {
    const key = devices.join("\n");
    let open = this.#open.get(key);
    if (!open && !write) {
      // As it is on the disk now, whoever has it open.
      const group = await this.#opened(devices, false);
      return { group, release: () => group.close() };
    }
    if (!open) this.#open.set(key, (open = { group: this.#opened(devices, true), users: 0 }));
    open.users++;
    const release = async (): Promise<void> => {
      if (--open.users > 0) return;
      this.#open.delete(key);
      await (await open.group).close();
    };
    try {
      return { group: await open.group, release };
    } catch (error) {
      open.users--;
      this.#open.delete(key);
      throw error;
    }
  }

  async #opened(devices: readonly string[], write: boolean): Promise<VolumeGroup> {
    const files = await this.#openAll(devices, write);
    try {
      return await VolumeGroup.open(this.#host, files);
    } catch (error) {
      for (const file of files) await file.close();
      throw error;
    }
  }

  async #over<T>(
    devices: readonly string[],
    write: boolean,
    work: (files: readonly ImageFile[]) => Promise<T>,
  ): Promise<T> {
    const files = await this.#openAll(devices, write);
    try {
      return await work(files);
    } finally {
      for (const file of files) await file.close();
    }
  }

  async #openAll(devices: readonly string[], write: boolean): Promise<ImageFile[]> {
    const files: ImageFile[] = [];
    try {
      for (const device of devices)
        files.push(await this.#files.open(device, write ? { write } : { write, share: true }));
      return files;
    } catch (error) {
      for (const file of files) await file.close();
      throw error;
    }
  }
}

/** A host's files with the logical volumes of its groups among them. */
export function withLogicalVolumes(files: FileHost, groups: VolumeGroups): FileHost {
  const groupOf = (path: string): Promise<readonly string[] | null> =>
    path.endsWith(`/${NOTE}`) ? Promise.resolve(null) : groups.devicesOf(directoryOf(path));
  return {
    entropy: files.entropy,
    identity: (path) => files.identity(path),
    async open(path, options) {
      const devices = await groupOf(path);
      return devices === null
        ? files.open(path, options)
        : openLogical(groups, devices, path, options);
    },
    async exists(path) {
      const devices = await groupOf(path);
      if (devices === null) return files.exists(path);
      return groups.use(devices, false, async (group) =>
        group.volumes().some(({ name }) => name === nameOf(path)),
      );
    },
    async remove(path) {
      if ((await groupOf(path)) !== null) throw new StorageError("EPERM");
      await files.remove(path);
    },
  };
}

/** As above, with groups that only this caller has open. */
export function logicalVolumesOver(files: FileHost, nowMs: () => number): FileHost {
  return withLogicalVolumes(files, new VolumeGroups(files, nowMs));
}

async function openLogical(
  groups: VolumeGroups,
  devices: readonly string[],
  path: string,
  { write }: OpenFileOptions,
): Promise<ImageFile> {
  const { group, release } = await groups.acquire(devices, write);
  try {
    return new LogicalFile(group, group.volume(nameOf(path)), write, release);
  } catch (error) {
    await release();
    throw error;
  }
}

class LogicalFile implements ImageFile {
  readonly #group: VolumeGroup;
  readonly #volume: LogicalVolume;
  readonly #write: boolean;
  readonly #release: () => Promise<void>;

  constructor(
    group: VolumeGroup,
    volume: LogicalVolume,
    write: boolean,
    release: () => Promise<void>,
  ) {
    this.#group = group;
    this.#volume = volume;
    this.#write = write;
    this.#release = release;
  }

  get sizeBytes(): number {
    return this.#volume.map.length * this.#group.extentBytes;
  }

  allocatedBytes(): number {
    return this.#group.allocatedBytes(this.#volume);
  }

  read(offset: number, bytes: Uint8Array): Promise<void> {
    return this.#group.read(this.#volume, offset, bytes);
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (!this.#write) throw new StorageError("EBADF");
    if (offset + bytes.length > this.sizeBytes) throw new StorageError("ENOSPC");
    await this.#group.write(this.#volume, offset, bytes);
  }

  /** A device keeps its length; what is shorter fits in. */
  truncate(sizeBytes: number): void {
    if (sizeBytes > this.sizeBytes) throw new StorageError("ENOSPC");
  }

  flush(): Promise<void> {
    return this.#group.flush();
  }

  close(): Promise<void> {
    return this.#release();
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
