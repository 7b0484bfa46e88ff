/** libvirt's calls on storage, as the page and the command line make them. */
import type { StreamPiece, VolumeRequest } from "../../protocol/storage-service.ts";
import type {
  PoolDefinition,
  PoolEvent,
  StoragePool,
  StorageVolume,
  VolumeProgress,
} from "./pool.ts";

/** Bytes of a volume on their way; `finish` or `abort` ends it. */
export interface VolumeDownload {
  /** Bytes that will come, holes included. */
  readonly sizeBytes: number;
  /** @returns null at the end */
  receive(): Promise<StreamPiece | null>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

export interface VolumeUpload {
  send(piece: StreamPiece): Promise<void>;
  /** All of it is on the disk when this resolves. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

export interface StreamOptions {
  /** Where in the volume's file it starts; 0 when absent. */
  readonly offset?: number;
  /** All that follows when absent or 0. */
  readonly length?: number;
  /** `StorageVolDownloadFlags`. */
  readonly flags?: number;
}

/** Where a new volume's contents come from. */
export type CloneSource =
  | { readonly pool: string; readonly name: string }
  | { readonly url: string; readonly format?: string };

/**
 * Pools by UUID, volumes by pool and name. Calls reject with `VmError`: `noStoragePool`,
 * `noStorageVol`, and `operationInvalid` where the pool's state forbids the verb (`pool-verbs.ts`).
 * Flags are those of `driver/storage-flags.ts`.
 */
export interface Storage {
  /** Asks the user for a folder to be a pool's directory; absent where no folder can be had. */
  readonly pickFolder?: () => Promise<string | null>;
  /** All pools by name. The array is a new one after every change, and only then. */
  pools(): readonly StoragePool[];
  subscribe(listener: () => void): () => void;
  onEvent(listener: (event: PoolEvent) => void): () => void;
  /** Tells how far jobs on volumes are, several times a second while they run. */
  onProgress(listener: (progress: VolumeProgress) => void): () => void;

  poolByUuid(uuid: string): StoragePool;
  poolByName(name: string): StoragePool;
  poolByTargetPath(path: string): StoragePool;
  /** Among active pools. */
  volumeByKey(key: string): { readonly pool: StoragePool; readonly volume: StorageVolume };
  volumeByPath(path: string): { readonly pool: StoragePool; readonly volume: StorageVolume };

  /** Adds a definition, or replaces the one with its UUID. */
  definePool(definition: PoolDefinition): Promise<void>;
  /** Makes and starts a pool that is forgotten when it is stopped. `StoragePoolCreateFlags` */
  createPool(definition: PoolDefinition, flags?: number): Promise<void>;
  /** `StoragePoolBuildFlags` */
  buildPool(uuid: string, flags?: number): Promise<void>;
  /** `StoragePoolCreateFlags` */
  startPool(uuid: string, flags?: number): Promise<void>;
  refreshPool(uuid: string): Promise<void>;
  /** Stops it; nothing that is stored is lost. */
  destroyPool(uuid: string): Promise<void>;
  deletePool(uuid: string, flags?: number): Promise<void>;
  undefinePool(uuid: string): Promise<void>;
  setPoolAutostart(uuid: string, autostart: boolean): Promise<void>;

  /** `StorageVolCreateFlags` */
  createVolume(pool: string, request: VolumeRequest, flags?: number): Promise<StorageVolume>;
  cloneVolume(
    pool: string,
    request: VolumeRequest,
    from: CloneSource,
    flags?: number,
  ): Promise<StorageVolume>;
  /** `StorageVolDeleteFlags` */
  deleteVolume(pool: string, name: string, flags?: number): Promise<void>;
  /** `StorageVolResizeFlags` */
  resizeVolume(pool: string, name: string, bytes: number, flags?: number): Promise<void>;
  /** @param algorithm one of `WIPE_ALGORITHMS` (words.ts) */
  wipeVolume(pool: string, name: string, algorithm?: string): Promise<void>;
  /** A volume with its sizes as they are now, also while it is being made. */
  measureVolume(pool: string, name: string): Promise<StorageVolume>;
  uploadVolume(pool: string, name: string, options?: StreamOptions): Promise<VolumeUpload>;
  downloadVolume(pool: string, name: string, options?: StreamOptions): Promise<VolumeDownload>;
  /** Ends what is being done to a volume soon, with `operationAborted`. */
  abortVolumeJob(pool: string, name: string): Promise<void>;
}
