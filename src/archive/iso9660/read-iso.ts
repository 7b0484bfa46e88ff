/** Files on a CD's image: ISO 9660, with Rock Ridge's names where there are any, else Joliet's. */
import { concatBytes, latin1, viewOf } from "../../util/bytes.ts";
import {
  DescriptorType,
  FIRST_DESCRIPTOR,
  RecordFlag,
  SECTOR_BYTES,
  STANDARD_ID,
} from "./fields.ts";
import { type ReadBytes, readSystemUse, skippedBytes } from "./system-use.ts";

/** An image that is read in pieces. */
export interface IsoSource {
  readonly sizeBytes: number;
  /** Bytes from `offset`: fewer than `length` at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** An image that is none, or a damaged one. */
export class IsoError extends Error {
  override readonly name = "IsoError";
}

/** A piece of a file: large files have more than one. */
interface Extent {
  readonly offset: number;
  readonly length: number;
}

interface Node {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly extents: readonly Extent[];
}

/** Descriptors that are looked at before an image without an end of them is given up. */
const MAX_DESCRIPTORS = 64;
/** A directory that claims more is damaged. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;

interface Descriptors {
  readonly primary: Uint8Array;
  readonly joliet: Uint8Array | undefined;
}

export class IsoImage {
  /** The volume's label. */
  readonly volumeId: string;
  readonly systemId: string;
  readonly publisherId: string;
  readonly #read: ReadBytes;
  readonly #root: Node;
  readonly #isWide: boolean;
  /** Of Rock Ridge; undefined where it is not used. */
  readonly #skipped: number | undefined;
  readonly #directories = new Map<Node, Promise<readonly Node[]>>();

  private constructor(
    read: ReadBytes,
    { primary, joliet }: Descriptors,
    skipped: number | undefined,
  ) {
    const text = (at: number, length: number): string =>
      latin1(primary.subarray(at, at + length)).replace(/[ \0]+$/, "");
    this.systemId = text(8, 32);
    this.volumeId = text(40, 32);
    this.publisherId = text(318, 128);
    this.#read = read;
    this.#skipped = skipped;
    this.#isWide = skipped === undefined && joliet !== undefined;
    this.#root = rootOf(this.#isWide && joliet ? joliet : primary);
  }

  /** @throws IsoError where it is no ISO 9660 image */
  static async open(source: IsoSource): Promise<IsoImage> {
    const read: ReadBytes = async (offset, length) => {
      const bytes = await source.read(offset, length);
      if (bytes.length < length) throw new IsoError("the image is cut short");
      return bytes;
    };
    const descriptors = await readDescriptors(source, read);
    const [extent] = rootOf(descriptors.primary).extents;
    const first = extent && (await read(extent.offset, SECTOR_BYTES));
    const self = first && recordsOf(first)[0];
    return new IsoImage(read, descriptors, self && skippedBytes(self.system));
  }

  /** Whether a file, or a directory, is at a path from the root. */
  async has(path: string): Promise<boolean> {
    return (await this.#find(path)) !== undefined;
  }

  /** A file's contents. @throws IsoError where there is no file at that path */
  async read(path: string): Promise<Uint8Array> {
    const found = await this.#find(path);
    if (!found || found.isDirectory) throw new IsoError(`there is no file '${path}' on the CD`);
    const pieces = await Promise.all(
      found.extents.map(({ offset, length }) => this.#read(offset, length)),
    );
    return concatBytes(pieces);
  }

  async #find(path: string): Promise<Node | undefined> {
    let at: Node | undefined = this.#root;
    for (const name of path.split("/").filter((each) => each !== "" && each !== ".")) {
      if (!at?.isDirectory) return undefined;
      // eslint-disable-next-line no-await-in-loop -- one directory leads to the next
      const nodes: readonly Node[] = await this.#list(at);
      at = nodes.find((node) => this.#isNamed(node, name));
    }
    return at;
  }

  /** Without Rock Ridge and Joliet there are no small letters: then they do not count. */
  #isNamed(node: Node, name: string): boolean {
    if (this.#skipped !== undefined || this.#isWide) return node.name === name;
    return node.name.toLowerCase() === name.toLowerCase();
  }

  #list(directory: Node): Promise<readonly Node[]> {
    const known = this.#directories.get(directory);
    if (known) return known;
    const listed = this.#readDirectory(directory);
    this.#directories.set(directory, listed);
    return listed;
  }

  async #readDirectory({ extents }: Node): Promise<readonly Node[]> {
    const nodes: Node[] = [];
    let begun: Extent[] = [];
    for (const { offset, length } of extents) {
      if (length > MAX_DIRECTORY_BYTES) throw new IsoError("a directory is damaged");
      // eslint-disable-next-line no-await-in-loop -- the pieces of one directory are few
      const bytes = await this.#read(offset, length);
      for (const record of recordsOf(bytes).filter(({ id }) => !isSelfOrParent(id))) {
        begun.push(record.extent);
        if ((record.flags & RecordFlag.multiExtent) !== 0) continue;
        // eslint-disable-next-line no-await-in-loop -- names may continue elsewhere
        const node = await this.#node(record, begun);
        if (node) nodes.push(node);
        begun = [];
      }
    }
    return nodes;
  }

  /** Undefined for a symbolic link: nobody follows them here. */
  async #node(record: RawRecord, extents: readonly Extent[]): Promise<Node | undefined> {
    const isDirectory = (record.flags & RecordFlag.directory) !== 0;
    const standard = this.#isWide ? wideName(record.id) : plainName(record.id);
    if (this.#skipped === undefined) return { name: standard, isDirectory, extents };
    const area = record.system.subarray(this.#skipped);
    const { name = standard, isSymlink } = await readSystemUse(area, this.#read);
    return isSymlink ? undefined : { name, isDirectory, extents };
  }
}

async function readDescriptors(source: IsoSource, read: ReadBytes): Promise<Descriptors> {
  let primary: Uint8Array | undefined;
  let joliet: Uint8Array | undefined;
  for (let index = 0; index < MAX_DESCRIPTORS; index += 1) {
    const at = (FIRST_DESCRIPTOR + index) * SECTOR_BYTES;
    if (at + SECTOR_BYTES > source.sizeBytes) break;
    // eslint-disable-next-line no-await-in-loop -- one tells whether there is another
    const bytes = await read(at, SECTOR_BYTES);
    if (latin1(bytes.subarray(1, 6)) !== STANDARD_ID || bytes[0] === DescriptorType.end) break;
    if (bytes[0] === DescriptorType.primary) primary ??= bytes;
    if (bytes[0] === DescriptorType.supplementary && isJoliet(bytes)) joliet ??= bytes;
  }
  if (!primary) throw new IsoError("this is no ISO 9660 image");
  return { primary, joliet };
}

/** Escape sequences of UCS-2 level 1, 2 and 3. */
function isJoliet(descriptor: Uint8Array): boolean {
  return ["%/@", "%/C", "%/E"].includes(latin1(descriptor.subarray(88, 91)));
}

function rootOf(descriptor: Uint8Array): Node {
  const [record] = recordsOf(descriptor.subarray(156, 190));
  if (!record) throw new IsoError("the root directory is damaged");
  return { name: "", isDirectory: true, extents: [record.extent] };
}

interface RawRecord {
  readonly id: Uint8Array;
  readonly flags: number;
  readonly extent: Extent;
  readonly system: Uint8Array;
}

const ID_AT = 33;

/** @throws IsoError */
function recordsOf(bytes: Uint8Array): RawRecord[] {
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) {
      // The rest of the sector is empty.
      at = (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
      continue;
    }
    const record = bytes.subarray(at, at + length);
    const idLength = record[32] ?? 0;
    if (record.length < ID_AT + 1 || ID_AT + idLength > record.length) {
      throw new IsoError("a directory is damaged");
    }
    records.push(rawRecord(record, idLength));
    at += length;
  }
  return records;
}

function rawRecord(record: Uint8Array, idLength: number): RawRecord {
  const view = viewOf(record);
  const attributes = record[1] ?? 0;
  return {
    id: record.subarray(ID_AT, ID_AT + idLength),
    flags: record[25] ?? 0,
    extent: {
      offset: (view.getUint32(2, true) + attributes) * SECTOR_BYTES,
      length: view.getUint32(10, true),
    },
    system: record.subarray(ID_AT + idLength + (idLength % 2 === 0 ? 1 : 0)),
  };
}

function isSelfOrParent(id: Uint8Array): boolean {
  return id.length === 1 && (id[0] === 0 || id[0] === 1);
}

/** Without the version, and without the dot of a name that has no extension. */
function plainName(id: Uint8Array): string {
  return latin1(id).replace(/;\d+$/, "").replace(/\.$/, "");
}

function wideName(id: Uint8Array): string {
  const view = viewOf(id);
  const codes = Array.from({ length: Math.floor(id.length / 2) }, (_none, at) =>
    view.getUint16(2 * at),
  );
  return String.fromCharCode(...codes).replace(/;\d+$/, "");
}
