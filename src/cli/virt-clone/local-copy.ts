/** Copies of disks that are no volumes: block by block, with holes where there is nothing. */
import { messageOf } from "../virtinst/errors.ts";
import { FileError } from "../virtinst/host.ts";
import type { Meter } from "../virtinst/progress.ts";
import type { LocalCopy } from "./clone-disk.ts";
import type { CloneHost, LocalFile } from "./host.ts";

const BLOCK_BYTES = 1024 * 1024;
/** What is all zeros and as long becomes a hole. */
const HOLE_BYTES = 4096;

/** @throws Error in the real tool's words */
export async function copyLocally(
  host: CloneHost,
  { from, to, sizeBytes }: LocalCopy,
  isSparse: boolean,
  meter: Meter,
): Promise<void> {
  meter.start(`Cloning ${from.slice(from.lastIndexOf("/") + 1)}`, sizeBytes);
  if (from === to || from === "/dev/null") return;
  // What a file holds already is overwritten, not skipped.
  const hasHoles = isSparse && (await host.pathKind(to)) === undefined;
  const files: LocalFile[] = [];
  try {
    const source = await host.openFile(from, "read");
    files.push(source);
    const target = await host.openFile(to, "write");
    files.push(target);
    if (hasHoles) await target.resize(sizeBytes);
    await copyBlocks(source, target, hasHoles, meter);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(`Error cloning diskimage ${from} to ${to}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
  meter.end();
}

async function copyBlocks(
  source: LocalFile,
  target: LocalFile,
  hasHoles: boolean,
  meter: Meter,
): Promise<void> {
  const buffer = new Uint8Array(BLOCK_BYTES);
  for (let at = 0; ;) {
    // eslint-disable-next-line no-await-in-loop -- one block after the other
    const length = await source.read(buffer, at);
    if (length === 0) return;
    const parts = hasHoles ? partsWithData(buffer, length) : [{ start: 0, end: length }];
    for (const { start, end } of parts) {
      // eslint-disable-next-line no-await-in-loop -- one block after the other
      await target.write(buffer.subarray(start, end), at + start);
    }
    at += length;
    meter.update(at);
  }
}

/** Runs of pieces of which none is all zeros. */
function partsWithData(buffer: Uint8Array, length: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  for (let start = 0; start < length; start += HOLE_BYTES) {
    const end = Math.min(start + HOLE_BYTES, length);
    if (buffer.subarray(start, end).every((byte) => byte === 0)) continue;
    const last = parts.at(-1);
    if (last?.end === start) last.end = end;
    else parts.push({ start, end });
  }
  return parts;
}
