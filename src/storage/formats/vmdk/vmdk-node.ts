import { latin1 } from "../../../util/bytes.ts";
import type { Entropy } from "../../../device/ports.ts";
import type { BlockNode } from "../../block-node.ts";
import { type CheckResult, type Repair, emptyResult } from "../../check-result.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import type { Fact, FormatInfo } from "../driver.ts";
import { MappedNode, type Place } from "../mapped-node.ts";
import { contentIds, DESCRIPTOR_BYTES, drawContentId, withContentId } from "./descriptor.ts";
import { type Extent, FlatExtent, SparseExtent } from "./extent.ts";
import { packGrain, unpackGrain } from "./stream.ts";

export interface VmdkState {
  readonly extents: readonly Extent[];
  readonly createType: string;
  /** Where the descriptor is in the image's own file. */
  readonly descriptorAt: number;
  readonly contentId: number;
  readonly parentId: number;
  readonly backingFile: string | undefined;
  readonly readOnly: boolean;
  readonly entropy: Entropy;
  report(message: string): void;
}

type Found = Place & { readonly extent: Extent; readonly packedAt?: number };

/** A VMware disk: extents after one another, flat or by grains. */
export class VmdkNode extends MappedNode {
  readonly driver = "vmdk";
  protected override readonly supportsBacking = true;
  readonly #state: VmdkState;
  #hasNewId = false;
  #parentFits = false;

  constructor(file: BlockNode, state: VmdkState) {
    super(file, state.readOnly);
    this.#state = state;
  }

  get sizeBytes(): number {
    return this.#state.extents.at(-1)?.endByte ?? 0;
  }

  override get otherFiles(): readonly BlockNode[] {
    return this.#state.extents.map(({ file }) => file).filter((file) => file !== this.file);
  }

  get #sparse(): SparseExtent[] {
    return this.#state.extents.filter((extent) => extent instanceof SparseExtent);
  }

  /** All extents are of one kind, so that one thing can be said of them. */
  get #isUniform(): boolean {
    const kinds = this.#state.extents.map((extent) =>
      extent instanceof SparseExtent
        ? `${extent.grainBytes} ${extent.layout.isCompressed ?? false}`
        : "flat",
    );
    return new Set(kinds).size === 1;
  }

  get needsCompressedWrites(): boolean {
    return this.#isUniform && this.#sparse[0]?.layout.isCompressed === true;
  }

  describe(): FormatInfo {
    const { contentId, parentId, createType, extents, backingFile } = this.#state;
    return {
      clusterSize: this.#isUniform ? this.#sparse[0]?.grainBytes : undefined,
      backingFile,
      backingFormat: backingFile === undefined ? undefined : "vmdk",
      specific: {
        "create-type": createType,
        cid: contentId,
        "parent-cid": parentId,
        extents: extents.map(extentFacts),
      },
    };
  }

  /** The content ID as it is now. */
  *readContentId(): Task<number> {
    const bytes = new Uint8Array(DESCRIPTOR_BYTES);
    yield* readPadded(this.file, this.#state.descriptorAt, bytes);
    return contentIds(latin1(bytes, true)).own;
  }

  #extentAt(offset: number): Extent {
    const extent = this.#state.extents.find(({ endByte }) => offset < endByte);
    if (extent === undefined) throw new StorageError("EIO");
    return extent;
  }

  protected *find(offset: number, length: number): Task<Found> {
    const extent = this.#extentAt(offset);
    const inExtent = offset - extent.startByte;
    const most = Math.min(length, extent.endByte - offset);
    const { file } = extent;
    if (extent instanceof FlatExtent) {
      const host = extent.hostStart + inExtent;
      return { kind: "data", length: most, host, file, sparse: true, extent };
    }
    const sparse = extent as SparseExtent;
    const grain = yield* sparse.find(offset);
    const inGrain = inExtent % sparse.grainBytes;
    const size = Math.min(most, sparse.grainBytes - inGrain);
    if (grain.host === undefined) return { kind: grain.kind, length: size, extent };
    if (sparse.layout.isCompressed === true)
      return { kind: "packed", length: size, extent, packedAt: grain.host };
    return { kind: "data", length: size, host: grain.host + inGrain, file, extent };
  }

  protected override *unpack(
    place: Place,
    offset: number,
    into: readonly Uint8Array[],
  ): Task<void> {
    const { extent, packedAt } = place as Found;
    const sparse = extent as SparseExtent;
    const inGrain = (offset - sparse.startByte) % sparse.grainBytes;
    yield* unpackGrain(sparse, packedAt as number, inGrain, into);
  }

  protected override *readBacking(offset: number, segments: readonly Uint8Array[]): Task<void> {
    if (this.backing !== undefined) yield* this.#demandParent(this.backing);
    yield* super.readBacking(offset, segments);
  }

  /** A parent that was changed since is not the parent any more. */
  *#demandParent(parent: BlockNode): Task<void> {
    if (this.#parentFits) return;
    const id = parent instanceof VmdkNode ? yield* parent.readContentId() : undefined;
    if (id !== this.#state.parentId) throw new StorageError("EINVAL");
    this.#parentFits = true;
  }

  protected *store(offset: number, segments: readonly Uint8Array[]): Task<number> {
    const place = yield* this.find(offset, lengthOf(segments));
    const parts = slice(segments, 0, place.length);
    const { extent } = place;
    if (extent instanceof SparseExtent && extent.layout.isCompressed === true)
      yield* this.#storePacked(extent, place, offset, parts);
    else if (place.kind === "data")
      yield* this.#overwrite(extent, offset, place.host as number, parts);
    else yield* this.#allocate(extent as SparseExtent, place.kind === "zero", offset, parts);
    yield* this.#renew();
    return place.length;
  }

  *#overwrite(
    extent: Extent,
    offset: number,
    host: number,
    parts: readonly Uint8Array[],
  ): Task<void> {
    if (extent instanceof SparseExtent) {
      const inGrain = (offset - extent.startByte) % extent.grainBytes;
      extent.demandInFile({ kind: "data", host: host - inGrain, entries: [] });
    }
    yield* wait(extent.file.write(host, parts));
  }

  *#allocate(
    extent: SparseExtent,
    wasZero: boolean,
    offset: number,
    parts: readonly Uint8Array[],
  ): Task<void> {
    const grain = yield* extent.find(offset);
    if (grain.entries.length === 0) throw new StorageError("EINVAL");
    extent.demandInFile(grain);
    const host = this.#take(extent);
    const inGrain = (offset - extent.startByte) % extent.grainBytes;
    const front = new Uint8Array(inGrain);
    const back = new Uint8Array(extent.grainBytes - inGrain - lengthOf(parts));
    if (!wasZero) {
      yield* this.readBacking(offset - inGrain, [front]);
      yield* this.readBacking(offset + lengthOf(parts), [back]);
    }
    yield* wait(extent.file.write(host, [front, ...parts, back]));
    yield* extent.link(grain, host);
    yield* wait(extent.file.flush());
  }

  /** A place for a new grain, which a table entry must be able to hold. */
  #take(extent: SparseExtent): number {
    const host = extent.next;
    if (host / 512 >= 2 ** 32) throw new StorageError("EINVAL");
    extent.next += extent.grainBytes;
    return host;
  }

  *#storePacked(
    extent: SparseExtent,
    place: Found,
    offset: number,
    parts: readonly Uint8Array[],
  ): Task<void> {
    if (place.kind === "packed") {
      this.#state.report("Could not write to allocated cluster for streamOptimized");
      throw new StorageError("EIO");
    }
    const length = lengthOf(parts);
    const isWhole = length === extent.grainBytes || offset + length === extent.endByte;
    const isStart = (offset - extent.startByte) % extent.grainBytes === 0;
    if (!isWhole || !isStart || extent.layout.hasMarkers !== true) throw new StorageError("EINVAL");
    const grain = yield* extent.find(offset);
    if (grain.entries.length === 0) throw new StorageError("EINVAL");
    extent.demandInFile(grain);
    const host = this.#take(extent);
    const packed = packGrain(offset / 512, parts);
    // The file has room for a whole grain; the next one takes what is left of it.
    yield* wait(extent.file.writeZeroes(host, extent.grainBytes));
    yield* wait(extent.file.write(host, [packed]));
    extent.next = Math.ceil((host + packed.length) / 512) * 512;
    yield* extent.link(grain, host);
    yield* wait(extent.file.flush());
  }

  writeCompressed(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    const isStream = this.#state.extents.length === 1 && this.needsCompressedWrites;
    if (!isStream) throw new StorageError("ENOTSUP");
    return this.write(offset, segments);
  }

  endCompressed(): Eventually<void> {
    return run(this.mutex.alone(this.#align()));
  }

  /** Streams end at a sector's end. */
  *#align(): Task<void> {
    for (const { file } of this.#state.extents)
      yield* wait(file.truncate(Math.ceil(file.sizeBytes / 512) * 512));
  }

  /** Images with a new content ID once they have been written since they were opened. */
  *#renew(): Task<void> {
    if (this.#hasNewId) return;
    this.#hasNewId = true;
    const { descriptorAt, entropy } = this.#state;
    const bytes = new Uint8Array(DESCRIPTOR_BYTES);
    yield* readPadded(this.file, descriptorAt, bytes);
    const changed = withContentId(bytes, drawContentId(entropy));
    yield* wait(this.file.write(descriptorAt, [changed]));
    yield* wait(this.file.flush());
  }

  protected override get zeroUnit(): number {
    return Math.max(0, ...this.#sparse.map(({ grainBytes }) => grainBytes));
  }

  protected override *zeroUnits(offset: number, length: number): Task<boolean> {
    const grains: { readonly extent: SparseExtent; readonly at: number }[] = [];
    for (let at = offset; at < offset + length;) {
      const extent = this.#extentAt(at);
      if (!(extent instanceof SparseExtent) || extent.layout.hasZeroGrains !== true) return false;
      const isStart = (at - extent.startByte) % extent.grainBytes === 0;
      if (!isStart || at + extent.grainBytes > offset + length) return false;
      const grain = yield* extent.find(at);
      if (grain.entries.length === 0) return false;
      extent.demandInFile(grain);
      grains.push({ extent, at });
      at += extent.grainBytes;
    }
    for (const { extent, at } of grains) {
      const grain = yield* extent.find(at);
      if (grain.kind !== "zero") yield* extent.link(grain, "zero");
    }
    for (const extent of this.#sparse) yield* wait(extent.file.flush());
    yield* this.#renew();
    return true;
  }

  check(repair: Repair): Task<CheckResult> {
    return this.mutex.alone(this.#check(repair));
  }

  *#check(repair: Repair): Task<CheckResult> {
    if (repair !== "none") throw new StorageError("ENOTSUP");
    for (let at = 0; at < this.sizeBytes;) {
      const extent = this.#extentAt(at);
      const { sizeBytes, report } = {
        sizeBytes: extent.file.sizeBytes,
        report: this.#state.report,
      };
      let place: Found;
      try {
        place = yield* this.find(at, this.sizeBytes - at);
      } catch (error) {
        report(`ERROR: could not get cluster_offset for sector ${at / 512}`);
        throw error;
      }
      const host = place.packedAt ?? place.host;
      if (host !== undefined && host >= sizeBytes) {
        report(`ERROR: cluster offset for sector ${at / 512} points after EOF`);
        throw new StorageError("EINVAL");
      }
      at += place.length;
    }
    return emptyResult();
  }
}

function extentFacts(extent: Extent): Fact {
  const isSparse = extent instanceof SparseExtent;
  return {
    filename: extent.filename,
    format: extent.type,
    "virtual-size": extent.sizeBytes,
    compressed: isSparse && extent.layout.isCompressed === true ? true : undefined,
    "cluster-size": isSparse ? extent.grainBytes : undefined,
  };
}
