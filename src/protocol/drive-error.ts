/** What a drive does about requests that its host cannot carry out: QEMU's `werror` and `rerror`. */

/** `enospc` stops the machine when the host has no room, and reports everything else. */
export type ErrorPolicy = "report" | "ignore" | "enospc" | "stop";

/** A request that failed, as QEMU's event BLOCK_IO_ERROR tells it. */
export interface DriveError {
  /** Id of the drive. */
  readonly drive: string;
  /** Flushes, discards and zeroes are writes. */
  readonly operation: "read" | "write";
  /** What the guest was told: an error, nothing, or nothing yet because the machine stops. */
  readonly action: "report" | "ignore" | "stop";
  /** The host has no room left. */
  readonly nospace: boolean;
  /** What the host said. */
  readonly reason: string;
}

/** One sentence without a full stop: `drive 'disk': No space left on device`. */
export function driveErrorText({ drive, reason }: DriveError): string {
  return `drive '${drive}': ${reason}`;
}
