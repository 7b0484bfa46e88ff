import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { GuestError } from "../errors.ts";
import { listAr } from "./ar.ts";
import { readTar, type TarEntry, type TarHeader } from "./tar.ts";
import { unxz } from "./xz.ts";

/**
 * Files of the Debian package at `path` (deb(5)) that `isWanted` accepts, in the archive's order.
 *
 * @throws GuestError when the package is damaged
 */
export function packageFiles(
  path: string,
  isWanted: (header: TarHeader) => boolean,
): AsyncGenerator<TarEntry> {
  return memberFiles(path, "data.tar", isWanted);
}

/**
 * What a package says about itself and the scripts that dpkg runs, by name: control, postinst,
 * conffiles, md5sums and so on (deb-control(5)).
 *
 * @throws GuestError when the package is damaged
 */
export async function packageControl(path: string): Promise<ReadonlyMap<string, TarEntry>> {
  const files = new Map<string, TarEntry>();
  for await (const entry of memberFiles(path, "control.tar", ({ kind }) => kind === "file")) {
    files.set(entry.path, entry);
  }
  return files;
}

async function* memberFiles(
  path: string,
  prefix: "control.tar" | "data.tar",
  isWanted: (header: TarHeader) => boolean,
): AsyncGenerator<TarEntry> {
  const name = basename(path);
  const members = await listAr(path);
  const data = members.find((member) => member.name.startsWith(prefix));
  if (members[0]?.name !== "debian-binary" || data === undefined) {
    throw new GuestError(`${name} is no Debian package.`);
  }
  const raw = createReadStream(path, {
    start: data.offset,
    end: data.offset + data.sizeBytes - 1,
    highWaterMark: 1 << 20,
  });
  try {
    yield* readTar(decompressed(raw, data.name, prefix, name), name, isWanted);
  } finally {
    raw.destroy();
  }
}

function decompressed(
  raw: NodeJS.ReadableStream & AsyncIterable<Uint8Array>,
  member: string,
  prefix: string,
  name: string,
): AsyncIterable<Uint8Array> {
  switch (member.slice(prefix.length)) {
    case ".xz":
      return unxz(raw, name);
    case ".gz":
      return raw.pipe(createGunzip());
    case "":
      return raw;
    default:
      throw new GuestError(`${name} has its files in ${member}, which cannot be unpacked here.`);
  }
}

/**
 * One file of a package.
 *
 * @throws GuestError when the package has no such file
 */
export async function packageFile(path: string, file: string): Promise<TarEntry> {
  for await (const entry of packageFiles(path, (header) => header.path === file)) {
    return entry;
  }
  throw new GuestError(`${basename(path)} has no file ${file}.`);
}
