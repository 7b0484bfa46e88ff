/** A logical unit, and what its controller asks of it. */
import type { BlockErrorCode } from "../ports.ts";
import { Senses, type Sense } from "./codes.ts";

export interface ScsiCommand {
  /** At least 16 bytes; short commands are padded with zeroes. */
  readonly cdb: Uint8Array;
  /** What the initiator sends, and where it wants the answer. */
  readonly dataOut: readonly Uint8Array[];
  readonly dataIn: readonly Uint8Array[];
}

/** A command's end. */
export type ScsiResult =
  /** @param bytes of data that were transferred */
  | { readonly kind: "good"; readonly bytes: number }
  | { readonly kind: "check"; readonly sense: Sense };

/** Answers at once where the image behind it is synchronous. */
export type ScsiDone = (result: ScsiResult) => void;

export interface ScsiUnit {
  /** Carries out a command; `done` is called exactly once. */
  execute(command: ScsiCommand, done: ScsiDone): void;
  /** The condition that the next command is told instead of being carried out, once. */
  takeAttention(): Sense | null;
  /** Logical unit reset: locks and reservations are gone, an attention says so. */
  reset(): void;
  /** To be told of a changed capacity or medium: sense code and qualifier. */
  onChange: (sense: Sense) => void;
}

export const good = (bytes = 0): ScsiResult => ({ kind: "good", bytes });
export const check = (sense: Sense): ScsiResult => ({ kind: "check", sense });

/** What a failed image is to the initiator. */
export function senseOf(failure: BlockErrorCode): Sense {
  switch (failure) {
    case "EPERM":
      return Senses.writeProtected;
    case "ENOSPC":
      return Senses.spaceFailed;
    case "ENOMEDIUM":
      return Senses.noMedium;
    case "ENOTSUP":
      return Senses.invalidOpcode;
    case "EINVAL":
      return Senses.invalidField;
    case "EIO":
      return Senses.ioError;
  }
}
