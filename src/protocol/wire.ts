/**
 * The data plane between page and machine worker: one ordered channel, so that the console's last
 * bytes come before the news that the machine stopped.
 *
 * Output is bounded by credit: the worker sends at most WIRE_CREDIT_BYTES that the page has not
 * given back, then leaves bytes in the guest's transmit ring until the guest waits.
 */

import type { DriveError } from "./drive-error.ts";
import type { HartRegisters } from "./hart-registers.ts";
import type { MachineStats } from "./stats.ts";
import type { ThresholdPassed } from "./write-threshold.ts";

/** Console bytes that may be under way to a reader. */
export const WIRE_CREDIT_BYTES = 0x4_0000;

/** How a run ended. */
export type MachineEnd =
  /** The guest powered off (0) or reported failure (its own code). */
  | { readonly kind: "shutdown"; readonly exitCode: number }
  /** `message` is one sentence; the registers of all harts, or none where they are gone, too. */
  | {
      readonly kind: "crashed";
      readonly message: string;
      readonly harts: readonly HartRegisters[];
    };

/** Number of a line: 0 is the 16550, then come the virtio consoles, then the channels. */
type Line = { readonly line: number };

/** Machine worker → page. */
export type WireToPage =
  | (Line & { readonly type: "output"; readonly bytes: Uint8Array })
  /** The guest's receive queue took this many bytes of input (a break counts as none). */
  | (Line & { readonly type: "taken"; readonly bytes: number })
  /** A program in the guest has opened a channel, or closed it. */
  | (Line & { readonly type: "opened"; readonly isOpen: boolean })
  /** The machine starts anew and harts stand: call `supplyImages` or `refuseImages`. */
  | { readonly type: "images" }
  /** A note about a guest's misuse of a device. */
  | { readonly type: "trace"; readonly text: string }
  /** The guest has another amount of memory, in bytes. At most once a second. */
  | { readonly type: "balloon"; readonly actualBytes: number }
  /** A drive's host failed; requests whose action is `stop` pause the machine next. */
  | { readonly type: "driveError"; readonly error: DriveError }
  /** A write reached behind the threshold of a drive's file. */
  | { readonly type: "thresholdPassed"; readonly passed: ThresholdPassed }
  /** The machine has paused itself, after it was resumed as often as `resumes` says. */
  | { readonly type: "stopped"; readonly error: DriveError; readonly resumes: number }
  /** The last message, with the run's final counters. */
  | { readonly type: "ended"; readonly end: MachineEnd; readonly counters: MachineStats };

/** Page → machine worker. */
export type WireToMachine =
  | (Line & { readonly type: "credit"; readonly bytes: number })
  | (Line & { readonly type: "input"; readonly bytes: Uint8Array })
  | (Line & { readonly type: "break" })
  /** The terminal's size in characters; a 16550 has no way to tell it to the guest. */
  | (Line & { readonly type: "resize"; readonly columns: number; readonly rows: number });

/** The part of a `MessagePort` that the wire uses: browsers' and Node's have it alike. */
export interface WirePort<Out, In> {
  postMessage(message: Out, transfer?: readonly unknown[]): void;
  onmessage: ((event: { readonly data: In }) => void) | null;
  close(): void;
}
