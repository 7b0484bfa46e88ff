/**
 * What a storage worker does for pools and volumes. It keeps nothing between calls but open streams and
 * jobs: a pool is described anew by each call, so that workers of several tabs agree.
 */

/** libvirt's pool types that we have; `http` is our own. */
export type PoolType = "dir" | "logical" | "http";

/** Where a pool's bytes come from. */
export interface PoolSource {
  /** logical: the volume group. */
  readonly name?: string;
  /** logical: files that are its physical volumes, as absolute paths. */
  readonly devices?: readonly string[];
  /** logical: how long files that are missing are made; 1 GiB when absent. */
  readonly deviceBytes?: number;
  /** http: a document that lists images: JSON, or an index page of a web server. */
  readonly url?: string;
  /** http: addresses of images. */
  readonly urls?: readonly string[];
}

/** A pool as the worker needs to know it. */
export interface PoolSpec {
  readonly uuid: string;
  readonly name: string;
  readonly type: PoolType;
  /** The directory of the volumes' paths: `/var/lib/libvirt/images`, `/dev/vg0`. */
  readonly targetPath: string;
  readonly source: PoolSource;
}

export interface PoolBuildOptions {
  /** Builds over whatever is there. */
  readonly overwrite?: boolean;
  /** Fails where something is there already. */
  readonly noOverwrite?: boolean;
}

/** libvirt's kinds of volumes. */
export type VolumeType = "file" | "block" | "dir" | "network";

export interface BackingStore {
  /** An absolute path, or an address. */
  readonly path: string;
  /** Absent where the image does not say. */
  readonly format?: string;
}

/** What is known of a volume; sizes in bytes. */
export interface VolumeRecord {
  readonly name: string;
  /** Tells it from all other volumes of this host. */
  readonly key: string;
  readonly path: string;
  readonly type: VolumeType;
  /** The length that a guest sees. */
  readonly capacityBytes: number;
  /** Space that it takes. */
  readonly allocationBytes: number;
  /** The length of the file or device. */
  readonly physicalBytes: number;
  /** qemu-img's name of the format; `dir` for a directory, `thin-pool` for one of a volume group. */
  readonly format: string;
  readonly compat?: "0.10" | "1.1";
  readonly clusterSizeBytes?: number;
  readonly lazyRefcounts?: boolean;
  readonly extendedL2?: boolean;
  readonly encrypted?: boolean;
  readonly backing?: BackingStore;
  /** logical: the thin pool that its space comes from. */
  readonly thinPool?: string;
  /** Nothing can be written to it. */
  readonly readOnly?: boolean;
  /** Milliseconds since 1970; 0 where nobody knows. */
  readonly modifiedMs: number;
}

/** A new volume. */
export interface VolumeRequest {
  readonly name: string;
  /** At least 0; at most 2^53 - 1 can be stored anywhere. */
  readonly capacityBytes: number;
  /** Space to take at once; all of the capacity when absent (raw volumes). */
  readonly allocationBytes?: number;
  /** The pool's default when absent; `thin-pool` in a volume group. */
  readonly format?: string;
  readonly compat?: "0.10" | "1.1";
  readonly clusterSizeBytes?: number;
  readonly lazyRefcounts?: boolean;
  readonly extendedL2?: boolean;
  /** logical: the volume that this one is a snapshot of. */
  readonly backing?: BackingStore;
  /** Takes space for the metadata of all of the image (qcow2). */
  readonly preallocateMetadata?: boolean;
  /** logical: takes its space from this thin pool when it is written to. */
  readonly thinPool?: string;
}

/** What a volume is filled from. */
export type VolumeSource =
  | { readonly kind: "volume"; readonly pool: PoolSpec; readonly name: string }
  | { readonly kind: "url"; readonly url: string; readonly format?: string };

export interface PoolContents {
  readonly capacityBytes: number;
  readonly allocationBytes: number;
  readonly availableBytes: number;
  readonly volumes: readonly VolumeRecord[];
}

export type WipeAlgorithm =
  | "zero"
  | "nnsa"
  | "dod"
  | "bsi"
  | "gutmann"
  | "schneier"
  | "pfitzner7"
  | "pfitzner33"
  | "random"
  | "trim";

/** How far a job is, in bytes. */
export interface JobProgress {
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
}

/** Sizes in bytes: what a guest sees, what it takes, how long the file is. */
export interface FileFacts {
  readonly capacityBytes: number;
  readonly allocationBytes: number;
  readonly physicalBytes: number;
}

/** A stretch of a stream: bytes, or a number of bytes that are all zero. */
export type StreamPiece = Uint8Array | { readonly holeBytes: number };

/**
 * Failures are `VmError`s in libvirt's and QEMU's words. `job` is a name that the caller chooses; while
 * the call runs, it stands for it in `progress` and `abort`.
 */
export interface StorageService {
  /** @returns as `Handshake` */
  handshake(version: number): Promise<string>;

  build(pool: PoolSpec, options: PoolBuildOptions): Promise<void>;
  /** Makes it usable; fails where its source is not there. */
  start(pool: PoolSpec): Promise<void>;
  /** What is in it now. Foreign and damaged files are shown as far as they can be read. */
  scan(pool: PoolSpec): Promise<PoolContents>;
  /** Removes what `build` made; volumes must be gone where libvirt demands that. */
  deletePool(pool: PoolSpec): Promise<void>;

  createVolume(pool: PoolSpec, request: VolumeRequest, job: string): Promise<VolumeRecord>;
  /** A new volume with the contents of another, converted where the formats differ. */
  copyVolume(
    pool: PoolSpec,
    request: VolumeRequest,
    from: VolumeSource,
    job: string,
  ): Promise<VolumeRecord>;
  statVolume(pool: PoolSpec, name: string): Promise<VolumeRecord>;
  resizeVolume(
    pool: PoolSpec,
    name: string,
    capacityBytes: number,
    options: { readonly allocate: boolean },
    job: string,
  ): Promise<void>;
  wipeVolume(pool: PoolSpec, name: string, algorithm: WipeAlgorithm, job: string): Promise<void>;
  deleteVolume(
    pool: PoolSpec,
    name: string,
    options: { readonly zeroed: boolean },
    job: string,
  ): Promise<void>;

  /**
   * Opens the bytes of a volume's file from `offset` on for reading.
   *
   * @param length 0 for all that follows
   * @returns a stream
   */
  openDownload(pool: PoolSpec, name: string, offset: number, length: number): Promise<number>;
  /** Opens them for writing; what lies behind `length` stays. */
  openUpload(pool: PoolSpec, name: string, offset: number, length: number): Promise<number>;
  /** @returns null at the end. Holes are told only when `sparse`. */
  receive(stream: number, sparse: boolean): Promise<StreamPiece | null>;
  send(stream: number, piece: StreamPiece): Promise<void>;
  /** Flushes what was sent, and closes. */
  finish(stream: number): Promise<void>;
  /** Closes; what was sent so far may be there. */
  abortStream(stream: number): Promise<void>;

  /** What is known of a file of the host's, by its path. */
  statFile(path: string): Promise<FileFacts>;
  /** @returns all of a file */
  readFile(path: string): Promise<Uint8Array>;
  isFile(path: string): Promise<boolean>;
  /** Does nothing where there is none. */
  removeFile(path: string): Promise<void>;

  progress(job: string): Promise<JobProgress | null>;
  /** The job ends soon with `operationAborted`; what it made is removed. */
  abort(job: string): Promise<void>;
}
