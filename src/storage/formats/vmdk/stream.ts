import { viewOf } from "../../../util/bytes.ts";
import { deflateZlib, inflateZlib } from "../../compression.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { gatherAll, lengthOf, scatterAt } from "../../segments.ts";
import type { Task } from "../../task.ts";
import type { SparseExtent } from "./extent.ts";

/** Before a compressed grain: its first sector on the disk and the length of what follows. */
const MARKER_BYTES = 12;

/** A compressed grain behind its marker. */
export function packGrain(sector: number, segments: readonly Uint8Array[]): Uint8Array {
  const packed = deflateZlib(gatherAll(segments));
  const out = new Uint8Array(MARKER_BYTES + packed.length);
  const view = viewOf(out);
  view.setBigUint64(0, BigInt(sector), true);
  view.setUint32(8, packed.length, true);
  out.set(packed, MARKER_BYTES);
  return out;
}

/** Reads from byte `from` of the compressed grain at `host`. @throws StorageError EINVAL */
export function* unpackGrain(
  { file, grainBytes, layout }: SparseExtent,
  host: number,
  from: number,
  into: readonly Uint8Array[],
): Task<void> {
  const room = grainBytes * 2;
  const there = Math.max(0, Math.min(room, file.sizeBytes - host));
  const bytes = new Uint8Array(Math.max(MARKER_BYTES, there));
  yield* readPadded(file, host, bytes);
  const hasMarker = layout.hasMarkers === true;
  const length = hasMarker ? viewOf(bytes).getUint32(8, true) : grainBytes;
  if (length === 0 || length > room) throw new StorageError("EINVAL");
  const start = hasMarker ? MARKER_BYTES : 0;
  const grain = inflateZlib(bytes.subarray(start, start + length), grainBytes);
  const wanted = lengthOf(into);
  if (grain === undefined || from + wanted > grain.length) throw new StorageError("EINVAL");
  scatterAt(into, 0, grain.subarray(from, from + wanted));
}
