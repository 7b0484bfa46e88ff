/** What may be asked of volumes: libvirt's checks, in its order and words. */
import type { VolumeRequest, WipeAlgorithm } from "../../protocol/storage-service.ts";
import type { ErrorName } from "../../protocol/error-table.ts";
import { ErrorDomain, type VmError, vmError } from "../../protocol/vm-error.ts";
import { StorageVolResizeFlags } from "../driver/storage-flags.ts";
import { WIPE_ALGORITHMS } from "./words.ts";
import type { StoragePool, StorageVolume } from "./pool.ts";

const error = (name: ErrorName, detail: string): VmError =>
  vmError(name, detail, { domain: ErrorDomain.storage });

/** What each type of pool can do with volumes; what it cannot has libvirt's words here. */
const CANNOT = {
  create: "storage pool does not support volume creation",
  clone: "storage pool does not support volume creation from an existing volume",
  delete: "storage pool does not support vol deletion",
  resize: "storage pool does not support changing of volume capacity",
  wipe: "storage pool doesn't support volume wiping",
  upload: "storage pool doesn't support volume upload",
} as const;

/** @throws VmError noSupport in pools that are read-only */
export function checkSupported(what: keyof typeof CANNOT, pool: StoragePool): void {
  if (pool.definition.type === "http") throw error("noSupport", CANNOT[what]);
}

/** What a new volume's name is looked at beside. */
export interface NamePlace {
  readonly definition: { readonly targetPath: string };
  readonly volumes: readonly { readonly name: string }[];
}

/** @throws VmError storageVolExist, operationInvalid */
export function checkNewName(pool: NamePlace, name: string): void {
  if (name === "") throw error("xmlError", "missing volume name element");
  if (pool.volumes.some((volume) => volume.name === name))
    throw error("storageVolExist", `'${name}'`);
  if (name.includes("/"))
    throw error("operationInvalid", `volume name '${name}' cannot contain '/'`);
  if (name.includes("\0")) throw error("operationInvalid", "volume name cannot contain NUL");
  if (name === "." || name === "..") {
    const path = `${pool.definition.targetPath}/${name}`;
    throw error("operationInvalid", `volume target path '${path}' already exists`);
  }
}

/** @throws VmError */
export function checkRequest(request: VolumeRequest): void {
  const { capacityBytes, format = "raw", preallocateMetadata, backing } = request;
  if (!(capacityBytes >= 0)) throw error("xmlError", "missing capacity element");
  if (preallocateMetadata && format !== "qcow2") {
    const what = "metadata preallocation is not supported for raw volumes";
    throw error("configUnsupported", what);
  }
  if (preallocateMetadata && backing) {
    const what = "metadata preallocation conflicts with backing store";
    throw error("configUnsupported", what);
  }
}

/** The pool's type decides what `format` is when nobody said. */
export function withDefaults(request: VolumeRequest): VolumeRequest {
  return { format: "raw", ...request };
}

/**
 * The new capacity.
 *
 * @param bytes the new size or, with the flag, the difference; never negative
 * @throws VmError
 */
export function resizedCapacity(
  pool: Pick<StoragePool, "availableBytes">,
  volume: Pick<StorageVolume, "capacityBytes" | "allocationBytes">,
  bytes: number,
  flags: number,
): number {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const shrinks = has(StorageVolResizeFlags.shrink);
  if (bytes === 0 && !has(StorageVolResizeFlags.delta))
    throw error("invalidArg", "capacity in virStorageVolResize must not be zero");
  const delta = shrinks ? -Math.min(bytes, volume.capacityBytes) : bytes;
  const wanted = has(StorageVolResizeFlags.delta) ? volume.capacityBytes + delta : bytes;
  if (wanted < volume.allocationBytes)
    throw error("invalidArg", "can't shrink capacity below existing allocation");
  if (wanted < volume.capacityBytes && !shrinks) {
    const what =
      "Can't shrink capacity below current capacity unless shrink flag explicitly specified";
    throw error("invalidArg", what);
  }
  if (has(StorageVolResizeFlags.allocate) && wanted > volume.capacityBytes + pool.availableBytes)
    throw error("operationFailed", "Not enough space left in storage pool");
  return wanted;
}

/** @throws VmError invalidArg for an algorithm that nobody knows */
export function checkWipe(algorithm: string): WipeAlgorithm {
  const known = WIPE_ALGORITHMS.find((each) => each === algorithm);
  if (known === undefined) throw error("invalidArg", `wiping algorithm ${algorithm} not supported`);
  if (known === "trim") throw error("argumentUnsupported", "'trim' algorithm not supported");
  return known;
}
