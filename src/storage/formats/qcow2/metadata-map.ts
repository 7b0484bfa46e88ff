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
  | "bitmap directory";

/** Which clusters of an image hold metadata: a corrupt entry must not lead a write into them. */
export class MetadataMap {
  readonly #clusterSize: number;
  readonly #kinds = new Map<number, MetadataKind>();

  constructor(clusterSize: number) {
    this.#clusterSize = clusterSize;
  }

  add(offset: number, bytes: number, kind: MetadataKind): void {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      this.#kinds.set(at, kind);
    }
  }

  remove(offset: number, bytes: number): void {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      this.#kinds.delete(at);
    }
  }

  /** The kind of a metadata cluster that `[offset, offset + bytes)` touches, other than `own`. */
  overlap(offset: number, bytes: number, own?: MetadataKind): MetadataKind | undefined {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++) {
      const kind = this.#kinds.get(at);
      if (kind !== undefined && kind !== own) return kind;
    }
    return undefined;
  }
}
