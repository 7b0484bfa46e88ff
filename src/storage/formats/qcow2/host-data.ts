/** The clusters' data in their file: as they are, or encrypted. */
import { readSectors, inPieces } from "../../crypto/sector-io.ts";
import { SECTOR_BYTES } from "../../crypto/sector-cipher.ts";
import { readPadded, readSegmentsPadded } from "../../padded.ts";
import { type Task, wait } from "../../task.ts";
import { type Qcow2Encryption, demandCipher } from "./encryption.ts";
import type { Qcow2Image } from "./image.ts";

/** Reads data that are at `host`; what lies past the file's end is zeroes. */
export function* readHost(
  image: Qcow2Image,
  guest: number,
  host: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const { encryption } = image;
  if (encryption === undefined) return yield* readSegmentsPadded(image.data, host, segments);
  yield* readSectors(host, segments, function* (from, bytes) {
    yield* readPadded(image.data, from, bytes);
    demandCipher(encryption).decrypt(sectorOf(encryption, guest, host, from), bytes);
  });
}

/** Writes data to `host`: whole sectors where the image is encrypted. */
export function* writeHost(
  image: Qcow2Image,
  guest: number,
  host: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const { encryption } = image;
  if (encryption === undefined) return yield* wait(image.data.write(host, segments));
  yield* inPieces(host, segments, function* (at, bytes) {
    demandCipher(encryption).encrypt(sectorOf(encryption, guest, host, at), bytes);
    yield* wait(image.data.write(at, [bytes]));
  });
}

/** The number that makes a sector's vector: its place in the file, or on the disk with legacy AES. */
function sectorOf({ method }: Qcow2Encryption, guest: number, host: number, at: number): number {
  return Math.floor((method === "luks" ? at : guest + (at - host)) / SECTOR_BYTES);
}
