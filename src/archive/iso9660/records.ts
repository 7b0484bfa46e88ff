/** Directory records (ECMA-119 §9.1) with what Rock Ridge adds (SUSP 1.12, RRIP 1.12). */
import { asciiBytes, concatBytes, utf8Bytes } from "../../util/bytes.ts";
import { FieldWriter, RecordFlag, shortDate } from "./fields.ts";

/** A file or a directory, as it is named in one of the two trees. */
export interface Entry {
  /** The identifier's bytes. */
  readonly id: Uint8Array;
  readonly sector: number;
  readonly sizeBytes: number;
  readonly isDirectory: boolean;
}

const ID_AT = 33;

/** @throws RangeError where it has more than the 255 bytes that a record can have */
export function directoryRecord(
  entry: Entry,
  date: Date,
  system: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const { id, sector, sizeBytes, isDirectory } = entry;
  const systemAt = ID_AT + id.length + (id.length % 2 === 0 ? 1 : 0);
  const length = systemAt + system.length + (system.length % 2);
  if (length > 255) throw new RangeError(`a directory record of ${length} bytes`);
  const out = new FieldWriter(new Uint8Array(length));
  out.byte(0, length);
  out.both32(2, sector);
  out.both32(10, sizeBytes);
  out.raw(18, shortDate(date));
  out.byte(25, isDirectory ? RecordFlag.directory : 0);
  out.both16(28, 1);
  out.byte(32, id.length);
  out.raw(ID_AT, id);
  out.raw(systemAt, system);
  return out.bytes;
}

/** Entries of the system use area. */
function systemEntry(signature: string, data: Uint8Array): Uint8Array {
  return concatBytes([asciiBytes(signature), Uint8Array.of(4 + data.length, 1), data]);
}

function numbers(...values: readonly number[]): Uint8Array {
  const out = new FieldWriter(new Uint8Array(8 * values.length));
  for (const [index, value] of values.entries()) out.both32(8 * index, value);
  return out.bytes;
}

const DIRECTORY_MODE = 0o040555;
const FILE_MODE = 0o100444;

/** Owner, permissions and dates (PX, TF). */
function posixEntries(isDirectory: boolean, inode: number, date: Date): Uint8Array {
  const mode = isDirectory ? DIRECTORY_MODE : FILE_MODE;
  const modifiedAccessedChanged = 0x0e;
  const dates = [0, 1, 2].map(() => shortDate(date));
  return concatBytes([
    systemEntry("PX", numbers(mode, isDirectory ? 2 : 1, 0, 0, inode)),
    systemEntry("TF", concatBytes([Uint8Array.of(modifiedAccessedChanged), ...dates])),
  ]);
}

export function fileEntries(name: string, inode: number, date: Date): Uint8Array {
  const plain = Uint8Array.of(0);
  const nameEntry = systemEntry("NM", concatBytes([plain, utf8Bytes(name)]));
  return concatBytes([posixEntries(false, inode, date), nameEntry]);
}

/** Of the root directory in itself: that there is Rock Ridge, and the sector of `extensionEntry`. */
export function rootEntries(date: Date, extensionSector: number): Uint8Array {
  const check = Uint8Array.of(0xbe, 0xef, 0);
  return concatBytes([
    systemEntry("SP", check),
    posixEntries(true, 1, date),
    systemEntry("CE", numbers(extensionSector, 0, extensionEntry().length)),
  ]);
}

/** Of the root directory as its own parent. */
export function parentEntries(date: Date): Uint8Array {
  return posixEntries(true, 1, date);
}

/** Which extension it is (ER). */
export function extensionEntry(): Uint8Array {
  const [id, text, source] = [
    "IEEE_P1282",
    "THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 SPECIFICATION.",
  ];
  const lengths = Uint8Array.of(id.length, text.length, source.length, 1);
  return systemEntry("ER", concatBytes([lengths, asciiBytes(id + text + source)]));
}

/** Records one after another, none across the border of two sectors. */
export function packRecords(records: readonly Uint8Array[], sectorBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const record of records) {
    const left = sectorBytes - (at % sectorBytes);
    if (record.length > left) {
      pieces.push(new Uint8Array(left));
      at += left;
    }
    pieces.push(record);
    at += record.length;
  }
  pieces.push(new Uint8Array(-at & (sectorBytes - 1)));
  return concatBytes(pieces);
}
