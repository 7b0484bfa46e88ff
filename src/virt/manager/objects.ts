/** What a manager shows of libvirt's objects: plain snapshots, replaced whole when something changed. */
import type { DomainRef, NetworkRef, StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import type { StorageVolInfo } from "../driver/storage-calls.ts";
import type { XmlElement } from "../xml/element.ts";

export interface ManagedDomain {
  readonly ref: DomainRef;
  readonly uuid: string;
  readonly name: string;
  /** `DomainState`. */
  readonly state: number;
  /** The reason's number, in the state's own enumeration. */
  readonly reason: number;
  readonly isPersistent: boolean;
  readonly autostart: boolean;
  /** A saved state waits: the next start goes on from it. */
  readonly hasManagedSave: boolean;
  /** What its machine said of a crash or an I/O error, newest last; empty while all is well. */
  readonly messages: readonly string[];
  /** What it will be at its next start. A transient domain's is the live one. */
  readonly definition: XmlElement;
  /** What runs now; null while inactive. */
  readonly live: XmlElement | null;
}

export interface ManagedPool {
  readonly ref: StoragePoolRef;
  readonly uuid: string;
  readonly name: string;
  /** `StoragePoolState`. */
  readonly state: number;
  /** Bytes; 0 while inactive. */
  readonly capacity: number;
  readonly allocation: number;
  readonly available: number;
  readonly isPersistent: boolean;
  readonly autostart: boolean;
  readonly definition: XmlElement;
}

export interface ManagedVolume {
  readonly ref: StorageVolRef;
  readonly name: string;
  readonly path: string;
  readonly info: StorageVolInfo;
  readonly definition: XmlElement;
}

export interface ManagedNetwork {
  readonly ref: NetworkRef;
  readonly uuid: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly isPersistent: boolean;
  readonly autostart: boolean;
  readonly definition: XmlElement;
}

export interface ManagedHost {
  readonly uri: string;
  readonly hostname: string;
  /** `QEMU` or `TEST`. */
  readonly type: string;
  readonly cpus: number;
  readonly memoryKib: number;
  readonly maxVcpus: number;
  /** Whether the driver can save domains (virDomainManagedSave). */
  readonly canSave: boolean;
}
