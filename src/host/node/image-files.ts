import { randomFillSync } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import type { FileHost, ImageFile } from "../../storage/ports.ts";
import { lockFile } from "./file-locks.ts";

/** Blocks of `st_blocks`, whatever the file system's own are. */
const STAT_BLOCK = 512;

/** Sectors in which Linux counts the length of block devices. */
const DEVICE_SECTOR = 512;

/** Length of a file or block device. */
function sizeOf(fd: number): number {
  const info = fstatSync(fd);
  if (!info.isBlockDevice()) return info.size;
  // glibc's makedev(): the numbers of a device lie in pieces.
  const { rdev } = fstatSync(fd, { bigint: true });
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return Number(readFileSync(`/sys/dev/block/${major}:${minor}/size`, "utf8")) * DEVICE_SECTOR;
}

class NodeFile implements ImageFile {
  readonly #fd: number;
  readonly #release: () => void;
  #size: number;

  /** @param release called once the file is closed */
  constructor(fd: number, release: () => void) {
    this.#fd = fd;
    this.#release = release;
    this.#size = sizeOf(fd);
  }

  get sizeBytes(): number {
    return this.#size;
  }

  allocatedBytes(): number {
    return fstatSync(this.#fd).blocks * STAT_BLOCK;
  }

  read(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const count = readSync(this.#fd, bytes, done, bytes.length - done, offset + done);
      // Another process has shortened the file.
      if (count === 0) throw Object.assign(new Error("unexpected end of file"), { code: "EIO" });
      done += count;
    }
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, offset + done);
    }
    this.#size = Math.max(this.#size, offset + bytes.length);
  }

  truncate(sizeBytes: number): void {
    ftruncateSync(this.#fd, sizeBytes);
    this.#size = sizeBytes;
  }

  flush(): void {
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
    this.#release();
  }
}

/** Images in the file system, synchronously: the command line and Node's machine workers. */
export const nodeFiles: FileHost = {
  open(path, { write, create = false, share = false, device = false }) {
    const flags = write ? constants.O_RDWR : constants.O_RDONLY;
    const fd = openSync(path, create ? flags | constants.O_CREAT : flags, 0o644);
    try {
      const info = fstatSync(fd, { bigint: true });
      if (info.isDirectory()) {
        throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
      }
      if ((info.isBlockDevice() || info.isCharacterDevice()) !== device)
        throw Object.assign(new Error("is a file of another kind"), { code: "ENODEV" });
      const release = share ? () => {} : lockFile(info, write);
      // Not before nobody else uses it.
      if (create) ftruncateSync(fd, 0);
      return new NodeFile(fd, release);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  },
  exists: (path) => existsSync(path),
  remove: (path) => unlinkSync(path),
  identity(path) {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
  entropy: { fill: (target) => void randomFillSync(target) },
};
