import { asciiBytes, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import type { FormatCreation } from "../driver.ts";
import { LARGEST, geometryFor, sectorsIn } from "./geometry.ts";
import {
  BLOCK_BYTES,
  COOKIE,
  DYNAMIC_COOKIE,
  DYNAMIC_HEADER_BYTES,
  Dynamic,
  FOOTER_BYTES,
  Footer,
  MAX_GEOMETRY,
  MAX_SECTORS,
  NOWHERE,
  SECTOR,
  TYPE_DYNAMIC,
  TYPE_FIXED,
  checksumOf,
} from "./header.ts";

/** 2000-01-01 in seconds since 1970. */
const EPOCH_SECONDS = 946_684_800;
const VERSION = 0x0001_0000;
const TABLE_OFFSET = FOOTER_BYTES + DYNAMIC_HEADER_BYTES;

/** @throws StorageError with QEMU's words */
export async function createVpc(creation: FormatCreation): Promise<void> {
  // The file is there, and empty, even when the options turn out to be wrong: as in QEMU.
  const file = await creation.createFile(creation.filename);
  try {
    const subformat = String(creation.options.get("subformat") ?? "dynamic");
    if (subformat !== "dynamic" && subformat !== "fixed") {
      throw new StorageError(
        "EINVAL",
        `Parameter 'subformat' does not accept value '${subformat}'`,
      );
    }
    await write(file, creation, subformat === "fixed");
  } finally {
    await file.close();
  }
}

async function write(file: BlockNode, creation: FormatCreation, isFixed: boolean): Promise<void> {
  const wanted = Math.ceil(creation.sizeBytes / SECTOR);
  const isForced = creation.options.get("force_size") === true;
  const geometry = isForced ? LARGEST : geometryFor(wanted);
  const isExact = sectorsIn(geometry) === MAX_GEOMETRY;
  const sectors = isExact ? wanted : sectorsIn(geometry);
  if (sectors > MAX_SECTORS)
    throw new StorageError("EFBIG", "Disk size is too large, max size is 2040 GiB");
  const bytes = footerBytes(creation, { ...geometry, total: sectors, isFixed, isForced });
  if (isFixed) {
    await file.truncate(sectors * SECTOR);
    await file.write(sectors * SECTOR, [bytes]);
  } else await writeDynamic(file, bytes, sectors);
}

function footerBytes(
  { nowMs, entropy }: FormatCreation,
  disk: {
    readonly cylinders: number;
    readonly heads: number;
    readonly sectors: number;
    readonly total: number;
    readonly isFixed: boolean;
    readonly isForced: boolean;
  },
): Uint8Array {
  const bytes = new Uint8Array(FOOTER_BYTES);
  const view = viewOf(bytes);
  bytes.set(asciiBytes(COOKIE));
  view.setUint32(Footer.features, 2);
  view.setUint32(Footer.version, VERSION);
  view.setBigUint64(Footer.dataOffset, disk.isFixed ? NOWHERE : BigInt(FOOTER_BYTES));
  view.setUint32(Footer.timestamp, Math.floor(nowMs / 1000) - EPOCH_SECONDS);
  bytes.set(asciiBytes(disk.isForced ? "qem2" : "qemu"), Footer.creator);
  view.setUint16(Footer.major, 5);
  view.setUint16(Footer.minor, 3);
  bytes.set(asciiBytes("Wi2k"), Footer.creatorSystem);
  view.setBigUint64(Footer.originalSize, BigInt(disk.total) * 512n);
  view.setBigUint64(Footer.currentSize, BigInt(disk.total) * 512n);
  view.setUint16(Footer.cylinders, disk.cylinders);
  view.setUint8(Footer.heads, disk.heads);
  view.setUint8(Footer.sectors, disk.sectors);
  view.setUint32(Footer.type, disk.isFixed ? TYPE_FIXED : TYPE_DYNAMIC);
  entropy.fill(bytes.subarray(Footer.uuid, Footer.uuid + 16));
  view.setUint32(Footer.checksum, checksumOf(bytes, Footer.checksum));
  return bytes;
}

/** A copy of the footer, the header, the empty table, the footer. */
async function writeDynamic(file: BlockNode, footer: Uint8Array, sectors: number): Promise<void> {
  const entries = Math.ceil(sectors / (BLOCK_BYTES / SECTOR));
  const tableBytes = Math.ceil((entries * 4) / SECTOR) * SECTOR;
  const header = new Uint8Array(DYNAMIC_HEADER_BYTES);
  const view = viewOf(header);
  header.set(asciiBytes(DYNAMIC_COOKIE));
  view.setBigUint64(Dynamic.dataOffset, NOWHERE);
  view.setBigUint64(Dynamic.tableOffset, BigInt(TABLE_OFFSET));
  view.setUint32(Dynamic.version, VERSION);
  view.setUint32(Dynamic.blockBytes, BLOCK_BYTES);
  view.setUint32(Dynamic.entries, entries);
  view.setUint32(Dynamic.checksum, checksumOf(header, Dynamic.checksum));
  await file.write(0, [footer, header, new Uint8Array(tableBytes).fill(0xff), footer]);
}
