import { StorageError } from "../../errors.ts";

/** What a disk can do at a time, in bytes; 0 for no limit. */
export interface Limits {
  /** Requests start and end at multiples of this, a power of two. */
  readonly align: number;
  readonly maxTransfer: number;
  readonly optWriteZero: number;
  readonly maxWriteZero: number;
  readonly optDiscard: number;
  readonly maxDiscard: number;
}

/** @throws StorageError for limits that contradict each other */
export function demandSoundLimits(limits: Limits): void {
  const { align, optWriteZero, optDiscard } = limits;
  const isPowerOf2 = Number.isInteger(Math.log2(align));
  if (!isPowerOf2 || align > 0x7fff_ffff) throw unmet("align", align);
  demandMultiple("max-transfer", limits.maxTransfer, align);
  demandMultiple("opt-write-zero", optWriteZero, align);
  demandMultiple("max-write-zero", limits.maxWriteZero, Math.max(optWriteZero, align));
  demandMultiple("opt-discard", optDiscard, align);
  demandMultiple("max-discard", limits.maxDiscard, Math.max(optDiscard, align));
}

function demandMultiple(name: string, value: number, unit: number): void {
  if (value % unit !== 0 || value >= 2 ** 63) throw unmet(name, value);
}

function unmet(name: string, value: number): StorageError {
  return new StorageError("EINVAL", `Cannot meet constraints with ${name} ${value}`);
}

/** A part of a request. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** Cuts a range at the multiples of `unit`: what is between two of them is at most `most` long. */
export function* pieces(
  offset: number,
  length: number,
  unit: number,
  most: number,
): Generator<Piece> {
  const limit = most === 0 ? Infinity : Math.max(unit, most - (most % unit));
  const end = offset + length;
  for (let at = offset; at < end;) {
    const head = at % unit;
    const whole = end - at - ((end - at) % unit);
    let size = Math.min(end - at, limit);
    if (head !== 0) size = Math.min(size, unit - head);
    else if (whole > 0) size = Math.min(size, whole);
    yield { offset: at, length: size };
    at += size;
  }
}
