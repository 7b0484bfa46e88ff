import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import type { Task } from "../../task.ts";
import { TablePages } from "../table-pages.ts";

/** What a grain of an extent is. */
export interface Grain {
  readonly kind: "data" | "zero" | "unallocated";
  /** Where it is in the extent's file, in bytes. */
  readonly host?: number;
  /** Where the entries that lead to it are: in the grain table and in its copy. */
  readonly entries: readonly number[];
}

export interface SparseLayout {
  readonly sectors: number;
  /** Where the grain directory is, in bytes, and its copy, which need not be. */
  readonly directory: number;
  readonly directoryCopy: number;
  readonly directoryEntries: number;
  /** Entries of a grain table. */
  readonly tableEntries: number;
  readonly grainSectors: number;
  readonly isCompressed?: boolean;
  readonly hasMarkers?: boolean;
  readonly hasZeroGrains?: boolean;
  /** For seSparse: where grain tables and grains start, in sectors. */
  readonly seSparse?: { readonly tables: number; readonly grains: number };
}

/** 1 GiB in a grain, and tables for 8 TiB in the smallest: what QEMU takes. */
const MAX_GRAIN_SECTORS = 0x20_0000;
const MAX_DIRECTORY = 32 << 20;
const ZERO_GRAIN = 1;
const MAX_SECTORS = 2 ** 44;

/** A part of a disk in a file: as it is, or by grains that two levels of tables lead to. */
export abstract class Extent {
  readonly file: BlockNode;
  readonly filename: string;
  /** As descriptors have it; empty where there is none around it. */
  readonly type: string;
  readonly startByte: number;
  readonly sizeBytes: number;

  constructor(place: ExtentPlace, sectors: number) {
    this.file = place.file;
    this.filename = place.filename;
    this.type = place.type;
    this.startByte = place.startByte;
    this.sizeBytes = sectors * 512;
  }

  get endByte(): number {
    return this.startByte + this.sizeBytes;
  }
}

export interface ExtentPlace {
  readonly file: BlockNode;
  readonly filename: string;
  readonly type: string;
  /** Where it begins on the disk. */
  readonly startByte: number;
}

export class FlatExtent extends Extent {
  readonly hostStart: number;

  constructor(place: ExtentPlace, sectors: number, hostStart: number) {
    super(place, sectors);
    this.hostStart = hostStart;
  }
}

export class SparseExtent extends Extent {
  readonly layout: SparseLayout;
  readonly tables: TablePages;
  readonly grainBytes: number;
  /** Where the next grain goes, in bytes. */
  next: number;

  /** @throws StorageError with QEMU's words */
  constructor(place: ExtentPlace, layout: SparseLayout) {
    super(place, layout.sectors);
    if (layout.grainSectors > MAX_GRAIN_SECTORS)
      throw new StorageError("EFBIG", "Invalid granularity, image may be corrupt");
    if (layout.directoryEntries > MAX_DIRECTORY || layout.sectors > MAX_SECTORS)
      throw new StorageError("EFBIG", "L1 size too big");
    this.layout = layout;
    this.tables = new TablePages(place.file);
    this.grainBytes = layout.grainSectors * 512;
    this.next = Math.ceil(place.file.sizeBytes / this.grainBytes) * this.grainBytes;
  }

  /** Bytes of the disk that one grain table covers. */
  get tableSpan(): number {
    return this.layout.tableEntries * this.grainBytes;
  }

  /** @param offset on the disk */
  *find(offset: number): Task<Grain> {
    const at = offset - this.startByte;
    const directoryIndex = Math.floor(at / this.tableSpan);
    if (directoryIndex >= this.layout.directoryEntries) throw new StorageError("EIO");
    const index = Math.floor(at / this.grainBytes) % this.layout.tableEntries;
    if (this.layout.seSparse !== undefined)
      return yield* this.#findSe(this.layout.seSparse, directoryIndex, index);
    const { directory, directoryCopy, hasZeroGrains = false } = this.layout;
    const table = yield* this.tables.word(directory + directoryIndex * 4);
    if (table === 0) return { kind: "unallocated", entries: [] };
    const entries = [table * 512 + index * 4];
    if (directoryCopy !== 0) {
      const copy = yield* this.tables.word(directoryCopy + directoryIndex * 4);
      entries.push(copy * 512 + index * 4);
    }
    const sector = yield* this.tables.word(entries[0] as number);
    if (hasZeroGrains && sector === ZERO_GRAIN) return { kind: "zero", entries };
    if (sector === 0) return { kind: "unallocated", entries };
    return { kind: "data", host: sector * 512, entries };
  }

  /** Entries of 64 bits, the topmost four of which say what they are. */
  *#findSe(
    { tables, grains }: { readonly tables: number; readonly grains: number },
    directoryIndex: number,
    index: number,
  ): Task<Grain> {
    const entryAt = this.layout.directory + directoryIndex * 8;
    const table = yield* this.tables.word(entryAt);
    const kind = yield* this.tables.word(entryAt + 4);
    if (table === 0 && kind === 0) return { kind: "unallocated", entries: [] };
    if (kind !== 0x1000_0000) throw new StorageError("EIO");
    const tableAt = (tables + table * ((this.layout.tableEntries * 8) / 512)) * 512;
    const low = yield* this.tables.word(tableAt + index * 8);
    const high = yield* this.tables.word(tableAt + index * 8 + 4);
    const type = high >>> 28;
    if (type === 0 && low === 0 && high === 0) return { kind: "unallocated", entries: [] };
    if (type === 1 || type === 2) return { kind: "zero", entries: [] };
    if (type !== 3) throw new StorageError("EIO");
    // Bits 48 to 59 are the lowest twelve of the grain's number, bits 0 to 47 the others.
    const rest = (high & 0xffff) * 2 ** 32 + low;
    const grain = rest * 4096 + ((high >>> 16) & 0xfff);
    const host = (grains + grain * this.layout.grainSectors) * 512;
    return { kind: "data", host, entries: [] };
  }

  /** A damaged table leads anywhere: nothing is written there. @throws StorageError EIO */
  demandInFile({ entries, host = 0 }: Grain): void {
    const { sizeBytes } = this.file;
    if (host >= sizeBytes || entries.some((at) => at >= sizeBytes)) throw new StorageError("EIO");
  }

  /** Leads both grain tables to a grain, or says that it is zero. */
  *link({ entries }: Grain, host: number | "zero"): Task<void> {
    const value = host === "zero" ? ZERO_GRAIN : host / 512;
    for (const at of entries) yield* this.tables.putWord(at, value);
  }
}
