/** What the block layer needs of its host: files, and ranges of web resources. */
import type { Eventually } from "./task.ts";

/** An open file. Errors have an errno name as `code`. */
export interface ImageFile {
  readonly sizeBytes: number;
  /** Bytes that it takes on the host; `sizeBytes` where the host does not say. */
  allocatedBytes(): number;
  /** Fills `bytes`, which lie inside the file. */
  read(offset: number, bytes: Uint8Array): Eventually<void>;
  /** Grows the file where it must; a gap reads as zeroes. */
  write(offset: number, bytes: Uint8Array): Eventually<void>;
  truncate(sizeBytes: number): Eventually<void>;
  flush(): Eventually<void>;
  close(): Eventually<void>;
}

/** The host's files by path. */
export interface FileHost {
  /** @throws (or rejects with) an error with `code`: ENOENT, EACCES, EISDIR … */
  open(path: string, options: { write: boolean; create?: boolean }): Eventually<ImageFile>;
  exists(path: string): Eventually<boolean>;
  remove(path: string): Eventually<void>;
  /** One text for all names of a file, so that two users of it are noticed. */
  identity(path: string): string;
}
