/** Tells whether files of the origin private file system can be written in place. */

/** Not in the compiler's library for pages. */
interface SyncFileHandle {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array): number;
    flush(): void;
    close(): void;
  }>;
}

const NAME = ".host-check";

async function check(): Promise<boolean> {
  try {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(NAME, { create: true });
    try {
      const handle = await (file as unknown as SyncFileHandle).createSyncAccessHandle();
      const written = handle.write(Uint8Array.of(1));
      handle.flush();
      handle.close();
      return written === 1;
    } finally {
      await root.removeEntry(NAME);
    }
  } catch {
    return false;
  }
}

void check().then((has) => postMessage(has));
