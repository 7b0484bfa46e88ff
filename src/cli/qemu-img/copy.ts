import type { FormatNode } from "../../storage/formats/driver.ts";
import { chainExtent } from "../../storage/graph/chain-status.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { StorageError, strerror } from "../../storage/errors.ts";
import { isZero } from "../../storage/segments.ts";
import { formatInfo } from "../image/format-specific.ts";
import { CommandError } from "../image/tools.ts";

export interface CopyJob {
  /** One after the other. */
  readonly sources: readonly OpenImage[];
  readonly target: OpenImage;
  readonly compressed: boolean;
  /** The target reads as zeroes, so zeroes need not be written. */
  readonly targetIsZero: boolean;
  /** The target has a backing image: only what the source itself has is copied. */
  readonly hasBacking: boolean;
  /** Runs of zeroes of this length are not written; 0 writes everything. */
  readonly sparseBytes: number;
  /** Unreadable stretches become zeroes. */
  readonly salvage: boolean;
  warn(text: string): void;
  /** Told of bytes that were copied; afterwards, with the part of all that is done. */
  progress(part: number): void;
}

const CHUNK = 2 << 20;

export async function copyImages(job: CopyJob): Promise<void> {
  let base = 0;
  const count = { done: 0, total: await bytesToCopy(job) };
  const counted = {
    ...job,
    progress(bytes: number): void {
      count.done = Math.min(count.total, count.done + bytes);
      job.progress(count.done / Math.max(1, count.total));
    },
  };
  if (job.compressed) await copyCompressed(counted);
  for (const source of job.sources) {
    if (!job.compressed) await copyOne(counted, source, base);
    base += source.node.sizeBytes;
  }
  if (!job.targetIsZero && job.target.node.sizeBytes > base) {
    const { node } = job.target;
    await node.writeZeroes(base, node.sizeBytes - base, { mayUnmap: true });
  }
  await job.target.node.flush();
}

/** Bytes of data in all sources: what the progress counts. */
async function bytesToCopy(job: CopyJob): Promise<number> {
  let sum = 0;
  for (const source of job.sources) {
    const size = source.node.sizeBytes;
    for (let at = 0; at < size;) {
      const extent = await sourceExtent(job, source, at, size - at);
      if (extent.kind === "data") sum += extent.length;
      at += extent.length;
    }
  }
  return sum;
}

async function copyOne(job: CopyJob, source: OpenImage, base: number): Promise<void> {
  const size = source.node.sizeBytes;
  const backed = Math.ceil((job.target.backing?.node.sizeBytes ?? 0) / 512) * 512;
  for (let at = 0; at < size;) {
    const place = base + at;
    // Zeroes are written over what the target's backing image has, and nowhere else.
    const toEnd = place < backed ? backed - place : Infinity;
    const extent = await sourceExtent(job, source, at, Math.min(CHUNK, size - at, toEnd));
    const { length } = extent;
    const isPast = job.hasBacking && place >= backed;
    if (extent.kind === "zero" && !isPast) await putZeroes(job, base + at, length);
    else if (extent.kind === "data") {
      await putData(job, base + at, await readSource(job, source, at, length));
      job.progress(length);
    }
    at += length;
  }
}

interface SourceExtent {
  readonly kind: "data" | "zero" | "backing";
  readonly length: number;
}

async function sourceExtent(
  job: CopyJob,
  source: OpenImage,
  at: number,
  most: number,
): Promise<SourceExtent> {
  let extent: { length: number; zero: boolean; allocated: boolean };
  try {
    if (job.hasBacking) extent = await source.node.status(at, most);
    else extent = { ...(await chainExtent(source, at, most)), allocated: true };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (job.salvage) return salvagedExtent(job, source, at, most, error);
    throw new CommandError(`error while reading block status at offset ${at}: ${error.message}`);
  }
  const { length } = extent;
  if (job.hasBacking && !extent.allocated) return { kind: "backing", length };
  return { kind: extent.zero && job.sparseBytes > 0 ? "zero" : "data", length };
}

const SECTOR = 512;

/** Shorter and shorter ranges are asked for; where nothing is known there may be data. */
async function salvagedExtent(
  job: CopyJob,
  source: OpenImage,
  at: number,
  most: number,
  error: StorageError,
): Promise<SourceExtent> {
  const sectors = Math.ceil(most / SECTOR);
  if (sectors > 1) return sourceExtent(job, source, at, Math.ceil(sectors / 4) * SECTOR);
  job.warn(`error while reading block status at offset ${at}: ${error.message}`);
  return { kind: "data", length: Math.min(most, SECTOR) };
}

async function readSource(
  job: CopyJob,
  source: OpenImage,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  try {
    await source.node.read(at, [bytes]);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (!job.salvage)
      throw new CommandError(`error while reading at byte ${at}: ${strerror(error.errno)}`);
    if (length > 512) return readPieces(job, source, at, length);
    job.warn(`error while reading offset ${at}: ${strerror(error.errno)}`);
  }
  return bytes;
}

async function readPieces(
  job: CopyJob,
  source: OpenImage,
  at: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; done += 512) {
    const part = await readSource(job, source, at + done, Math.min(512, length - done));
    bytes.set(part, done);
  }
  return bytes;
}

async function putZeroes(job: CopyJob, at: number, length: number): Promise<void> {
  if (job.targetIsZero && !job.hasBacking) return;
  await writing(at, () => job.target.node.writeZeroes(at, length, { mayUnmap: true }));
}

/** Writes data, but for the runs of zeroes in it that are long enough to leave out. */
async function putData(job: CopyJob, at: number, bytes: Uint8Array): Promise<void> {
  const unit = job.sparseBytes;
  if (unit === 0) {
    await writing(at, () => job.target.node.write(at, [bytes]));
    return;
  }
  const endOf = (from: number): number =>
    Math.min(bytes.length, from + unit - ((at + from) % unit));
  for (let from = 0; from < bytes.length;) {
    let to = endOf(from);
    const zero = isZero(bytes.subarray(from, to));
    while (to < bytes.length && isZero(bytes.subarray(to, endOf(to))) === zero) to = endOf(to);
    const start = from;
    const end = to;
    if (zero) await putZeroes(job, at + start, end - start);
    else
      await writing(at + start, () =>
        job.target.node.write(at + start, [bytes.subarray(start, end)]),
      );
    from = to;
  }
}

async function writing(at: number, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError(`error while writing at byte ${at}: ${strerror(error.errno)}`);
  }
}

/** Cluster by cluster, over the ends of sources; clusters of zeroes are left out, or flagged. */
async function copyCompressed(job: CopyJob): Promise<void> {
  const { node } = job.target;
  const unit = formatInfo(job.target).clusterSize;
  if (!("writeCompressed" in node) || unit === undefined)
    throw new CommandError("Compression not supported for this file format");
  const target = node as FormatNode & Pick<Required<FormatNode>, "writeCompressed">;
  const total = job.sources.reduce((sum, source) => sum + source.node.sizeBytes, 0);
  for (let at = 0; at < total; at += unit) {
    const length = Math.min(unit, total - at);
    if (await isBacked(job, at, length)) continue;
    const bytes = await readAcross(job, at, length);
    if (job.sparseBytes > 0 && isZero(bytes)) await putZeroes(job, at, length);
    else {
      // The target's end may lie inside of its last cluster.
      await writing(at, () => target.writeCompressed(at, [bytes]));
      job.progress(length);
    }
  }
  await target.endCompressed?.();
}

/** The parts of a range that lie in each source. */
function partsOf(
  job: CopyJob,
  at: number,
  length: number,
): { readonly source: OpenImage; readonly at: number; readonly length: number }[] {
  const out: { source: OpenImage; at: number; length: number }[] = [];
  let base = 0;
  for (const source of job.sources) {
    const size = source.node.sizeBytes;
    const from = Math.max(at, base);
    const to = Math.min(at + length, base + size);
    if (from < to) out.push({ source, at: from - base, length: to - from });
    base += size;
  }
  return out;
}

async function readAcross(job: CopyJob, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  for (const part of partsOf(job, at, length)) {
    bytes.set(await readSource(job, part.source, part.at, part.length), done);
    done += part.length;
  }
  return bytes;
}

/** True when all of a cluster comes from the backing image. */
async function isBacked(job: CopyJob, at: number, length: number): Promise<boolean> {
  if (!job.hasBacking) return false;
  for (const part of partsOf(job, at, length)) {
    for (let done = 0; done < part.length;) {
      const extent = await sourceExtent(job, part.source, part.at + done, part.length - done);
      if (extent.kind !== "backing") return false;
      done += extent.length;
    }
  }
  return true;
}
