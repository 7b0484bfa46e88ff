/** What virt-clone needs of the place where it runs. */
import type { ToolHost } from "../virtinst/host.ts";

/** A file that is read and written anywhere. Its calls reject with FileError. */
export interface LocalFile {
  /** Fills `buffer` from `at`; fewer bytes than it has are there at the end alone. */
  read(buffer: Uint8Array, at: number): Promise<number>;
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Gives the file that size; what is new reads as zeros. */
  resize(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface CloneHost extends ToolHost {
  /** A whole file as text. @throws FileError */
  readText(path: string): Promise<string>;
  /** `write` makes the file where there is none, and keeps what it holds otherwise. @throws FileError */
  openFile(path: string, mode: "read" | "write"): Promise<LocalFile>;
  /** Of a file or a block device; 0 where nothing is. */
  sizeOf(path: string): Promise<number>;
  /** Room that is left in the file system of a folder. @throws FileError */
  freeBytes(folder: string): Promise<number>;
}
