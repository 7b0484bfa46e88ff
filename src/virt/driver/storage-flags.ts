/** Numbers of libvirt's storage calls. */

/** `virStoragePoolState`. */
export const StoragePoolState = {
  inactive: 0,
  building: 1,
  running: 2,
  degraded: 3,
  inaccessible: 4,
} as const;

/** `virStoragePoolBuildFlags`. */
export const StoragePoolBuildFlags = {
  new: 0,
  repair: 1,
  resize: 2,
  noOverwrite: 4,
  overwrite: 8,
} as const;

/** `virStoragePoolDeleteFlags`. */
export const StoragePoolDeleteFlags = {
  normal: 0,
  zeroed: 1,
} as const;

/** `virStoragePoolCreateFlags`. */
export const StoragePoolCreateFlags = {
  normal: 0,
  withBuild: 1,
  withBuildOverwrite: 2,
  withBuildNoOverwrite: 4,
} as const;

/** `virConnectListAllStoragePoolsFlags`. */
export const ConnectListAllStoragePoolsFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
  dir: 64,
  fs: 128,
  netfs: 256,
  logical: 512,
  disk: 1024,
  iscsi: 2048,
  scsi: 0x1000,
  mpath: 0x2000,
  rbd: 0x4000,
  sheepdog: 0x8000,
  gluster: 0x10000,
  zfs: 0x20000,
  vstorage: 0x40000,
  iscsiDirect: 0x80000,
} as const;

/** Those of its flags that ask for pools of a type, by the type's name in XML. */
export const POOL_TYPE_FLAGS: Readonly<Record<string, number>> = {
  dir: ConnectListAllStoragePoolsFlags.dir,
  fs: ConnectListAllStoragePoolsFlags.fs,
  netfs: ConnectListAllStoragePoolsFlags.netfs,
  logical: ConnectListAllStoragePoolsFlags.logical,
  disk: ConnectListAllStoragePoolsFlags.disk,
  iscsi: ConnectListAllStoragePoolsFlags.iscsi,
  scsi: ConnectListAllStoragePoolsFlags.scsi,
  mpath: ConnectListAllStoragePoolsFlags.mpath,
  rbd: ConnectListAllStoragePoolsFlags.rbd,
  sheepdog: ConnectListAllStoragePoolsFlags.sheepdog,
  gluster: ConnectListAllStoragePoolsFlags.gluster,
  zfs: ConnectListAllStoragePoolsFlags.zfs,
  vstorage: ConnectListAllStoragePoolsFlags.vstorage,
  "iscsi-direct": ConnectListAllStoragePoolsFlags.iscsiDirect,
};

/** `virStorageVolType`. */
export const StorageVolType = {
  file: 0,
  block: 1,
  dir: 2,
  network: 3,
  netdir: 4,
  ploop: 5,
} as const;

/** `virStorageVolDeleteFlags`. */
export const StorageVolDeleteFlags = {
  normal: 0,
  zeroed: 1,
  withSnapshots: 2,
} as const;

/** `virStorageVolWipeAlgorithm`. */
export const StorageVolWipeAlgorithm = {
  zero: 0,
  nnsa: 1,
  dod: 2,
  bsi: 3,
  gutmann: 4,
  schneier: 5,
  pfitzner7: 6,
  pfitzner33: 7,
  random: 8,
  trim: 9,
} as const;

/** `virStorageVolInfoFlags`. */
export const StorageVolInfoFlags = {
  useAllocation: 0,
  getPhysical: 1,
} as const;

/** `virStorageVolCreateFlags`. */
export const StorageVolCreateFlags = {
  preallocMetadata: 1,
  reflink: 2,
  validate: 4,
} as const;

/** `virStorageVolDownloadFlags`. */
export const StorageVolDownloadFlags = {
  stream: 1,
} as const;

/** `virStorageVolUploadFlags`. */
export const StorageVolUploadFlags = {
  stream: 1,
} as const;

/** `virStorageVolResizeFlags`. */
export const StorageVolResizeFlags = {
  allocate: 1,
  delta: 2,
  shrink: 4,
} as const;

/** `virStoragePoolEventLifecycleType`. */
export const StoragePoolEventLifecycleType = {
  defined: 0,
  undefined: 1,
  started: 2,
  stopped: 3,
  created: 4,
  deleted: 5,
} as const;
