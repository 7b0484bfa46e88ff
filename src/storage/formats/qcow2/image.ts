import { announce } from "../../announce.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { Mutex, type Task, wait } from "../../task.ts";
import type { Compressor } from "../../compression.ts";
import {
  COMPATIBLE_LAZY_REFCOUNTS,
  Autoclear,
  HI_COPIED,
  Incompatible,
  entryOffset,
  putEntry,
} from "./format.ts";
import type { BitmapTracker } from "./bitmap-tracker.ts";
import type { Qcow2Encryption } from "./encryption.ts";
import { readHeaderRest } from "./header-rest.ts";
import { type Qcow2Header, SECTOR_BYTES, encodeHeader, headerSector } from "./header.ts";
import { InflatedClusters } from "./inflated-clusters.ts";
import { MetadataMap } from "./metadata-map.ts";
import { PendingWrites } from "./pending-writes.ts";
import { Refcounts } from "./refcounts.ts";
import type { Qcow2Runtime } from "./runtime.ts";
import type { Snapshot } from "./snapshot-table.ts";
import { TableCache } from "./table-cache.ts";

/** Tables larger than this are read and cached in pieces. */
const MAX_SLICE = 65_536;
/** Clusters that wait to be given back; more of them are worth a flush. */
const MAX_RELEASES = 4096;

export interface Qcow2Parts {
  readonly file: BlockNode;
  readonly dataFile: BlockNode | undefined;
  readonly backing: BlockNode | undefined;
  readonly header: Qcow2Header;
  readonly encryption?: Qcow2Encryption | undefined;
  readonly l1: Uint8Array;
  readonly refcountBlocks: number[];
  readonly compressor: Compressor;
  readonly readOnly: boolean;
  readonly runtime: Qcow2Runtime;
  /** Hears of corruption, once. */
  report(message: string): void;
  /** Hears of what is lost. */
  complain(message: string): void;
}

/** An open image: its header, tables and caches. What is done with them is in files of their own. */
export class Qcow2Image {
  readonly file: BlockNode;
  /** Where guest clusters are. */
  readonly data: BlockNode;
  readonly hasDataFile: boolean;
  backing: BlockNode | undefined;
  readonly header: Qcow2Header;
  encryption: Qcow2Encryption | undefined;
  readonly clusterBits: number;
  readonly clusterSize: number;
  readonly l2EntryBytes: number;
  /** Entries in one L2 table. */
  readonly l2Entries: number;
  /** Parts of a cluster that are allocated on their own: 32 with extended L2 entries, else 1. */
  readonly subclusters: number;
  readonly subclusterSize: number;
  l1: Uint8Array;
  l1View: DataView;
  readonly l2: TableCache;
  refcounts: Refcounts;
  readonly metadata: MetadataMap;
  readonly mutex = new Mutex();
  readonly pending = new PendingWrites();
  readonly compressor: Compressor;
  snapshots: Snapshot[] = [];
  /** Bitmaps that record what is written. */
  bitmaps: BitmapTracker | undefined;
  readOnly: boolean;
  /** Refcounts may be written late: the header's flag, or the user's choice. */
  lazyRefcounts: boolean;
  /** Set when corruption was found: nothing works any more. */
  dead = false;
  /** Data reads and writes that are under way without the lock. */
  inFlight = 0;
  /** Where the next compressed cluster goes; 0 when it starts a new cluster. */
  compressedEnd = 0;
  readonly inflated: InflatedClusters;
  readonly report: (message: string) => void;
  readonly complain: (message: string) => void;
  readonly #reportedCorrupt = { fatal: false, other: false };

  constructor(parts: Qcow2Parts) {
    const { file, header } = parts;
    this.file = file;
    this.hasDataFile = parts.dataFile !== undefined;
    this.data = parts.dataFile ?? file;
    this.backing = parts.backing;
    this.header = header;
    this.encryption = parts.encryption;
    this.clusterBits = header.clusterBits;
    this.clusterSize = 1 << header.clusterBits;
    this.inflated = new InflatedClusters(this.clusterSize);
    const extended = (header.incompatible & Incompatible.extendedL2) !== 0;
    this.l2EntryBytes = extended ? 16 : 8;
    this.l2Entries = this.clusterSize / this.l2EntryBytes;
    this.subclusters = extended ? 32 : 1;
    this.subclusterSize = this.clusterSize / this.subclusters;
    this.l1 = parts.l1;
    this.l1View = viewOf(parts.l1);
    this.compressor = parts.compressor;
    this.readOnly = parts.readOnly;
    this.lazyRefcounts = parts.runtime.lazyRefcounts ?? false;
    this.report = parts.report;
    this.complain = parts.complain;
    this.metadata = new MetadataMap(this.clusterSize, parts.runtime.overlapChecks);
    const { l2CacheBytes, l2CacheEntryBytes, refcountCacheBytes } = parts.runtime;
    const l2Slice = Math.min(this.clusterSize, l2CacheEntryBytes);
    const slice = Math.min(this.clusterSize, MAX_SLICE);
    const barrier = (): Task<void> => this.barrier();
    this.l2 = new TableCache(file, l2Slice, l2CacheBytes, barrier);
    const refcountCache = new TableCache(file, slice, refcountCacheBytes, barrier);
    this.l2.guard = (offset, length) => this.guardTable(offset, length, "active L2 table");
    refcountCache.guard = (offset, length) => this.guardTable(offset, length, "refcount block");
    this.l2.events = { load: "l2_load", write: "l2_update" };
    refcountCache.events = { write: "refblock_update_part" };
    this.refcounts = this.makeRefcounts(refcountCache, header.refcountOrder, parts.refcountBlocks);
  }

  makeRefcounts(cache: TableCache, order: number, blocks: number[]): Refcounts {
    const { refcountTableOffset: tableOffset, refcountTableClusters: tableClusters } = this.header;
    const place = { tableOffset, tableClusters };
    return new Refcounts(this.file, this.clusterBits, order, place, blocks, cache, {
      barrier: () => this.barrier(),
      corrupt: (message) => this.corrupt(message),
      freed: (cluster) => this.forget(cluster * this.clusterSize),
      metadata: (offset, bytes, kind) => this.metadata.add(offset, bytes, kind),
      storePlace: (moved) => {
        this.header.refcountTableOffset = moved.tableOffset;
        this.header.refcountTableClusters = moved.tableClusters;
        return this.storeHeader();
      },
    });
  }

  /** What was kept of a cluster that is free now must not be written or read again. */
  forget(offset: number): void {
    this.metadata.remove(offset, this.clusterSize);
    this.l2.drop(offset, this.clusterSize);
    this.refcounts.cache.drop(offset, this.clusterSize);
    this.inflated.clear();
    const end = this.compressedEnd;
    if (end - (end % this.clusterSize) === offset) this.compressedEnd = 0;
  }

  get sizeBytes(): number {
    return this.header.sizeBytes;
  }

  get isV3(): boolean {
    return this.header.version === 3;
  }

  get hasRawDataFile(): boolean {
    return (this.header.autoclear & BigInt(Autoclear.rawDataFile)) !== 0n;
  }

  get usesLazyRefcounts(): boolean {
    return this.lazyRefcounts && this.isV3;
  }

  /** Bytes of the guest that one L2 table describes. */
  get l2Span(): number {
    return this.l2Entries * this.clusterSize;
  }

  l1Offset(index: number): number {
    return index * 8 < this.l1.length ? entryOffset(this.l1View, index * 8) : 0;
  }

  l1IsCopied(index: number): boolean {
    return (this.l1View.getUint32(index * 8) & HI_COPIED) !== 0;
  }

  /** Makes all that was written so far durable, in every file. */
  *barrier(): Task<void> {
    if (this.hasDataFile) yield* wait(this.data.flush());
    yield* wait(this.file.flush());
  }

  /** Runs `task` alone, after the writes that are under way to clusters of `[start, end)`. */
  *settled<T>(start: number, end: number, task: Task<T>): Task<T> {
    for (;;) {
      yield* this.mutex.lock();
      const write = this.pending.overlapping(start, end);
      if (write === undefined) break;
      this.mutex.unlock();
      yield* this.pending.wait(write);
    }
    try {
      return yield* task;
    } finally {
      this.mutex.unlock();
    }
  }

  /** Runs `task` alone, after all writes that are under way: for what changes the whole image. */
  exclusive<T>(task: Task<T>): Task<T> {
    return this.settled(0, Infinity, task);
  }

  /**
   * Writes the header cluster. A disk may be cut off after any sector of it: where more than the first one
   * changes, a header that needs no other stands there meanwhile.
   *
   * @param event what the file is told of once all is known that has to be read for it
   */
  *storeHeader(event?: string): Task<void> {
    const cluster = encodeHeader(this.header);
    const rest = cluster.subarray(SECTOR_BYTES);
    this.#isHeaderStored = false;
    const sector = (yield* this.#headerRestIs(rest)) ? null : headerSector(this.header);
    if (event !== undefined) yield* announce(this.file, event);
    // What stands there is not known when this fails in the middle.
    this.#headerRest = undefined;
    if (sector !== null) {
      yield* wait(this.file.write(0, [sector]));
      yield* wait(this.file.flush());
      yield* wait(this.file.write(SECTOR_BYTES, [rest]));
      yield* wait(this.file.flush());
    }
    yield* wait(this.file.write(0, [cluster]));
    this.#headerRest = rest;
    this.#isHeaderStored = true;
  }

  /** False after a failure: the file's header may be this one, the one before, or a part of it. */
  #isHeaderStored = true;

  /** The header in the file may not be this one: it is written again before it matters. */
  doubtHeader(): void {
    this.#isHeaderStored = false;
  }

  /** What stands behind the header's first sector; undefined before anyone looked. */
  #headerRest: Uint8Array | undefined;

  *#headerRestIs(rest: Uint8Array): Task<boolean> {
    const before = this.#headerRest ?? (yield* readHeaderRest(this.file, rest.length));
    return rest.every((byte, i) => byte === before[i]);
  }

  /** Writes one L1 entry through to the file. */
  *storeL1(index: number, l2Offset: number, copied: boolean): Task<void> {
    const overlap = this.metadata.overlap(this.header.l1Offset + index * 8, 8, "active L1 table");
    if (overlap !== undefined) throw yield* this.corrupt(overlapText(overlap));
    // The file's header may lead to another table still.
    if (!this.#isHeaderStored) yield* this.storeHeader();
    const entry = new Uint8Array(8);
    yield* announce(this.file, "l1_update");
    putEntry(viewOf(entry), 0, l2Offset, copied ? HI_COPIED : 0);
    yield* wait(this.file.write(this.header.l1Offset + index * 8, [entry]));
    this.l1.set(entry, index * 8);
  }

  /** Caches to the file, in order. */
  *writeBack(accurateRefcounts = !this.usesLazyRefcounts): Task<void> {
    yield* this.l2.flush();
    if (accurateRefcounts) yield* this.refcounts.cache.flush();
  }

  /** All that was written survives a crash. */
  *flush(): Task<void> {
    yield* this.writeBack();
    yield* this.barrier();
    yield* this.#settleReleases();
  }

  /**
   * Gives clusters back, one reference each, once nothing on the disk leads to them any more: at
   * the next flush. Until then a crash leaves them leaked, and nobody else can have them.
   */
  *releaseLater(offset: number, bytes: number): Task<void> {
    this.#releases.push({ offset, bytes });
    if (this.#releases.length >= MAX_RELEASES && this.inFlight === 0) yield* this.flush();
  }

  /** For when all clusters have been given back at once, or all counts were taken anew. */
  forgetReleases(): void {
    this.#releases.length = 0;
    this.compressedEnd = 0;
    this.inflated.clear();
  }

  readonly #releases: { readonly offset: number; readonly bytes: number }[] = [];

  *#settleReleases(): Task<void> {
    // A read or write that is still under way may yet touch them.
    if (this.inFlight > 0 || this.#releases.length === 0) return;
    for (const { offset, bytes } of this.#releases.splice(0)) {
      yield* this.refcounts.release(offset, bytes);
      if (this.discardsFreed) yield* wait(this.file.discard(offset, bytes));
    }
    yield* this.writeBack();
  }

  /** Space of freed clusters is given back to the host. */
  discardsFreed = false;

  /** Marks the image as in need of a refcount check, before the first change. */
  *markDirty(): Task<void> {
    if (!this.usesLazyRefcounts || (this.header.incompatible & Incompatible.dirty) !== 0) return;
    this.header.incompatible |= Incompatible.dirty;
    yield* this.storeHeader();
    yield* wait(this.file.flush());
  }

  /**
   * Before counts and copied flags of many clusters change, which no order of writes makes safe:
   * an image that is found dirty has its counts rebuilt when it is opened. Version 2 has no mark: see
   * `switch-state.ts`.
   */
  *beginRecount(): Task<void> {
    if (!this.isV3 || (this.header.incompatible & Incompatible.dirty) !== 0) return;
    this.header.incompatible |= Incompatible.dirty;
    yield* this.storeHeader();
    yield* this.barrier();
  }

  *endRecount(): Task<void> {
    if (!this.usesLazyRefcounts) yield* this.markClean();
  }

  *markClean(): Task<void> {
    if ((this.header.incompatible & Incompatible.dirty) === 0) return;
    yield* this.writeBack(true);
    yield* this.barrier();
    this.header.incompatible &= ~Incompatible.dirty;
    yield* this.storeHeader();
    yield* this.barrier();
  }

  get hasLazyFlag(): boolean {
    return (this.header.compatible & BigInt(COMPATIBLE_LAZY_REFCOUNTS)) !== 0n;
  }

  /**
   * Corruption was found: says so once, marks the image where it can be written and stops using it.
   *
   * @returns the error for the operation that met it
   */
  *corrupt(message: string, fatal = true): Task<StorageError> {
    const marks = fatal && !this.readOnly;
    const reported = this.#reportedCorrupt;
    if (marks ? !reported.fatal : !reported.fatal && !reported.other) {
      const [verb, rest] = marks
        ? ["Marking image as corrupt", "further corruption events will be suppressed"]
        : ["Image is corrupt", "further non-fatal corruption events will be suppressed"];
      this.report(`qcow2: ${verb}: ${message}; ${rest}`);
    }
    reported.other = true;
    if (!marks) return new StorageError("EIO");
    reported.fatal = true;
    this.dead = true;
    if (this.isV3) {
      this.header.incompatible |= Incompatible.corrupt;
      yield* this.storeHeader();
    }
    return new StorageError("EIO");
  }

  demandAlive(): void {
    if (this.dead) throw new StorageError("ENOMEDIUM");
  }

  /** Refuses to write guest data over metadata. */
  *guardData(offset: number, bytes: number): Task<void> {
    if (this.hasDataFile) return;
    const overlap = this.metadata.overlap(offset, bytes);
    if (overlap !== undefined) throw yield* this.corrupt(overlapText(overlap));
  }

  guardTable(offset: number, bytes: number, own: "active L2 table" | "refcount block"): void {
    const overlap = this.metadata.overlap(offset, bytes, own);
    if (overlap === undefined) return;
    const marking = this.corrupt(overlapText(overlap));
    // Where the file is asynchronous the mark is written by the way.
    const step = marking.next();
    if (step.done !== true) void step.value.then(() => marking.next());
    throw new StorageError("EIO");
  }
}

function overlapText(kind: string): string {
  return `Preventing invalid write on metadata (overlaps with ${kind})`;
}
