import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { ImageSource } from "../../api/types.ts";

/**
 * A file that can be read until it is closed, even when it was removed meanwhile.
 *
 * @throws Error of the system's
 */
export async function openBootImage(
  path: string,
): Promise<{ readonly image: ImageSource; close(): void }> {
  const file = await open(path, "r");
  const arrayBuffer = async (): Promise<ArrayBuffer> => {
    const { size } = await file.stat();
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      // eslint-disable-next-line no-await-in-loop -- a file is read from its start to its end
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      // It was cut meanwhile.
      if (bytesRead === 0) return bytes.buffer.slice(0, at);
      at += bytesRead;
    }
    return bytes.buffer;
  };
  return {
    image: { kind: "blob", name: basename(path), blob: { arrayBuffer } },
    close: () => void file.close().catch(() => {}),
  };
}
