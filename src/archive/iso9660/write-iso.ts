/**
 * Images of CDs with a few files in their root directory: ISO 9660 with Joliet's and Rock Ridge's names.
 *
 * ```
 * sector 16   primary volume descriptor      20, 21  its path table, little- and big-endian
 *        17   Joliet's                       22, 23  Joliet's
 *        18   end of the descriptors         24      which extension Rock Ridge is
 *        19   (nothing)                      25 …    root directory, Joliet's, files
 * ```
 */
import { asciiBytes, concatBytes } from "../../util/bytes.ts";
import {
  DescriptorType,
  FieldWriter,
  FIRST_DESCRIPTOR,
  longDate,
  SECTOR_BYTES,
  STANDARD_ID,
} from "./fields.ts";
import {
  directoryRecord,
  type Entry,
  extensionEntry,
  fileEntries,
  packRecords,
  parentEntries,
  rootEntries,
} from "./records.ts";

export interface IsoFile {
  /** At most 64 characters and 100 bytes of UTF-8, without a slash. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface IsoOptions {
  /** The volume's label, at most 16 characters. */
  readonly volumeId: string;
  /** Of the volume and all files. */
  readonly date: Date;
}

const TABLES = 20;
const EXTENSION = 24;
const DIRECTORIES = 25;
const MAX_NAME_LENGTH = 64;
const MAX_VOLUME_ID_LENGTH = 16;

/** One of the two trees: how names are written, and what else stands in its root directory. */
interface Tree {
  readonly isJoliet: boolean;
  readonly tables: number;
  ids(files: readonly IsoFile[]): Uint8Array[];
}

const PRIMARY: Tree = { isJoliet: false, tables: TABLES, ids: plainIds };
const JOLIET: Tree = { isJoliet: true, tables: TABLES + 2, ids: wideIds };

/** @throws RangeError for names that are empty, too long, or given twice */
export function writeIso(files: readonly IsoFile[], options: IsoOptions): Uint8Array {
  checkNames(files, options);
  // How many sectors a directory takes does not depend on where things are.
  const sizes = [PRIMARY, JOLIET].map((tree) => rootDirectory(tree, files, 0, options).length);
  const [first = 0, second = 0] = sizes;
  const joliet = DIRECTORIES + first / SECTOR_BYTES;
  const data = joliet + second / SECTOR_BYTES;
  const starts = startsFrom(data, files);
  const sectors = starts.at(-1) ?? data;
  const place = { files, starts, sectors, ...options };
  const header = new Uint8Array(FIRST_DESCRIPTOR * SECTOR_BYTES);
  return concatBytes([
    header,
    descriptor(PRIMARY, place, DIRECTORIES, first),
    descriptor(JOLIET, place, joliet, second),
    endDescriptor(),
    new Uint8Array(SECTOR_BYTES),
    ...pathTables(DIRECTORIES),
    ...pathTables(joliet),
    padded(extensionEntry()),
    rootDirectory(PRIMARY, files, DIRECTORIES, options, starts),
    rootDirectory(JOLIET, files, joliet, options, starts),
    ...files.map(({ bytes }) => padded(bytes)),
  ]);
}

function checkNames(files: readonly IsoFile[], { volumeId }: IsoOptions): void {
  if (volumeId.length > MAX_VOLUME_ID_LENGTH) {
    throw new RangeError(`the volume's label '${volumeId}' has more than 16 characters`);
  }
  const seen = new Set<string>();
  for (const { name } of files) {
    if (name === "" || name.length > MAX_NAME_LENGTH || /[/\0]/.test(name)) {
      throw new RangeError(`'${name}' cannot be the name of a file on a CD`);
    }
    if (seen.has(name)) throw new RangeError(`the file '${name}' is given twice`);
    seen.add(name);
  }
}

/** The files' first sectors, and behind them the number of all. */
function startsFrom(first: number, files: readonly IsoFile[]): number[] {
  const starts = [first];
  for (const { bytes } of files) {
    starts.push((starts.at(-1) ?? 0) + Math.ceil(bytes.length / SECTOR_BYTES));
  }
  return starts;
}

interface Place extends IsoOptions {
  readonly sectors: number;
}

function descriptor(tree: Tree, place: Place, root: number, rootBytes: number): Uint8Array {
  const out = new FieldWriter(new Uint8Array(SECTOR_BYTES));
  const text = (at: number, length: number, value: string): void =>
    tree.isJoliet ? out.wideText(at, length, value) : out.text(at, length, value);
  out.byte(0, tree.isJoliet ? DescriptorType.supplementary : DescriptorType.primary);
  out.text(1, 5, STANDARD_ID);
  out.byte(6, 1);
  text(8, 32, "LINUX");
  text(40, 32, place.volumeId);
  out.both32(80, place.sectors);
  // Joliet's escape sequence for UCS-2 level 3.
  if (tree.isJoliet) out.raw(88, Uint8Array.of(0x25, 0x2f, 0x45));
  out.both16(120, 1);
  out.both16(124, 1);
  out.both16(128, SECTOR_BYTES);
  out.both32(132, PATH_TABLE_BYTES);
  out.little32(140, tree.tables);
  out.big32(148, tree.tables + 1);
  out.raw(156, directoryRecord(rootEntry(root, rootBytes, 0), place.date));
  for (const [at, length] of EMPTY_TEXTS) text(at, length, "");
  const dates = [place.date, place.date, null, null];
  for (const [index, date] of dates.entries()) out.text(813 + 17 * index, 17, longDate(date));
  out.byte(881, 1);
  return out.bytes;
}

/** Volume set, publisher, preparer, application and three names of files (§8.4.20 to 8.4.25). */
const EMPTY_TEXTS = [
  [190, 128],
  [318, 128],
  [446, 128],
  [574, 128],
  [702, 37],
  [739, 37],
  [776, 37],
] as const;

function endDescriptor(): Uint8Array {
  const out = new FieldWriter(new Uint8Array(SECTOR_BYTES));
  out.byte(0, DescriptorType.end);
  out.text(1, 5, STANDARD_ID);
  out.byte(6, 1);
  return out.bytes;
}

const PATH_TABLE_BYTES = 10;

/** The root directory alone, with its sector in either order (§9.4). */
function pathTables(root: number): Uint8Array[] {
  return [true, false].map((isLittle) => {
    const out = new FieldWriter(new Uint8Array(SECTOR_BYTES));
    out.byte(0, 1);
    if (isLittle) out.little32(2, root);
    else out.big32(2, root);
    out.byte(isLittle ? 6 : 7, 1);
    return out.bytes;
  });
}

/** @param id 0 is the directory itself, 1 its parent */
function rootEntry(sector: number, sizeBytes: number, id: 0 | 1): Entry {
  return { id: Uint8Array.of(id), sector, sizeBytes, isDirectory: true };
}

function rootDirectory(
  tree: Tree,
  files: readonly IsoFile[],
  sector: number,
  { date }: IsoOptions,
  starts: readonly number[] = [],
): Uint8Array {
  const ids = tree.ids(files);
  const records = files
    .map((file, index) => ({ file, index, id: ids[index] ?? new Uint8Array(0) }))
    .toSorted((one, other) => compareBytes(one.id, other.id))
    .map(({ file: { name, bytes }, index, id }) => {
      const entry = { id, sector: starts[index] ?? 0, sizeBytes: bytes.length, isDirectory: false };
      return directoryRecord(
        entry,
        date,
        extras(tree, () => fileEntries(name, index + 2, date)),
      );
    });
  const make = (sizeBytes: number): Uint8Array => {
    const self = extras(tree, () => rootEntries(date, EXTENSION));
    const parent = extras(tree, () => parentEntries(date));
    return packRecords(
      [
        directoryRecord(rootEntry(sector, sizeBytes, 0), date, self),
        directoryRecord(rootEntry(sector, sizeBytes, 1), date, parent),
        ...records,
      ],
      SECTOR_BYTES,
    );
  };
  return make(make(0).length);
}

/** Rock Ridge is in the primary tree only. */
function extras({ isJoliet }: Tree, make: () => Uint8Array): Uint8Array {
  return isJoliet ? new Uint8Array(0) : make();
}

/** Letters, digits and underscores in 8.3; a number tells apart those that become equal. */
function plainIds(files: readonly IsoFile[]): Uint8Array[] {
  const taken = new Set<string>();
  return files.map(({ name }) => {
    const [, stem = name, extension = ""] = /^(.+)\.([^.]*)$/.exec(name) ?? [];
    const end = `.${plain(extension, 3)};1`;
    let id = plain(stem, 8) + end;
    for (let number = 0; taken.has(id); number += 1) {
      id = plain(stem, 5) + number.toString().padStart(3, "0") + end;
    }
    taken.add(id);
    return asciiBytes(id);
  });
}

function plain(text: string, length: number): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, "_")
    .slice(0, length);
}

function wideIds(files: readonly IsoFile[]): Uint8Array[] {
  return files.map(({ name }) => {
    const out = new FieldWriter(new Uint8Array(2 * (name.length + 2)));
    out.wideText(0, out.bytes.length, `${name};1`);
    return out.bytes;
  });
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / SECTOR_BYTES) * SECTOR_BYTES);
  out.set(bytes);
  return out;
}
