/** Pools' definitions as JSON files in the origin private file system, one a pool. */
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { PoolDefinition } from "../../virt/storage/pool.ts";
import type { PoolStore } from "../../virt/storage/ports.ts";

/** Raised when the files' form changes; files of a newer form are left alone. */
const FORM = 1;
const PLACE = ["etc", "libvirt", "storage"] as const;
/** Left at the first visit, so that who removes every pool does not get the first ones back. */
const MARK = "visited";

interface StoredPool {
  readonly form: number;
  readonly definition: PoolDefinition;
}

/** @throws DOMException where the browser keeps nothing (private windows) */
export async function opfsPools(): Promise<PoolStore> {
  let directory = await navigator.storage.getDirectory();
  for (const name of PLACE) directory = await directory.getDirectoryHandle(name, { create: true });
  if (!("createWritable" in FileSystemFileHandle.prototype)) throw new Error("not writable");
  return new OpfsPools(directory);
}

class OpfsPools implements PoolStore {
  readonly #directory: FileSystemDirectoryHandle;
  readonly #changes = new BroadcastChannel("tabvisor pools");

  constructor(directory: FileSystemDirectoryHandle) {
    this.#directory = directory;
  }

  async load(): Promise<readonly PoolDefinition[] | null> {
    const found: PoolDefinition[] = [];
    let visited = false;
    for await (const handle of this.#directory.values()) {
      if (handle.name === MARK) visited = true;
      if (handle.kind !== "file" || !handle.name.endsWith(".json")) continue;
      const definition = await read(handle);
      if (definition) found.push(definition);
    }
    return visited ? found : null;
  }

  /** The new contents take the file's place when they are all there (File System §2.5.3). */
  async save(definition: PoolDefinition): Promise<void> {
    const stored: StoredPool = { form: FORM, definition };
    try {
      const handle = await this.#directory.getFileHandle(`${definition.uuid}.json`, {
        create: true,
      });
      const writable = await handle.createWritable();
      await writable.write(JSON.stringify(stored));
      await writable.close();
      await this.#directory.getFileHandle(MARK, { create: true });
    } catch (cause) {
      const what = `the definition of pool '${definition.name}' could not be stored in this browser`;
      throw vmError("operationFailed", what, { domain: ErrorDomain.storage, cause });
    }
    this.touch(definition.uuid);
  }

  async remove(uuid: string): Promise<void> {
    // Another tab may have removed it.
    await this.#directory.removeEntry(`${uuid}.json`).catch(() => {});
    this.touch(uuid);
  }

  touch(uuid: string): void {
    this.#changes.postMessage(uuid);
  }

  watch(listener: (uuid: string) => void): void {
    this.#changes.addEventListener("message", ({ data }) => listener(String(data)));
  }
}

/** A file that is damaged or of a newer form is skipped. */
async function read(handle: FileSystemFileHandle): Promise<PoolDefinition | null> {
  try {
    const stored = JSON.parse(await (await handle.getFile()).text()) as StoredPool;
    return stored.form === FORM ? stored.definition : null;
  } catch {
    return null;
  }
}
