import { GuestError } from "../errors.ts";
import { ByteSource } from "./byte-source.ts";

/** What kind of file an entry makes; anything else (devices, sparse files) is `other`. */
export type TarKind = "file" | "directory" | "symlink" | "hardlink" | "other";

/** The header of one tar entry. */
export interface TarHeader {
  /** Path without a leading `./` or `/`. */
  readonly path: string;
  readonly kind: TarKind;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
  readonly sizeBytes: number;
  /** Target of a symlink or hardlink, as written. */
  readonly link: string;
}

export interface TarEntry extends TarHeader {
  /** Contents of a regular file. */
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** No entry that is kept in memory may be larger. */
const MAX_ENTRY_BYTES = 512 << 20;

/** POSIX ustar header fields: offset and length. */
const Field = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkname: [157, 100],
  magic: [257, 6],
  prefix: [345, 155],
} as const;

const KINDS: Readonly<Record<string, TarKind>> = {
  "0": "file",
  "\0": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory",
};

/**
 * Entries of a tar stream that `isWanted` accepts, in order; the data of others is passed over.
 * Understands ustar, the GNU long names that dpkg-deb writes, and pax path, linkpath and size.
 *
 * @param name of the archive, for messages
 * @throws GuestError when the archive is damaged or cut off
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  isWanted: (header: TarHeader) => boolean,
): AsyncGenerator<TarEntry> {
  const source = new ByteSource(stream);
  try {
    for (
      let header = await nextHeader(source, name);
      header !== null;
      header = await nextHeader(source, name)
    ) {
      const size = padded(header.sizeBytes);
      if (isWanted(header)) {
        yield { ...header, bytes: await readData(source, header.sizeBytes, name) };
      } else if ((await source.skip(size)) !== size) {
        throw new GuestError(`${name} is cut off in ${header.path}.`);
      }
    }
  } finally {
    await source.close();
  }
}

/** The next entry's header with what the extension headers before it say; null at the end. */
async function nextHeader(source: ByteSource, name: string): Promise<TarHeader | null> {
  const extended: Extended = {};
  for (;;) {
    const block = await source.read(BLOCK);
    if (block.length === BLOCK && block.every((byte) => byte === 0)) {
      return null;
    }
    const raw = block.length === BLOCK ? parseBlock(block) : null;
    if (raw === null) {
      throw new GuestError(`${name} is damaged: a tar header is missing or wrong.`);
    }
    const parse = EXTENSIONS[raw.type];
    if (parse === undefined) {
      return finish(raw, extended);
    }
    Object.assign(extended, parse(await readData(source, raw.sizeBytes, name)));
  }
}

/** What GNU and pax headers say about the entry that follows them. */
interface Extended {
  readonly path?: string;
  readonly link?: string;
  readonly sizeBytes?: number;
}

/** Types of headers that only say something about the entry after them. */
const EXTENSIONS: Readonly<Record<string, (data: Uint8Array) => Extended>> = {
  L: (data) => ({ path: cString(data) }),
  K: (data) => ({ link: cString(data) }),
  x: parsePax,
  g: () => ({}),
};

interface RawHeader extends Omit<TarHeader, "kind"> {
  readonly type: string;
}

function finish(raw: RawHeader, extended: Extended): TarHeader {
  const { type, ...fields } = { ...raw, ...extended };
  const kind = KINDS[type] ?? "other";
  const path = fields.path.replace(/^(\.?\/)+/, "").replace(/\/$/, "");
  return { ...fields, path, kind };
}

function parseBlock(block: Uint8Array): RawHeader | null {
  const bytes = (field: readonly [number, number]): Uint8Array =>
    block.subarray(field[0], field[0] + field[1]);
  const text = (field: readonly [number, number]): string => cString(bytes(field));
  if (!hasRightSum(block, number(bytes(Field.checksum)))) {
    return null;
  }
  // GNU tar's old magic "ustar  " has no prefix field.
  const prefix = text(Field.magic) === "ustar" ? text(Field.prefix) : "";
  return {
    path: prefix === "" ? text(Field.name) : `${prefix}/${text(Field.name)}`,
    type: String.fromCharCode(block[Field.typeflag[0]] ?? 0),
    mode: number(bytes(Field.mode)) & 0o7777,
    uid: number(bytes(Field.uid)),
    gid: number(bytes(Field.gid)),
    mtimeSeconds: number(bytes(Field.mtime)),
    sizeBytes: number(bytes(Field.size)),
    link: text(Field.linkname),
  };
}

/** The sum of the header's bytes, those of the sum itself counted as spaces. */
function hasRightSum(block: Uint8Array, sum: number): boolean {
  const [start, length] = Field.checksum;
  let total = 0;
  for (const [at, byte] of block.entries()) {
    total += at >= start && at < start + length ? 0x20 : byte;
  }
  return total === sum;
}

/** Octal digits, or with bit 7 of the first byte set a big-endian number (GNU). */
function number(bytes: Uint8Array): number {
  if (((bytes[0] ?? 0) & 0x80) !== 0) {
    return bytes.reduce((value, byte, at) => value * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  }
  const digits = cString(bytes).trim();
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

/** pax(1): records of "length key=value\n". */
function parsePax(data: Uint8Array): Extended {
  const extended: { path?: string; link?: string; sizeBytes?: number } = {};
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const length = Number(Buffer.from(data.subarray(at, space)).toString("latin1"));
    if (space < 0 || !Number.isInteger(length) || length <= space - at) {
      break;
    }
    const record = Buffer.from(data.subarray(space + 1, at + length - 1)).toString("utf8");
    const equals = record.indexOf("=");
    const value = record.slice(equals + 1);
    switch (record.slice(0, equals)) {
      case "path":
        extended.path = value;
        break;
      case "linkpath":
        extended.link = value;
        break;
      case "size":
        extended.sizeBytes = Number(value);
        break;
    }
    at += length;
  }
  return extended;
}

async function readData(source: ByteSource, length: number, name: string): Promise<Uint8Array> {
  if (!Number.isSafeInteger(length) || length < 0 || length > MAX_ENTRY_BYTES) {
    throw new GuestError(`${name} is damaged: a tar entry has the size ${length}.`);
  }
  const block = await source.read(padded(length));
  if (block.length !== padded(length)) {
    throw new GuestError(`${name} is cut off.`);
  }
  return block.subarray(0, length);
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
}
