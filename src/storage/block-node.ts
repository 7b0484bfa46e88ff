import type { Eventually } from "./task.ts";

/** What a node knows about the bytes from an offset on; all of `length` is alike. */
export interface BlockStatus {
  readonly length: number;
  /** This layer decides what is read; otherwise its backing image does. */
  readonly allocated: boolean;
  /** Space is taken for it (a zero cluster may still keep its place). */
  readonly data: boolean;
  /** It is known to read as zeroes. */
  readonly zero: boolean;
  /** Where it starts in `file`; absent for compressed, encrypted and unwritten data. */
  readonly offset?: number;
  readonly file?: BlockNode;
  readonly compressed?: boolean;
  /** Space was taken that may never have been written: holes of `file` tell what reads as zeroes. */
  readonly mayHaveHoles?: boolean;
}

/** How a longer image's new space is made (qemu-img's `preallocation`). */
export type Preallocation = "off" | "metadata" | "falloc" | "full";

export interface TruncateOptions {
  readonly preallocation?: Preallocation;
}

export interface ZeroOptions {
  /** The space may be given back. */
  readonly mayUnmap?: boolean;
  /** Fail with ENOTSUP when it cannot be done faster than by writing zeroes. */
  readonly noFallback?: boolean;
}

/**
 * One layer of an image: a protocol (file, memory, HTTP) or a format over other nodes (raw, qcow2).
 * Offsets and lengths are bytes, at any alignment. Every operation finishes before it returns where
 * all layers below are synchronous; otherwise it returns a promise. Failures are StorageErrors.
 */
export interface BlockNode {
  /** QEMU's name of the driver: `file`, `raw`, `qcow2`. */
  readonly driver: string;
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  /** Fills `segments`. Reading past the end is EINVAL. */
  read(offset: number, segments: readonly Uint8Array[]): Eventually<void>;
  /** Protocols grow when written past their end; formats refuse with EINVAL. */
  write(offset: number, segments: readonly Uint8Array[]): Eventually<void>;
  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void>;
  /** A hint: the contents may read as anything, or as zeroes, afterwards. */
  discard(offset: number, length: number): Eventually<void>;
  /** All that was written before survives a crash. */
  flush(): Eventually<void>;
  /** @returns what is known of a first part of the range, at least one byte of it */
  status(offset: number, length: number): Eventually<BlockStatus>;
  /** Sets the length; new space reads as zeroes. */
  truncate(sizeBytes: number, options?: TruncateOptions): Eventually<void>;
  /** Bytes that it takes on the host, where that is known. */
  allocatedBytes?(): number;
  /** Clusters that are stored compressed where that makes them shorter; formats that can only. */
  writeCompressed?(offset: number, segments: readonly Uint8Array[]): Eventually<void>;
  /** Size of its clusters, where it has some. */
  readonly clusterSize?: number;
  /** Hears, from the layer above, what that is about to do: QEMU's names of events. */
  debug?(event: string): Eventually<void>;
  /** Writes back what is cached and lets go of everything below. */
  close(): Eventually<void>;
}
