/** Volumes of the driver, over our storage layer. */
import type { StorageCalls } from "../../driver/storage-calls.ts";
import { StorageVolInfoFlags, StorageVolType } from "../../driver/storage-flags.ts";
import type { StorageVolRef } from "../../driver/refs.ts";
import type { Stream } from "../../driver/streams.ts";
import type { VolumeJobCalls } from "../../driver/tabvisor-calls.ts";
import type { StoragePool, StorageVolume } from "../../storage/pool.ts";
import type { VolumeDownload, VolumeUpload } from "../../storage/storage.ts";
import { WIPE_ALGORITHMS } from "../../storage/words.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { formatXml } from "../../xml/format.ts";
import { STORAGE, volumeRequest, volumeXml } from "./pool-xml.ts";
import type { QemuState } from "./qemu-state.ts";

type Calls = Pick<
  StorageCalls,
  "storagePoolListAllVolumes" | Extract<keyof StorageCalls, `storageVol${string}`>
> &
  VolumeJobCalls;

export function volumeCalls({ storage }: QemuState): Calls {
  /** The pool's UUID and the volume. */
  const get = ({ pool: name, name: volume }: StorageVolRef): [string, StorageVolume] => {
    const pool = activePool(storage.poolByName(name));
    return [pool.definition.uuid, volumeOf(pool, volume)];
  };
  return {
    storagePoolListAllVolumes: async ({ uuid }) => {
      const pool = activePool(storage.poolByUuid(uuid));
      return pool.volumes.map((volume) => refOf(pool, volume));
    },
    storageVolLookupByName: async ({ uuid }, name) => {
      const pool = activePool(storage.poolByUuid(uuid));
      return refOf(pool, volumeOf(pool, name));
    },
    storageVolLookupByKey: async (key) => {
      const { pool, volume } = storage.volumeByKey(key);
      return refOf(pool, volume);
    },
    storageVolLookupByPath: async (path) => {
      const { pool, volume } = storage.volumeByPath(path);
      return refOf(pool, volume);
    },
    storageVolCreateXML: async ({ uuid }, xml, flags) => {
      const pool = storage.poolByUuid(uuid);
      return refOf(pool, await storage.createVolume(uuid, volumeRequest(xml, pool), flags));
    },
    storageVolCreateXMLFrom: async ({ uuid }, xml, from, flags) => {
      const pool = storage.poolByUuid(uuid);
      const [source, { name, capacityBytes }] = get(from);
      const asked = volumeRequest(xml, pool, true);
      // As libvirt: never shorter than what it is copied from.
      const request = { ...asked, capacityBytes: Math.max(asked.capacityBytes, capacityBytes) };
      const made = await storage.cloneVolume(uuid, request, { pool: source, name }, flags);
      return refOf(pool, made);
    },
    storageVolDelete: async (ref, flags) => storage.deleteVolume(get(ref)[0], ref.name, flags),
    storageVolWipePattern: async (ref, algorithm) =>
      storage.wipeVolume(get(ref)[0], ref.name, WIPE_ALGORITHMS[algorithm] ?? String(algorithm)),
    storageVolGetInfoFlags: async (ref, flags) => {
      const [pool] = get(ref);
      const measured = await storage.measureVolume(pool, ref.name);
      const { type, capacityBytes, allocationBytes, physicalBytes } = measured;
      const physical = (flags & StorageVolInfoFlags.getPhysical) !== 0;
      return {
        type: StorageVolType[type],
        capacity: BigInt(capacityBytes),
        allocation: BigInt(physical ? physicalBytes : allocationBytes),
      };
    },
    storageVolGetXMLDesc: async (ref) => formatXml(volumeXml(get(ref)[1])),
    storageVolGetPath: async (ref) => get(ref)[1].path,
    storageVolResize: async (ref, capacity, flags) =>
      storage.resizeVolume(get(ref)[0], ref.name, Number(capacity), flags),
    storageVolDownload: async (ref, stream, offset, length, flags) => {
      const options = { offset: Number(offset), length: Number(length), flags };
      const from = await storage.downloadVolume(get(ref)[0], ref.name, options);
      await send(from, stream);
    },
    storageVolUpload: async (ref, stream, offset, length, flags) => {
      const options = { offset: Number(offset), length: Number(length), flags };
      const to = await storage.uploadVolume(get(ref)[0], ref.name, options);
      await receive(stream, to);
    },
    connectVolumeJobs: async (listener) =>
      storage.onProgress(({ pool, name, doneBytes, totalBytes }) =>
        listener({ volume: { pool, name }, doneBytes, totalBytes }),
      ),
    storageVolAbortJob: async (ref) => storage.abortVolumeJob(get(ref)[0], ref.name),
  };
}

/** @throws VmError operationInvalid */
function activePool(pool: StoragePool): StoragePool {
  if (pool.state !== "inactive" && pool.state !== "building") return pool;
  const { name } = pool.definition;
  throw vmError("operationInvalid", `storage pool '${name}' is not active`, STORAGE);
}

/** @throws VmError noStorageVol */
function volumeOf({ volumes }: StoragePool, name: string): StorageVolume {
  const found = volumes.find((volume) => volume.name === name);
  if (found) return found;
  throw vmError("noStorageVol", `no storage vol with matching name '${name}'`, STORAGE);
}

function refOf({ definition }: StoragePool, { name, key }: StorageVolume): StorageVolRef {
  return { pool: definition.name, name, key };
}

async function send(from: VolumeDownload, stream: Stream): Promise<void> {
  try {
    for (let piece = await from.receive(); piece !== null; piece = await from.receive()) {
      await ("holeBytes" in piece ? stream.writeHole(piece.holeBytes) : stream.write(piece));
    }
    await from.finish();
    await stream.finish();
  } catch (error) {
    stream.abort();
    await from.abort().catch(() => {});
    throw error;
  }
}

/** What was sent is on the disk when the stream's other end is told so. */
async function receive(stream: Stream, to: VolumeUpload): Promise<void> {
  try {
    for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
      await to.send(typeof piece === "number" ? { holeBytes: piece } : piece);
    }
    await to.finish();
    await stream.finish();
  } catch (error) {
    stream.abort();
    await to.abort().catch(() => {});
    throw error;
  }
}
