/** `virStreamPtr`: bytes between a caller and a driver, for consoles, uploads, downloads and more. */

/** One end of a stream. Every call rejects with `VmError` once the other end failed. */
export interface Stream {
  /**
   * The next bytes, or null at the end of what the other end sends.
   * A number is a hole of that many bytes (sparse streams only).
   */
  read(): Promise<Uint8Array | number | null>;
  /** Resolves when the bytes were taken; the buffer is the caller's again then. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends a hole of `lengthBytes` (sparse streams only). */
  writeHole(lengthBytes: number): Promise<void>;
  /** Says that all was written and waits until the other end has it. */
  finish(): Promise<void>;
  /** Gives up; the other end's next call fails. */
  abort(): void;
}
