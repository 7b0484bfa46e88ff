/** All of them together, in bytes; one cluster at least. */
const MOST_BYTES = 4 << 20;

/**
 * Compressed clusters that were read last, unpacked: a guest reads a cluster in several requests, and
 * several clusters in turn.
 */
export class InflatedClusters {
  readonly #most: number;
  /** By their places in the file, the least recently used one first. */
  readonly #clusters = new Map<number, Uint8Array>();

  constructor(clusterBytes: number) {
    this.#most = Math.max(1, Math.floor(MOST_BYTES / clusterBytes));
  }

  get(offset: number): Uint8Array | undefined {
    const bytes = this.#clusters.get(offset);
    if (bytes !== undefined) this.#use(offset, bytes);
    return bytes;
  }

  set(offset: number, bytes: Uint8Array): void {
    this.#use(offset, bytes);
    for (const oldest of this.#clusters.keys()) {
      if (this.#clusters.size <= this.#most) break;
      this.#clusters.delete(oldest);
    }
  }

  clear(): void {
    this.#clusters.clear();
  }

  #use(offset: number, bytes: Uint8Array): void {
    this.#clusters.delete(offset);
    this.#clusters.set(offset, bytes);
  }
}
