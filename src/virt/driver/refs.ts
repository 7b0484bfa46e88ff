/** How callers name libvirt's objects: the fields of its public handles, as plain data. */

/** `virDomainPtr`. */
export interface DomainRef {
  readonly name: string;
  /** RFC 9562 text form, lower case. */
  readonly uuid: string;
  /** Positive while active, else -1. */
  readonly id: number;
}

/** `virDomainSnapshotPtr`. */
export interface SnapshotRef {
  readonly domain: DomainRef;
  readonly name: string;
}

/** `virDomainCheckpointPtr`. */
export interface CheckpointRef {
  readonly domain: DomainRef;
  readonly name: string;
}

/** `virNetworkPtr`. */
export interface NetworkRef {
  readonly name: string;
  readonly uuid: string;
}

/** `virInterfacePtr`. */
export interface InterfaceRef {
  readonly name: string;
  readonly mac: string;
}

/** `virStoragePoolPtr`. */
export interface StoragePoolRef {
  readonly name: string;
  readonly uuid: string;
}

/** `virStorageVolPtr`. */
export interface StorageVolRef {
  /** The pool's name. */
  readonly pool: string;
  readonly name: string;
  /** Unique among all volumes of the host; the path for files. */
  readonly key: string;
}

/** `virNodeDevicePtr`. */
export interface NodeDeviceRef {
  readonly name: string;
}

/** `virSecretPtr`. */
export interface SecretRef {
  readonly uuid: string;
  /** `virSecretUsageType`: 0 none, 1 volume, 2 ceph, 3 iscsi, 4 tls, 5 vtpm. */
  readonly usageType: number;
  readonly usageId: string;
}

/** `virNWFilterPtr`. */
export interface NwFilterRef {
  readonly name: string;
  readonly uuid: string;
}
