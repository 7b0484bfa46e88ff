import { latin1, startsWith, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import type { Task } from "../../task.ts";
import { crc32c } from "./crc32c.ts";
import {
  CHECKSUM,
  GUID_BYTES,
  Item,
  ItemFlag,
  MAX_BLOCK,
  METADATA_SIGNATURE,
  MIN_BLOCK,
  ParameterFlag,
  REGION_REQUIRED,
  REGION_TABLE,
  Region,
  TABLE_BYTES,
  sameGuid,
} from "./layout.ts";

/** A part of the file that has its use. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

export interface Regions {
  readonly blocks: FileRange;
  readonly metadata: FileRange;
  readonly all: readonly FileRange[];
}

const ENTRY_BYTES = 32;
const MAX_REGIONS = 2047;

const invalid = (): StorageError => new StorageError("EINVAL");

export function overlaps(a: FileRange, b: FileRange): boolean {
  return a.offset < b.offset + b.length && a.offset + a.length > b.offset;
}

/** @param known ranges that are in use already, which none may overlap */
export function* readRegions(file: BlockNode, known: readonly FileRange[]): Task<Regions> {
  const bytes = new Uint8Array(TABLE_BYTES);
  yield* readPadded(file, REGION_TABLE, bytes);
  const view = viewOf(bytes);
  const count = view.getUint32(8, true);
  if (view.getUint32(CHECKSUM, true) !== crc32c(bytes, CHECKSUM)) throw invalid();
  if (latin1(bytes.subarray(0, 4)) !== "regi" || count > MAX_REGIONS) throw invalid();
  const all = [...known];
  const found = new Map<Uint8Array, FileRange>();
  for (let i = 0; i < count; i++) {
    const at = 16 + i * ENTRY_BYTES;
    const guid = bytes.subarray(at, at + GUID_BYTES);
    const offset = Number(view.getBigUint64(at + 16, true));
    const range = { offset, length: view.getUint32(at + 24, true) };
    if (all.some((other) => overlaps(range, other))) throw invalid();
    all.push(range);
    const kind = Object.values(Region).find((region) => sameGuid(region, guid));
    const isRequired = (view.getUint32(at + 28, true) & REGION_REQUIRED) !== 0;
    if (kind === undefined && isRequired) throw new StorageError("ENOTSUP");
    if (kind === undefined) continue;
    if (found.has(kind)) throw invalid();
    found.set(kind, range);
  }
  const blocks = found.get(Region.blocks);
  const metadata = found.get(Region.metadata);
  if (blocks === undefined || metadata === undefined) throw invalid();
  return { blocks, metadata, all };
}

export interface Parameters {
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly sectorBytes: number;
}

/** @throws StorageError where the image is of a kind that QEMU does not open */
export function* readMetadata(file: BlockNode, { offset }: FileRange): Task<Parameters> {
  const bytes = new Uint8Array(TABLE_BYTES);
  yield* readPadded(file, offset, bytes);
  const places = itemPlaces(bytes);
  const demand = function* (item: Uint8Array, length: number): Task<DataView> {
    const at = places.get(item);
    if (at === undefined) throw new StorageError("ENOTSUP");
    const value = new Uint8Array(length);
    yield* readPadded(file, offset + at, value);
    return viewOf(value);
  };
  const parameters = yield* demand(Item.parameters, 8);
  const size = yield* demand(Item.size, 8);
  const logical = yield* demand(Item.logicalSector, 4);
  yield* demand(Item.page83, GUID_BYTES);
  yield* demand(Item.physicalSector, 4);
  // Differencing images are not supported, by QEMU neither.
  if (places.has(Item.parentLocator)) throw new StorageError("ENOTSUP");
  if ((parameters.getUint32(4, true) & ParameterFlag.hasParent) !== 0) throw invalid();
  const blockBytes = parameters.getUint32(0, true);
  const sectorBytes = logical.getUint32(0, true);
  const isPowerOf2 = Number.isInteger(Math.log2(blockBytes));
  if (blockBytes < MIN_BLOCK || blockBytes > MAX_BLOCK || !isPowerOf2) throw invalid();
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw invalid();
  const sizeBytes = Number(size.getBigUint64(0, true));
  if (sizeBytes > 2 ** 53) throw new StorageError("EFBIG");
  return { sizeBytes: sizeBytes - (sizeBytes % 512), blockBytes, sectorBytes };
}

/** Where the items are that are known, from the start of the region. */
function itemPlaces(bytes: Uint8Array): Map<Uint8Array, number> {
  const view = viewOf(bytes);
  const count = view.getUint16(10, true);
  if (!startsWith(bytes, METADATA_SIGNATURE)) throw invalid();
  if ((count + 1) * ENTRY_BYTES > bytes.length) throw invalid();
  const places = new Map<Uint8Array, number>();
  for (let i = 0; i < count; i++) {
    const at = ENTRY_BYTES * (i + 1);
    const guid = bytes.subarray(at, at + GUID_BYTES);
    const kind = Object.values(Item).find((known) => sameGuid(known, guid));
    const isRequired = (view.getUint32(at + 24, true) & ItemFlag.required) !== 0;
    if (kind === undefined && isRequired) throw new StorageError("ENOTSUP");
    if (kind === undefined) continue;
    if (places.has(kind)) throw invalid();
    places.set(kind, view.getUint32(at + 16, true));
  }
  return places;
}
