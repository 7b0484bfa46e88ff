/** Pools that are volume groups inside files: every logical volume is a volume. */
import type {
  PoolBuildOptions,
  PoolContents,
  PoolSpec,
  VolumeRecord,
  VolumeRequest,
} from "../../protocol/storage-service.ts";
import { errnoOf } from "../../storage/errors.ts";
import { dashed, type LogicalVolume } from "../../storage/lvm/group-text.ts";
import type { VolumeGroups } from "../../storage/lvm/lvm-files.ts";
import type { VolumeGroup } from "../../storage/lvm/volume-group.ts";
import { imageFailure, storageError, systemFailure } from "./failures.ts";
import type { PoolBackend } from "./pool-backend.ts";
import type { StorageHost } from "./storage-host.ts";

/** Of a physical volume's file that is missing. */
const USUAL_BYTES = 2 ** 30;

export class LogicalPool implements PoolBackend {
  readonly #host: StorageHost;
  readonly #groups: VolumeGroups;

  /** @param host whose files are not yet those of logical volumes */
  constructor(host: StorageHost, groups: VolumeGroups) {
    this.#host = host;
    this.#groups = groups;
  }

  async build(pool: PoolSpec, { overwrite = false }: PoolBuildOptions): Promise<void> {
    const devices = devicesOf(pool);
    try {
      for (const device of devices) {
        if (!(await this.#host.files.exists(device))) await this.#makeDevice(pool, device);
        else if (!overwrite && (await this.#groups.isPhysicalVolume(device))) {
          const what = `Device '${device}' already formatted using 'LVM2_member'`;
          throw storageError("storagePoolBuilt", what);
        }
      }
      await this.#groups.create(groupName(pool), devices);
    } catch (error) {
      throw imageFailure(`cannot create volume group '${groupName(pool)}'`, error);
    }
  }

  async start(pool: PoolSpec): Promise<void> {
    await this.#use(pool, false, async (group) => {
      if (group.name === groupName(pool)) return;
      const what = `volume group '${groupName(pool)}' not found, but '${group.name}'`;
      throw storageError("internalError", what);
    });
    try {
      await this.#host.directories.mkdir(pool.targetPath, { recursive: true });
      await this.#groups.attach(pool.targetPath, devicesOf(pool));
    } catch (error) {
      throw systemFailure(`cannot create path '${pool.targetPath}'`, error);
    }
  }

  scan(pool: PoolSpec): Promise<PoolContents> {
    return this.#use(pool, false, async (group) => {
      const { totalBytes, freeBytes } = group;
      return {
        capacityBytes: totalBytes,
        availableBytes: freeBytes,
        allocationBytes: totalBytes - freeBytes,
        volumes: group.volumes().map((volume) => recordOf(pool, group, volume)),
      };
    });
  }

  async deletePool(pool: PoolSpec): Promise<void> {
    try {
      for (const device of devicesOf(pool)) {
        const file = await this.#host.files.open(device, { write: true });
        await file.write(0, new Uint8Array(2 ** 20));
        await file.flush();
        await file.close();
      }
      await this.#groups.detach(pool.targetPath);
    } catch (error) {
      throw systemFailure(`cannot remove volume group '${groupName(pool)}'`, error);
    }
  }

  stat(pool: PoolSpec, name: string): Promise<VolumeRecord> {
    return this.#use(pool, false, async (group) => {
      const volume = group.volumes().find((each) => each.name === name);
      if (volume) return recordOf(pool, group, volume);
      throw storageError("noStorageVol", `no storage vol with matching name '${name}'`);
    });
  }

  create(pool: PoolSpec, request: VolumeRequest): Promise<void> {
    const { name, format = "raw", backing, capacityBytes, thinPool } = request;
    const { allocationBytes = capacityBytes } = request;
    if (format !== "raw" && format !== "thin-pool")
      throw storageError("configUnsupported", `unknown volume format type ${format}`);
    if (!Number.isSafeInteger(capacityBytes))
      throw storageError("overflow", `value too large: ${capacityBytes}`);
    return this.#use(pool, true, async (group) => {
      if (backing) return group.snapshot(name, originOf(pool, backing.path));
      return group.add({
        name,
        bytes: Math.max(capacityBytes, 1),
        thin: allocationBytes < capacityBytes,
        isPool: format === "thin-pool",
        ...(thinPool !== undefined && { pool: thinPool }),
      });
    });
  }

  async remove(pool: PoolSpec, { name }: VolumeRecord): Promise<void> {
    await this.#use(pool, true, (group) => group.remove(name));
  }

  async resizeRaw(pool: PoolSpec, { name }: VolumeRecord, bytes: number): Promise<void> {
    await this.#use(pool, true, (group) => group.resize(name, bytes));
  }

  async #makeDevice({ source }: PoolSpec, device: string): Promise<void> {
    await this.#host.directories.mkdir(device.slice(0, device.lastIndexOf("/")) || "/", {
      recursive: true,
    });
    const file = await this.#host.files.open(device, { write: true, create: true });
    try {
      await file.truncate(source.deviceBytes ?? USUAL_BYTES);
    } finally {
      await file.close();
    }
  }

  async #use<T>(
    pool: PoolSpec,
    write: boolean,
    work: (group: VolumeGroup) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#groups.use(devicesOf(pool), write, work);
    } catch (error) {
      const isMissing = errnoOf(error) === "ENOENT";
      const name = groupName(pool);
      throw imageFailure(isMissing ? `cannot find volume group '${name}'` : name, error);
    }
  }
}

/** The pool's own name when the source has none, as in libvirt. */
function groupName({ name, source }: PoolSpec): string {
  return source.name ?? name;
}

function devicesOf({ source }: PoolSpec): readonly string[] {
  return source.devices ?? [];
}

function originOf({ targetPath }: PoolSpec, path: string): string {
  const prefix = `${targetPath.replace(/\/+$/, "")}/`;
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  throw storageError("systemError", `inaccessible backing store volume ${path}`);
}

function recordOf(pool: PoolSpec, group: VolumeGroup, volume: LogicalVolume): VolumeRecord {
  const { name, id, map, isPool, pool: thinPool } = volume;
  const bytes = map.length * group.extentBytes;
  return {
    name,
    key: dashed(id),
    path: `${pool.targetPath.replace(/\/+$/, "")}/${name}`,
    type: "block",
    format: isPool ? "thin-pool" : "raw",
    capacityBytes: bytes,
    allocationBytes: group.allocatedBytes(volume),
    physicalBytes: bytes,
    ...(thinPool !== undefined && { thinPool }),
    modifiedMs: 0,
  };
}
