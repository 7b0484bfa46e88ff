/** Files between the user and volumes. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Storage } from "../../virt/storage/storage.ts";

const PIECE = 1 << 20;

/** Stores a file as a new volume of its name. Nothing is left of one that fails or is given up. */
export async function uploadFile(
  storage: Storage,
  pool: string,
  file: File,
  name: string,
): Promise<void> {
  await storage.createVolume(pool, { name, capacityBytes: 0, allocationBytes: 0 });
  try {
    if (file.size === 0) return;
    const upload = await storage.uploadVolume(pool, name, { length: file.size });
    try {
      for (let at = 0; at < file.size; at += PIECE)
        await upload.send(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
      await upload.finish();
    } catch (error) {
      await upload.abort();
      throw error;
    }
  } catch (error) {
    await storage.deleteVolume(pool, name).catch(() => {});
    throw error;
  }
}

/** Where a browser lets a page write a file that the user chose. */
interface FilePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** From this size on a download is written as it comes, where the browser can do that. */
const LARGE_BYTES = 256 * 2 ** 20;

/** Hands a volume's bytes to the user as a file. */
export async function downloadVolume(storage: Storage, pool: string, name: string): Promise<void> {
  const found = storage.poolByUuid(pool).volumes.find((volume) => volume.name === name);
  const picker = (globalThis as FilePicker).showSaveFilePicker;
  if ((found?.physicalBytes ?? 0) < LARGE_BYTES || picker === undefined) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    await receiveAll(storage, pool, name, async (bytes) => void parts.push(bytes));
    return saveBlob(new Blob(parts), name);
  }
  const target = await (await picked(() => picker({ suggestedName: name }))).createWritable();
  try {
    await receiveAll(storage, pool, name, (bytes) => target.write(bytes));
    await target.close();
  } catch (error) {
    await target.abort().catch(() => {});
    throw error;
  }
}

/** @throws VmError operationAborted when the user closes the browser's dialog */
async function picked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const isClosed = cause instanceof DOMException && cause.name === "AbortError";
    if (isClosed) throw vmError("operationAborted", "no file was chosen", { cause });
    throw cause;
  }
}

async function receiveAll(
  storage: Storage,
  pool: string,
  name: string,
  take: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  const download = await storage.downloadVolume(pool, name);
  try {
    for (;;) {
      const piece = await download.receive();
      if (piece === null) break;
      // Without the flag for it there are no holes.
      await take(piece as Uint8Array<ArrayBuffer>);
    }
    await download.finish();
  } catch (error) {
    await download.abort();
    throw error;
  }
}

function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has its own hold on the blob once the click was handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name that no volume of the pool has: `disk.img`, `disk-2.img` … */
export function freeVolumeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const dot = wanted.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ""];
  let number = 2;
  while (taken.has(`${stem}-${number}${end}`)) number += 1;
  return `${stem}-${number}${end}`;
}
