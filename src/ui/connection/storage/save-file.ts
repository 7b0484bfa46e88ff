/** Hands a download to the user as a file: written as it comes where the browser can do that. */
import { saveFile } from "../../common/save.ts";
import type { Sink } from "./volume-streams.ts";

/** Where a browser lets a page write a file that the user chose. */
interface FilePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** What is smaller goes to the browser's folder for downloads, without a question. */
const ASK_FROM_BYTES = 64 * 2 ** 20;
const ZEROES_BYTES = 1 << 20;
/** Bytes that wait in memory; then the browser may put them on its disk. */
const BLOB_BYTES = 16 * 2 ** 20;

/**
 * Must be called soon after a click.
 *
 * @returns null when the user closed the browser's dialog
 */
export async function openSink(name: string, sizeBytes: number): Promise<Sink | null> {
  const picker = (globalThis as FilePicker).showSaveFilePicker;
  if (picker === undefined || sizeBytes < ASK_FROM_BYTES) return blobSink(name);
  try {
    const handle = await picker({ suggestedName: name });
    return fileSink(await handle.createWritable());
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}

function fileSink(file: FileSystemWritableFileStream): Sink {
  let at = 0;
  return {
    write: async (bytes) => {
      await file.write({ type: "write", position: at, data: bytes as Uint8Array<ArrayBuffer> });
      at += bytes.length;
    },
    writeHole: async (lengthBytes) => {
      at += lengthBytes;
    },
    close: async () => {
      // A hole at the end is in no write.
      await file.truncate(at);
      await file.close();
    },
    abort: () => file.abort().catch(() => {}),
  };
}

function blobSink(name: string): Sink {
  const blobs: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  const settle = (): void => {
    if (waitingBytes > 0) blobs.push(new Blob(waiting));
    waiting = [];
    waitingBytes = 0;
  };
  return {
    write: async (bytes) => {
      // A copy: the buffer is the other end's again.
      waiting.push(Uint8Array.from(bytes));
      waitingBytes += bytes.length;
      if (waitingBytes >= BLOB_BYTES) settle();
    },
    writeHole: async (lengthBytes) => {
      settle();
      for (let at = 0; at < lengthBytes; at += ZEROES_BYTES) {
        const length = Math.min(ZEROES_BYTES, lengthBytes - at);
        blobs.push(length === ZEROES_BYTES ? ZEROES : ZEROES.slice(0, length));
      }
    },
    close: async () => {
      settle();
      saveFile(name, new Blob(blobs));
    },
    abort: async () => {
      waiting = [];
      blobs.length = 0;
    },
  };
}

const ZEROES = new Blob([new Uint8Array(ZEROES_BYTES)]);
