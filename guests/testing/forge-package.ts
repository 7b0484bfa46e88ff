/** Archives for tests: tar, ar, .xz that only stores, and Debian packages made of them. */
import { crc32 } from "node:zlib";

export interface ForgedFile {
  readonly path: string;
  readonly contents?: Uint8Array | string;
  /** Tar's type flag; "0", a regular file, when left out. */
  readonly type?: string;
  readonly link?: string;
  readonly gid?: number;
}

const BLOCK = 512;

/** A ustar archive; paths beyond 100 bytes get GNU's long-name entries. */
export function tar(files: readonly ForgedFile[], mtimeSeconds = 1_750_000_000): Buffer {
  const pieces = files.flatMap(({ path, contents = "", ...rest }) => {
    const data = Buffer.from(contents);
    const long =
      path.length > 100
        ? [tarEntry({ path: "././@LongLink", type: "L" }, Buffer.from(`${path}\0`), 0)]
        : [];
    return [...long, tarEntry({ ...rest, path: path.slice(0, 100) }, data, mtimeSeconds)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(2 * BLOCK)]);
}

function tarEntry(
  { path, type = "0", link = "", gid = 0 }: ForgedFile,
  data: Buffer,
  mtime: number,
): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  header.write(path, 0, "utf8");
  header.write(`${octal(0o644, 7)}\0`, 100);
  header.write(`${octal(0, 7)}\0`, 108);
  header.write(`${octal(gid, 7)}\0`, 116);
  header.write(`${octal(data.length, 11)}\0`, 124);
  header.write(`${octal(mtime, 11)}\0`, 136);
  header.fill(" ", 148, 156);
  header.write(type, 156);
  header.write(link, 157, "utf8");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return Buffer.concat([header, data, Buffer.alloc(-data.length & (BLOCK - 1))]);
}

export function ar(members: readonly (readonly [string, Uint8Array])[]): Buffer {
  const pieces = members.flatMap(([name, data]) => {
    const fields = [
      name.padEnd(16),
      "0".padEnd(12),
      "0".padEnd(6),
      "0".padEnd(6),
      "100644".padEnd(8),
    ];
    const header = `${fields.join("")}${String(data.length).padEnd(10)}\`\n`;
    return [Buffer.from(header, "latin1"), data, Buffer.from(data.length % 2 === 1 ? "\n" : "")];
  });
  return Buffer.concat([Buffer.from("!<arch>\n"), ...pieces]);
}

/** A Debian package (deb(5)). */
export function deb(files: readonly ForgedFile[], control: readonly ForgedFile[] = []): Buffer {
  return ar([
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.xz", xz(tar(control))],
    ["data.tar.xz", xz(tar(files))],
  ]);
}

/** The .xz format (version 1.1.0) with LZMA2's uncompressed chunks and a CRC32 check. */
export function xz(data: Uint8Array): Buffer {
  const flags = Buffer.from([0x00, 0x01]);
  const streamHeader = Buffer.concat([Buffer.from("fd377a585a00", "hex"), flags, crc(flags)]);
  // One filter, LZMA2 (0x21), with a dictionary of 64 KiB (8); 12 bytes with the checksum.
  const blockStart = Buffer.from([0x02, 0x00, 0x21, 0x01, 0x08, 0x00, 0x00, 0x00]);
  const blockHeader = Buffer.concat([blockStart, crc(blockStart)]);
  const chunks = lzma2Chunks(data);
  const unpadded = blockHeader.length + chunks.length + 4;
  const block = Buffer.concat([blockHeader, pad4(chunks), crc(data)]);
  const index = pad4(Buffer.concat([Buffer.from([0, 1]), varint(unpadded), varint(data.length)]));
  const backward = Buffer.alloc(4);
  backward.writeUInt32LE((index.length + 4) / 4 - 1);
  const footer = Buffer.concat([backward, flags]);
  return Buffer.concat([
    streamHeader,
    block,
    index,
    crc(index),
    crc(footer),
    footer,
    Buffer.from("YZ"),
  ]);
}

function lzma2Chunks(data: Uint8Array): Buffer {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += 0x1_0000) {
    const piece = data.subarray(at, at + 0x1_0000);
    // 1: uncompressed with a new dictionary; 2: uncompressed.
    const header = Buffer.from([at === 0 ? 1 : 2, 0, 0]);
    header.writeUInt16BE(piece.length - 1, 1);
    pieces.push(header, piece);
  }
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes.push((rest & 0x7f) | 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

function crc(data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32(data));
  return bytes;
}

function pad4(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
}
