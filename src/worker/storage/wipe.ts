/** What is written over a volume's bytes, pass by pass. */
import type { WipeAlgorithm } from "../../protocol/storage-service.ts";
import { storageError, systemFailure } from "./failures.ts";
import type { Job } from "./jobs.ts";
import type { StorageHost } from "./storage-host.ts";

const STEP = 1 << 20;

/** Bytes that are repeated, or random ones. */
type Pass = readonly number[] | "random";

const random = (count: number): readonly Pass[] => Array.from({ length: count }, () => "random");
const bytes = (...values: readonly number[]): readonly Pass[] => values.map((value) => [value]);

/** Passes 10 to 25 of Gutmann's sequence: 00, 11 … FF. */
const NIBBLES = Array.from({ length: 16 }, (_, nibble) => nibble * 0x11);
const MFM: readonly Pass[] = [
  [0x92, 0x49, 0x24],
  [0x49, 0x24, 0x92],
  [0x24, 0x92, 0x49],
];
const RLL: readonly Pass[] = [
  [0x6d, 0xb6, 0xdb],
  [0xb6, 0xdb, 0x6d],
  [0xdb, 0x6d, 0xb6],
];

/** The procedures that libvirt's names stand for (documentation of virStorageVolWipeAlgorithm). */
export const WIPE_PASSES: Readonly<Record<Exclude<WipeAlgorithm, "trim">, readonly Pass[]>> = {
  zero: bytes(0),
  // NNSA NAP-14.1-C: twice random, then zero; the fourth pass only reads.
  nnsa: [...random(2), ...bytes(0)],
  // DoD 5220.22-M 8-306: random, zero, one; the fourth pass only reads.
  dod: [...random(1), ...bytes(0, 0xff)],
  // The German BSI's nine passes.
  bsi: bytes(0xff, 0xfe, 0xfd, 0xfb, 0xf7, 0xef, 0xdf, 0xbf, 0x7f),
  // P. Gutmann 1996, table 1.
  gutmann: [
    ...random(4),
    ...bytes(0x55, 0xaa),
    ...MFM,
    ...bytes(...NIBBLES),
    ...MFM,
    ...RLL,
    ...random(4),
  ],
  // B. Schneier, Applied Cryptography, 1996.
  schneier: [...bytes(0, 0xff), ...random(5)],
  pfitzner7: random(7),
  pfitzner33: random(33),
  random: random(1),
};

/** Writes over all bytes of a file, header included, as libvirt does. */
export async function wipeFile(
  host: StorageHost,
  path: string,
  algorithm: WipeAlgorithm,
  job: Job,
): Promise<void> {
  if (algorithm === "trim")
    throw storageError("argumentUnsupported", "'trim' algorithm not supported");
  const passes = WIPE_PASSES[algorithm];
  try {
    const file = await host.files.open(path, { write: true });
    try {
      const size = file.sizeBytes;
      // A file with holes becomes one hole; devices keep their length, and are written over.
      const hasHoles = algorithm === "zero" && file.allocatedBytes() < size;
      if (hasHoles) await file.truncate(0);
      if (hasHoles && file.sizeBytes === 0) await file.truncate(size);
      else {
        job.expect(size * passes.length);
        for (const [index, pass] of passes.entries())
          await onePass(host, file, pass, (at) => job.step(index * size + at));
      }
      await file.flush();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw systemFailure(`failed to write to storage volume with path '${path}'`, error);
  }
}

async function onePass(
  host: StorageHost,
  file: Awaited<ReturnType<StorageHost["files"]["open"]>>,
  pass: Pass,
  step: (at: number) => Promise<void>,
): Promise<void> {
  // A multiple of three, so that the patterns go on from one piece to the next.
  const piece = new Uint8Array(STEP - (STEP % 3));
  if (pass !== "random")
    for (let i = 0; i < piece.length; i++) piece[i] = pass[i % pass.length] ?? 0;
  const size = file.sizeBytes;
  for (let at = 0; at < size; at += piece.length) {
    if (pass === "random") fillRandom(host, piece);
    await file.write(at, piece.subarray(0, Math.min(piece.length, size - at)));
    await step(at);
  }
  await file.flush();
}

/** Browsers give at most 64 KiB of random bytes at once (Web Crypto §10.1.1). */
function fillRandom({ files }: StorageHost, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; at += 65_536)
    files.entropy.fill(piece.subarray(at, at + 65_536));
}
