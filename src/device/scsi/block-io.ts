/** Reading and writing blocks for SCSI commands. */
import type { BlockBackend } from "../ports.ts";
import { settle } from "../block/settle.ts";
import { slice, totalBytes } from "../buffers.ts";
import { Senses } from "./codes.ts";
import { check, good, senseOf, type ScsiDone, type ScsiResult } from "./scsi-unit.ts";

export interface BlockIo {
  readonly backend: BlockBackend;
  readonly blockBytes: number;
  readonly note: (message: string) => void;
}

/** Runs an operation and tells how it ended. */
export function carryOut(
  { note }: BlockIo,
  operation: () => void | Promise<void>,
  result: ScsiResult,
  done: ScsiDone,
): void {
  settle(operation, (failure) => done(failure === null ? result : check(senseOf(failure))), note);
}

/** @returns null when the blocks are on the disk */
export function refuseRange({ backend, blockBytes }: BlockIo, lba: number, blocks: number) {
  const end = Math.floor(backend.sizeBytes / blockBytes);
  return lba + blocks <= end ? null : check(Senses.lbaOutOfRange);
}

/** READ: fills the initiator's buffers, which must be as long as the command says. */
export function readBlocks(
  io: BlockIo,
  lba: number,
  blocks: number,
  dataIn: readonly Uint8Array[],
  done: ScsiDone,
): void {
  const refused = refuseRange(io, lba, blocks);
  if (refused) return done(refused);
  const room = Math.min(blocks * io.blockBytes, totalBytes(dataIn));
  // A host reads whole blocks: what does not fit the last one is left out.
  const whole = room - (room % io.blockBytes);
  const segments = slice(dataIn, 0, whole);
  if (whole === 0) return done(good(0));
  const { backend, blockBytes } = io;
  carryOut(io, () => backend.read(lba * blockBytes, segments), good(whole), done);
}
