/** What a driver can do with storage pools and volumes; see `domain-calls.ts`. */
import type { StoragePoolRef, StorageVolRef } from "./refs.ts";
import type { Stream } from "./streams.ts";

/** `virStoragePoolInfo`. */
export interface StoragePoolInfo {
  /** `virStoragePoolState`: 0 inactive, 1 building, 2 running, 3 degraded, 4 inaccessible. */
  readonly state: number;
  /** Bytes. */
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

/** `virStorageVolInfo`. */
export interface StorageVolInfo {
  /** `virStorageVolType`: 0 file, 1 block, 2 dir, 3 network, 4 netdir, 5 ploop. */
  readonly type: number;
  /** Bytes. */
  readonly capacity: bigint;
  /** Bytes; the physical size with `VIR_STORAGE_VOL_GET_PHYSICAL`. */
  readonly allocation: bigint;
}

export interface StorageCalls {
  connectListAllStoragePools(flags: number): Promise<readonly StoragePoolRef[]>;
  connectFindStoragePoolSources(
    type: string,
    srcSpec: string | null,
    flags: number,
  ): Promise<string>;
  connectGetStoragePoolCapabilities(flags: number): Promise<string>;
  storagePoolLookupByName(name: string): Promise<StoragePoolRef>;
  storagePoolLookupByUUID(uuid: string): Promise<StoragePoolRef>;
  storagePoolLookupByVolume(vol: StorageVolRef): Promise<StoragePoolRef>;
  storagePoolLookupByTargetPath(path: string): Promise<StoragePoolRef>;
  storagePoolCreateXML(xml: string, flags: number): Promise<StoragePoolRef>;
  storagePoolDefineXML(xml: string, flags: number): Promise<StoragePoolRef>;
  storagePoolUndefine(pool: StoragePoolRef): Promise<void>;
  storagePoolBuild(pool: StoragePoolRef, flags: number): Promise<void>;
  storagePoolCreate(pool: StoragePoolRef, flags: number): Promise<void>;
  storagePoolDestroy(pool: StoragePoolRef): Promise<void>;
  storagePoolDelete(pool: StoragePoolRef, flags: number): Promise<void>;
  storagePoolRefresh(pool: StoragePoolRef, flags: number): Promise<void>;
  storagePoolGetInfo(pool: StoragePoolRef): Promise<StoragePoolInfo>;
  storagePoolGetXMLDesc(pool: StoragePoolRef, flags: number): Promise<string>;
  storagePoolGetAutostart(pool: StoragePoolRef): Promise<boolean>;
  storagePoolSetAutostart(pool: StoragePoolRef, autostart: boolean): Promise<void>;
  storagePoolIsActive(pool: StoragePoolRef): Promise<boolean>;
  storagePoolIsPersistent(pool: StoragePoolRef): Promise<boolean>;
  storagePoolListAllVolumes(pool: StoragePoolRef, flags: number): Promise<readonly StorageVolRef[]>;

  storageVolLookupByName(pool: StoragePoolRef, name: string): Promise<StorageVolRef>;
  storageVolLookupByKey(key: string): Promise<StorageVolRef>;
  storageVolLookupByPath(path: string): Promise<StorageVolRef>;
  storageVolCreateXML(pool: StoragePoolRef, xml: string, flags: number): Promise<StorageVolRef>;
  storageVolCreateXMLFrom(
    pool: StoragePoolRef,
    xml: string,
    from: StorageVolRef,
    flags: number,
  ): Promise<StorageVolRef>;
  storageVolDelete(vol: StorageVolRef, flags: number): Promise<void>;
  storageVolWipePattern(vol: StorageVolRef, algorithm: number, flags: number): Promise<void>;
  storageVolGetInfoFlags(vol: StorageVolRef, flags: number): Promise<StorageVolInfo>;
  storageVolGetXMLDesc(vol: StorageVolRef, flags: number): Promise<string>;
  storageVolGetPath(vol: StorageVolRef): Promise<string>;
  storageVolResize(vol: StorageVolRef, capacity: bigint, flags: number): Promise<void>;
  /** `length` 0 is all that follows `offset`. */
  storageVolDownload(
    vol: StorageVolRef,
    stream: Stream,
    offset: bigint,
    length: bigint,
    flags: number,
  ): Promise<void>;
  storageVolUpload(
    vol: StorageVolRef,
    stream: Stream,
    offset: bigint,
    length: bigint,
    flags: number,
  ): Promise<void>;
}
