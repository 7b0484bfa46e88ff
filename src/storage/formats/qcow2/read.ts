import { announce } from "../../announce.ts";
import { StorageError } from "../../errors.ts";
import { fillZero, gatherAll, lengthOf, scatterAt, slice } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import type { CompressedPlace } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { readHost } from "./host-data.ts";
import { type Extent, lookup } from "./lookup.ts";
import { readPadded } from "../../padded.ts";

/** Fills `segments` with what the guest has at `offset`. */
export function* readGuest(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const length = lengthOf(segments);
  for (let done = 0; done < length;) {
    const extent = yield* image.mutex.alone(lookup(image, offset + done, length - done));
    image.inFlight++;
    try {
      yield* readExtent(image, offset + done, extent, slice(segments, done, extent.length));
    } finally {
      image.inFlight--;
    }
    done += extent.length;
  }
}

export function* readExtent(
  image: Qcow2Image,
  offset: number,
  extent: Extent,
  segments: readonly Uint8Array[],
): Task<void> {
  switch (extent.kind) {
    case "zero":
      fillZero(segments);
      return;
    case "unallocated":
      yield* readBacking(image, offset, segments);
      return;
    case "compressed": {
      const cluster = yield* inflateCluster(image, extent.compressed as CompressedPlace);
      const from = offset % image.clusterSize;
      scatterAt(segments, 0, cluster.subarray(from, from + extent.length));
      return;
    }
    case "data":
      yield* announce(image.file, "read_aio");
      yield* readHost(image, offset, extent.host as number, segments);
  }
}

function* readBacking(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const length = lengthOf(segments);
  const there = Math.max(0, Math.min(length, (image.backing?.sizeBytes ?? 0) - offset));
  if (there > 0 && image.backing !== undefined) {
    yield* announce(image.file, "read_backing_aio");
    yield* wait(image.backing.read(offset, slice(segments, 0, there)));
  }
  if (there < length) fillZero(slice(segments, there, length - there));
}

/** The contents of a compressed cluster. */
function* inflateCluster(image: Qcow2Image, place: CompressedPlace): Task<Uint8Array> {
  const known = image.inflated.get(place.offset);
  if (known !== undefined) return known;
  if (image.hasDataFile) throw new StorageError("EIO");
  const bytes = new Uint8Array(place.bytes);
  yield* announce(image.file, "read_compressed");
  yield* readPadded(image.file, place.offset, bytes);
  const cluster = image.compressor.decompress(gatherAll([bytes]), image.clusterSize);
  image.inflated.set(place.offset, cluster);
  return cluster;
}
