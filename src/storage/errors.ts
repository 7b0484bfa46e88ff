import type { BlockErrorCode, BlockFailure } from "../device/ports.ts";

/** The errnos that operations on images end with, and what C's strerror says of them. */
const ERRNO_TEXT = {
  EPERM: "Operation not permitted",
  ENOENT: "No such file or directory",
  EIO: "Input/output error",
  EBADF: "Bad file descriptor",
  ECONNREFUSED: "Connection refused",
  EAGAIN: "Resource temporarily unavailable",
  EACCES: "Permission denied",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EINVAL: "Invalid argument",
  EFBIG: "File too large",
  ENOSPC: "No space left on device",
  EROFS: "Read-only file system",
  ERANGE: "Numerical result out of range",
  ENOTEMPTY: "Directory not empty",
  ENOTSUP: "Operation not supported",
  ENOMEDIUM: "No medium found",
  ENOMEM: "Cannot allocate memory",
} as const;

export type Errno = keyof typeof ERRNO_TEXT;

/** What the devices of a guest are told: errnos that they do not know are EIO. */
const DEVICE_CODES: readonly BlockErrorCode[] = [
  "EIO",
  "ENOSPC",
  "EINVAL",
  "ENOTSUP",
  "EPERM",
  "ENOMEDIUM",
];

/** Linux's numbers, which qemu-img prints in places. */
const ERRNO_NUMBERS: Readonly<Record<Errno, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EBADF: 9,
  ECONNREFUSED: 111,
  EAGAIN: 11,
  EACCES: 13,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  ENOTEMPTY: 39,
  ENOTSUP: 95,
  ENOMEDIUM: 123,
};

export function errnoNumber(errno: Errno): number {
  return ERRNO_NUMBERS[errno];
}

/** The errno of a number of Linux's; EIO for one that has no name here. */
export function errnoOfNumber(number: number): Errno {
  const found = Object.entries(ERRNO_NUMBERS).find(([, value]) => value === number);
  return found === undefined ? "EIO" : (found[0] as Errno);
}

/** C's words for an errno. */
export function strerror(errno: Errno): string {
  return ERRNO_TEXT[errno];
}

/** An operation on an image failed; the message is the one that qemu-img prints. */
export class StorageError extends Error implements BlockFailure {
  override readonly name = "StorageError";
  readonly errno: Errno;
  readonly code: BlockErrorCode;

  constructor(errno: Errno, message: string = strerror(errno), cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.errno = errno;
    const code = DEVICE_CODES.find((known) => known === errno);
    this.code = code ?? (errno === "EROFS" || errno === "EACCES" ? "EPERM" : "EIO");
  }
}

/** The errno inside any error; EIO for what is none of ours. */
export function errnoOf(error: unknown): Errno {
  if (error instanceof StorageError) return error.errno;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && code in ERRNO_TEXT ? (code as Errno) : "EIO";
}
