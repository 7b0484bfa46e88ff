/** Where kernels, RAM disks and small CDs are while a guest starts from them: a pool of its own. */
import { freeName } from "../../virt/clone/names.ts";
import type { StoragePoolRef, StorageVolRef } from "../../virt/driver/refs.ts";
import type { Stream } from "../../virt/driver/streams.ts";
import { folderPool, newFolderPool, poolKind, runningPool } from "../virtinst/disk-source.ts";
import type { Surroundings } from "../virtinst/guest.ts";
import { createVolume } from "../virtinst/new-volume.ts";
import { SCRATCH_FOLDER, scratchName } from "../../virt/storage/boot-scratch.ts";
import type { Meter } from "../virtinst/progress.ts";

export interface Scratch {
  /** @returns the path where the guest finds the bytes */
  put(name: string, make: () => Promise<Uint8Array>): Promise<string>;
}

const USUAL_FOLDER = `/var/lib/libvirt/${SCRATCH_FOLDER}`;

/** Beside the folder of the default pool. */
async function scratchFolder(around: Surroundings): Promise<string> {
  const pools = await around.connect.connectListAllStoragePools(0);
  const usual = pools.find(({ name }) => name === "default");
  const images = usual && (await poolKind(around, usual)).folder;
  return images === undefined ? USUAL_FOLDER : images.replace(/\/[^/]*$/, `/${SCRATCH_FOLDER}`);
}

/** Tells where all would be, and makes nothing. */
export function plannedScratch(around: Surroundings): Scratch {
  return {
    put: async (name) =>
      `${await scratchFolder(around)}/${scratchName(around.host.newUuid(), name)}`,
  };
}

/** Puts all where the connection's guests find it. */
export class UploadedScratch implements Scratch {
  readonly #around: Surroundings;
  readonly #meter: Meter;
  #pool: Promise<StoragePoolRef> | undefined;
  readonly #volumes: StorageVolRef[] = [];

  constructor(around: Surroundings, meter: Meter) {
    this.#around = around;
    this.#meter = meter;
  }

  async put(name: string, make: () => Promise<Uint8Array>): Promise<string> {
    const { connect } = this.#around;
    const bytes = await make();
    this.#pool ??= scratchPool(this.#around);
    const own = scratchName(this.#around.host.newUuid(), name);
    const request = {
      pool: await this.#pool,
      name: own,
      capacityBytes: BigInt(bytes.length),
      allocationBytes: 0n,
      format: "raw",
      backingStore: undefined,
      backingFormat: undefined,
    };
    const volume = await createVolume(this.#around, request, this.#meter);
    this.#volumes.push(volume);
    this.#meter.start(`Transferring '${own}'`, bytes.length);
    const stream = streamOf(bytes, (done) => this.#meter.update(done));
    await connect.storageVolUpload(volume, stream, 0n, BigInt(bytes.length), 0);
    this.#meter.end();
    return connect.storageVolGetPath(volume);
  }

  /** Removes all again. What the guest has as a disk goes when it ends, by the driver's doing. */
  async clear(): Promise<void> {
    for (const volume of this.#volumes.splice(0)) {
      // eslint-disable-next-line no-await-in-loop -- one at a time is gentle on the pool
      await this.#around.connect.storageVolDelete(volume, 0).catch(() => {});
    }
  }
}

/** Another command may be making the pool at this moment. */
const TRIES = 20;
const TRY_MS = 250;

async function scratchPool(around: Surroundings): Promise<StoragePoolRef> {
  for (let left = TRIES; ; left -= 1) {
    try {
      // eslint-disable-next-line no-await-in-loop -- again and again
      return await findOrMakePool(around);
    } catch (error) {
      // eslint-disable-next-line no-await-in-loop -- time passes
      if (left === 0 || !(await around.host.sleep(TRY_MS))) throw error;
    }
  }
}

async function findOrMakePool(around: Surroundings): Promise<StoragePoolRef> {
  const folder = await scratchFolder(around);
  const found = await folderPool(around, folder);
  if (found) return runningPool(around, found.name);
  const pools = await around.connect.connectListAllStoragePools(0);
  const taken = new Set(pools.map(({ name }) => name));
  const name = freeName("boot-scratch", (each) => taken.has(each));
  return newFolderPool(around, name, folder, true);
}

const PIECE_BYTES = 256 * 1024;

/** Bytes as the sending end of an upload. */
function streamOf(bytes: Uint8Array, sent: (bytes: number) => void): Stream {
  let at = 0;
  return {
    read: async () => {
      if (at >= bytes.length) return null;
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      at += piece.length;
      sent(at);
      return piece;
    },
    write: async () => {},
    writeHole: async () => {},
    finish: async () => {},
    abort: () => {
      at = bytes.length;
    },
  };
}
