import { utf8Bytes, viewOf } from "../../../util/bytes.ts";
import type { BlockNode, TruncateOptions } from "../../block-node.ts";
import type { CheckResult, Repair } from "../../check-result.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import type { FormatInfo } from "../driver.ts";
import { MappedNode, type Place } from "../mapped-node.ts";
import { TablePages } from "../table-pages.ts";
import { checkQed } from "./check.ts";
import {
  Feature,
  HEADER_BYTES,
  type QedHeader,
  headerBytes,
  isClusterOffset,
  isImageSize,
  isTableOffset,
} from "./header.ts";

/** The entry of a cluster that reads as zeroes; 0 is one of the backing image. */
const ZERO_ENTRY = 1;
const TABLE_CHUNK = 1 << 20;

type Extent = Place & {
  /** Where the L2 table is; absent when there is none yet. */
  readonly l2?: number;
};

/** A QED image: two levels of tables, new clusters at the end of the file. */
export class QedNode extends MappedNode {
  readonly driver = "qed";
  protected override readonly supportsBacking = true;
  readonly header: QedHeader;
  readonly tables: TablePages;
  /** Where the next cluster goes. */
  end: number;

  constructor(file: BlockNode, header: QedHeader, readOnly: boolean) {
    super(file, readOnly);
    this.header = header;
    this.tables = new TablePages(file);
    this.end = Math.floor(file.sizeBytes / header.clusterSize) * header.clusterSize;
  }

  get sizeBytes(): number {
    return this.header.sizeBytes;
  }

  get needsCheck(): boolean {
    return (this.header.features & Feature.needCheck) !== 0;
  }

  /** Entries in a table. */
  get entries(): number {
    return (this.header.tableSize * this.header.clusterSize) / 8;
  }

  describe(): FormatInfo {
    const { clusterSize, backingFile, features } = this.header;
    const isRaw = (features & Feature.rawBacking) !== 0;
    return {
      clusterSize,
      isDirty: this.needsCheck,
      backingFile,
      backingFormat: backingFile !== undefined && isRaw ? "raw" : undefined,
    };
  }

  protected *find(offset: number, length: number): Task<Extent> {
    const { clusterSize, l1Offset } = this.header;
    const span = this.entries * clusterSize;
    const most = Math.min(length, span - (offset % span));
    const l2 = yield* this.tables.long(l1Offset + Math.floor(offset / span) * 8);
    if (l2 === 0) return { kind: "unallocated", length: most };
    if (!isTableOffset(this.header, l2, this.end)) throw new StorageError("EINVAL");
    return yield* this.#findIn(l2, offset, most);
  }

  *#findIn(l2: number, offset: number, most: number): Task<Extent> {
    const { clusterSize } = this.header;
    const inCluster = offset % clusterSize;
    const index = Math.floor(offset / clusterSize) % this.entries;
    const first = yield* this.tables.long(l2 + index * 8);
    const step = first > ZERO_ENTRY ? clusterSize : 0;
    if (step > 0 && !isClusterOffset(this.header, first, this.end))
      throw new StorageError("EINVAL");
    let count = 1;
    for (; count * clusterSize - inCluster < most; count++) {
      const next = yield* this.tables.long(l2 + (index + count) * 8);
      if (next !== first + count * step) break;
      if (step > 0 && next >= this.end) break;
    }
    const length = Math.min(most, count * clusterSize - inCluster);
    if (step > 0) return { kind: "data", length, host: first + inCluster, l2 };
    return { kind: first === ZERO_ENTRY ? "zero" : "unallocated", length, l2 };
  }

  protected *store(offset: number, segments: readonly Uint8Array[]): Task<number> {
    const extent = yield* this.find(offset, lengthOf(segments));
    const { length } = extent;
    const parts = slice(segments, 0, length);
    if (extent.kind === "data") {
      yield* wait(this.file.write(extent.host as number, parts));
      return length;
    }
    const { clusterSize } = this.header;
    const front = new Uint8Array(offset % clusterSize);
    const count = Math.ceil((front.length + length) / clusterSize);
    const back = new Uint8Array(count * clusterSize - front.length - length);
    const host = this.#allocate(count);
    yield* this.#markNeedCheck();
    if (extent.kind === "unallocated") {
      yield* this.readBacking(offset - front.length, [front]);
      yield* this.readBacking(offset + length, [back]);
    }
    yield* wait(this.file.write(host, [front, ...parts, back]));
    // Without the mark, nothing but the order of writes keeps what the backing image has.
    if (this.backing !== undefined) yield* wait(this.file.flush());
    yield* this.#link(extent, offset, count, host);
    return length;
  }

  protected override get zeroUnit(): number {
    return this.header.clusterSize;
  }

  protected override *zeroUnits(offset: number, length: number): Task<boolean> {
    for (let done = 0; done < length;) {
      const extent = yield* this.find(offset + done, length - done);
      if (extent.kind === "data")
        yield* wait(this.file.writeZeroes(extent.host as number, extent.length));
      else if (extent.kind === "unallocated") {
        yield* this.#markNeedCheck();
        const count = extent.length / this.header.clusterSize;
        yield* this.#link(extent, offset + done, count, undefined);
      }
      done += extent.length;
    }
    return true;
  }

  #allocate(count: number): number {
    const at = this.end;
    this.end += count * this.header.clusterSize;
    return at;
  }

  /** Leads to `count` clusters from `offset` on: at `host`, or of zeroes. */
  *#link(extent: Extent, offset: number, count: number, host: number | undefined): Task<void> {
    const { clusterSize, l1Offset, tableSize } = this.header;
    const entries = new Uint8Array(count * 8);
    const view = viewOf(entries);
    for (let i = 0; i < count; i++) {
      const value = host === undefined ? ZERO_ENTRY : host + i * clusterSize;
      view.setBigUint64(i * 8, BigInt(value), true);
    }
    const index = Math.floor(offset / clusterSize) % this.entries;
    if (extent.l2 !== undefined) {
      yield* this.tables.write(extent.l2 + index * 8, entries);
      return;
    }
    const l2 = this.#allocate(tableSize);
    yield* this.#clear(l2);
    yield* this.tables.write(l2 + index * 8, entries);
    // The table is on the disk before anything leads to it.
    yield* wait(this.file.flush());
    const l1Index = Math.floor(offset / (this.entries * clusterSize));
    yield* this.tables.putLong(l1Offset + l1Index * 8, l2);
  }

  *#clear(table: number): Task<void> {
    const { clusterSize, tableSize } = this.header;
    const length = clusterSize * tableSize;
    const zeroes = new Uint8Array(Math.min(length, TABLE_CHUNK));
    for (let at = 0; at < length; at += zeroes.length)
      yield* this.tables.write(table + at, zeroes.subarray(0, length - at));
  }

  /** With a backing image, data are flushed before tables lead to them, so no check is needed. */
  *#markNeedCheck(): Task<void> {
    if (this.backing !== undefined || this.needsCheck) return;
    this.header.features |= Feature.needCheck;
    yield* this.storeHeader();
  }

  *storeHeader(): Task<void> {
    const { backingFile } = this.header;
    const name = backingFile === undefined ? undefined : utf8Bytes(backingFile);
    yield* this.tables.write(0, headerBytes(this.header, name));
  }

  protected override *finish(): Task<void> {
    yield* wait(this.file.flush());
    if (!this.needsCheck) return;
    this.header.features &= ~Feature.needCheck;
    yield* this.storeHeader();
  }

  override truncate(sizeBytes: number, options: TruncateOptions = {}): Eventually<void> {
    return run(this.mutex.alone(this.#resize(sizeBytes, options)));
  }

  *#resize(sizeBytes: number, { preallocation = "off" }: TruncateOptions): Task<void> {
    if (this.readOnly) throw new StorageError("EPERM");
    const { clusterSize, tableSize, sizeBytes: before } = this.header;
    if (preallocation !== "off")
      throw new StorageError("ENOTSUP", `Unsupported preallocation mode '${preallocation}'`);
    if (!isImageSize(sizeBytes, clusterSize, tableSize))
      throw new StorageError("EINVAL", "Invalid image size specified");
    if (sizeBytes < before)
      throw new StorageError("ENOTSUP", "Shrinking images is currently not supported");
    this.header.sizeBytes = sizeBytes;
    yield* this.storeHeader();
  }

  check(repair: Repair): Task<CheckResult> {
    return this.mutex.alone(checkQed(this, repair !== "none"));
  }

  changeBacking(name: string | undefined, format: string | undefined): Task<void> {
    return this.mutex.alone(this.#changeBacking(name, format));
  }

  *#changeBacking(name: string | undefined, format: string | undefined): Task<void> {
    const { header } = this;
    if (name !== undefined && header.compatible !== 0n) throw new StorageError("ENOTSUP");
    const bytes = name === undefined ? new Uint8Array() : utf8Bytes(name);
    if (HEADER_BYTES + bytes.length > header.clusterSize * header.headerSize)
      throw new StorageError("ENOSPC");
    header.features &= ~(Feature.backingFile | Feature.rawBacking);
    if (name !== undefined) header.features |= Feature.backingFile;
    if (name !== undefined && format === "raw") header.features |= Feature.rawBacking;
    header.backingFile = name;
    header.backingOffset = HEADER_BYTES;
    yield* this.storeHeader();
    yield* this.tables.write(HEADER_BYTES, bytes);
    yield* wait(this.file.flush());
  }
}
