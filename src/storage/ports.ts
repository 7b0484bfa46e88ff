/** What the block layer needs of its host: files, ranges of web resources, connections. */
import type { Entropy } from "../device/ports.ts";
import type { HashName } from "./crypto/algorithms.ts";
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
  /** Gives space of the range back; what was discarded reads as zeroes, or as before. */
  discard?(offset: number, length: number): Eventually<void>;
  flush(): Eventually<void>;
  close(): Eventually<void>;
}

export interface OpenFileOptions {
  readonly write: boolean;
  /** Makes it, or empties it. */
  readonly create?: boolean;
  /** It is a character or block device, not a regular file. */
  readonly device?: boolean;
  /** Others may write meanwhile: nothing is locked. */
  readonly share?: boolean;
}

/** The host's files by path. */
export interface FileHost {
  /**
   * Opens a file that has one writer or any number of readers, whichever process or tab they are in.
   *
   * @throws (or rejects with) an error with `code`: ENOENT, EACCES, EISDIR …; EAGAIN when others use it,
   *   ENODEV when it is a device and should not be, or the other way round
   */
  open(path: string, options: OpenFileOptions): Eventually<ImageFile>;
  exists(path: string): Eventually<boolean>;
  remove(path: string): Eventually<void>;
  /** One text for all names of a file, so that two users of it are noticed. */
  identity(path: string): string;
  /** What the names that formats give to images are drawn from (UUIDs). */
  readonly entropy: Entropy;
}

/** What is known of a file or directory. */
export interface FileStat {
  readonly kind: "file" | "directory";
  /** 0 for a directory. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970; 0 where the host does not say. */
  readonly modifiedMs: number;
}

export interface DirectoryEntry extends FileStat {
  readonly name: string;
}

/**
 * The host's directories by absolute path. Rejects with errors that have an errno name as `code`:
 * ENOENT, ENOTDIR, EEXIST, ENOTEMPTY …
 */
export interface DirectoryHost {
  /** In no particular order. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  stat(path: string): Promise<FileStat>;
  /** With `recursive`, parents are made too, and a directory that is there is none too many. */
  mkdir(path: string, options?: { readonly recursive?: boolean }): Promise<void>;
  /** Removes a file or an empty directory; with `recursive` all that is in it. */
  remove(path: string, options?: { readonly recursive?: boolean }): Promise<void>;
  /** Moves a file, over one that is there. ENOTSUP where the host cannot do it. */
  rename(from: string, to: string): Promise<void>;
}

export type SocketAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** A connection: bytes in both directions. Rejects with errors that have an errno name as `code`. */
export interface ByteStream {
  /** Exactly `length` bytes; rejects when the other side ends before. */
  read(length: number): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** Connections to servers, where the host has such. */
export interface SocketHost {
  connect(address: SocketAddress): Promise<ByteStream>;
}

/** The answer of a web server, as soon as its headers are there. */
export interface WebResponse {
  readonly status: number;
  /** Null for headers that are not there, or that the server hides from this origin. */
  header(name: string): string | null;
  /** The contents, decoded; once. Rejects when nothing comes for a while. */
  body(): Promise<Uint8Array>;
  /** Takes no more of it. */
  cancel(): void;
}

/** The web, as far as the host reaches it. */
export interface WebHost {
  /** Rejects when there is no answer. Redirections are followed. */
  request(
    method: "GET" | "HEAD",
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<WebResponse>;
  sleep(ms: number): Promise<void>;
}

/** Where blocks of web resources are kept between runs. */
export interface WebCacheHost {
  /** Synchronous ones, once they are open. */
  readonly files: FileHost;
  readonly directories: DirectoryHost;
  /** A directory of its own; made when it is missing. */
  readonly path: string;
  /** Of all resources together. */
  limitBytes(): Eventually<number>;
}

/** The host's cryptography. */
export interface CryptoHost {
  /** Milliseconds since some moment, to count what a derivation takes. */
  nowMs(): number;
  /** Bytes that nobody can foresee. */
  random(bytes: number): Uint8Array;
  /** PBKDF2 with HMAC. @param bytes how many are derived */
  pbkdf2(
    hash: HashName,
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    bytes: number,
  ): Promise<Uint8Array>;
  /** AES-CBC with PKCS #7 padding, which is taken off. @throws StorageError when it is wrong */
  decryptCbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
}
