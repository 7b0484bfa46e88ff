import { open } from "node:fs/promises";
import { GuestError } from "../errors.ts";

/** Where a member of an ar archive lies in its file. */
export interface ArMember {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** ar(5): the magic line, then 60-byte headers of ASCII fields, each followed by its data. */
const MAGIC = "!<arch>\n";
const HEADER_BYTES = 60;
const NAME = [0, 16] as const;
const SIZE = [48, 58] as const;
const END = [58, 60] as const;

/**
 * Members of the ar archive at `path`, as deb(5) uses it: short names only.
 *
 * @throws GuestError when the file is not such an archive or is cut off
 */
export async function listAr(path: string): Promise<ArMember[]> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      return buffer.toString("latin1", 0, bytesRead);
    };
    if ((await read(0, MAGIC.length)) !== MAGIC) {
      throw new GuestError(`${path} is no ar archive.`);
    }
    const members: ArMember[] = [];
    for (let at = MAGIC.length; at < size;) {
      const member = parseHeader(await read(at, HEADER_BYTES), at + HEADER_BYTES);
      if (member === null || member.offset + member.sizeBytes > size) {
        throw new GuestError(`${path} is damaged: member ${members.length} of the ar archive.`);
      }
      members.push(member);
      // Members begin at even offsets.
      at = member.offset + member.sizeBytes + (member.sizeBytes & 1);
    }
    return members;
  } finally {
    await file.close();
  }
}

function parseHeader(header: string, offset: number): ArMember | null {
  const size = header.slice(...SIZE).trim();
  if (header.slice(...END) !== "`\n" || !/^\d+$/.test(size)) {
    return null;
  }
  // dpkg writes bare names, GNU ar ends them with a slash.
  const name = header
    .slice(...NAME)
    .trim()
    .replace(/\/$/, "");
  return { name, offset, sizeBytes: Number(size) };
}
