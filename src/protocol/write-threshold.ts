/** A write reached behind a threshold of a drive's file, as QEMU's event BLOCK_WRITE_THRESHOLD tells it. */
export interface ThresholdPassed {
  /** Id of the drive. */
  readonly drive: string;
  /** What was set, in bytes of the file; nothing is set any more. */
  readonly thresholdBytes: number;
  /** How far behind it the write ends, in bytes. */
  readonly excessBytes: number;
}
