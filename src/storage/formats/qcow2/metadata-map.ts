import type { StorageError } from "../../errors.ts";

/** What a cluster holds that guest data must never be written over; QEMU's words. */
export type MetadataKind =
  | "qcow2_header"
  | "active L1 table"
  | "active L2 table"
  | "refcount table"
  | "refcount block"
  | "snapshot table"
  | "inactive L1 table"
  | "inactive L2 table"
  | "encryption header"
  | "bitmap directory";

/** Which clusters of an image hold metadata: a corrupt entry must not lead a write into them. */
export class MetadataMap {
  readonly checked: ReadonlySet<MetadataKind>;
  /** Why it is not known where all metadata is: then nothing is written. */
  problem: StorageError | undefined;
  readonly #clusterSize: number;
  readonly #kinds = new Map<number, MetadataKind>();

  /** @param checked kinds that are looked at */
  constructor(clusterSize: number, checked: ReadonlySet<MetadataKind>) {
    this.#clusterSize = clusterSize;
    this.checked = checked;
  }

  add(offset: number, bytes: number, kind: MetadataKind): void {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      this.#kinds.set(at, kind);
    }
  }

  clear(): void {
    this.#kinds.clear();
  }

  remove(offset: number, bytes: number): void {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      this.#kinds.delete(at);
    }
  }

  /**
   * The kind of a metadata cluster that `[offset, offset + bytes)` touches, other than `own`.
   *
   * @throws StorageError when that is not known
   */
  overlap(offset: number, bytes: number, own?: MetadataKind): MetadataKind | undefined {
    if (this.problem !== undefined) throw this.problem;
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      const kind = this.#kinds.get(at);
      if (kind !== undefined && kind !== own && this.checked.has(kind)) return kind;
    }
    return undefined;
  }
}
