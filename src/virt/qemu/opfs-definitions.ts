/** Definitions as JSON files in the origin private file system, one a domain. */
import { vmError } from "../../protocol/vm-error.ts";
import type { DomainDefinition } from "../domain.ts";
import type { DefinitionStore } from "./ports.ts";

/** Raised when the files' form changes; files of a newer form are left alone. */
const FORM = 1;
const MARK = "visited";

interface StoredDefinition {
  readonly form: number;
  readonly definition: DomainDefinition;
}

/** Keeps `<uuid>.json` files in `directory`, and tells other pages of changes. */
export class OpfsDefinitions implements DefinitionStore {
  readonly #directory: FileSystemDirectoryHandle;
  readonly #changes = new BroadcastChannel("tabvisor definitions");

  constructor(directory: FileSystemDirectoryHandle) {
    this.#directory = directory;
  }

  async load(): Promise<readonly DomainDefinition[] | null> {
    if (await this.#firstTime()) return null;
    const found: DomainDefinition[] = [];
    for await (const handle of this.#directory.values()) {
      if (handle.kind !== "file" || !handle.name.endsWith(".json")) continue;
      const definition = await read(handle);
      if (definition) found.push(definition);
    }
    return found;
  }

  async save(definition: DomainDefinition): Promise<void> {
    const stored: StoredDefinition = { form: FORM, definition };
    try {
      const handle = await this.#directory.getFileHandle(fileName(definition.uuid), {
        create: true,
      });
      const writable = await handle.createWritable();
      await writable.write(JSON.stringify(stored));
      await writable.close();
      this.#changes.postMessage(definition.uuid);
    } catch (cause) {
      const what = `the definition of '${definition.name}' could not be stored in this browser`;
      throw vmError("operationFailed", what, { cause });
    }
  }

  async remove(uuid: string): Promise<void> {
    try {
      await this.#directory.removeEntry(fileName(uuid));
      this.#changes.postMessage(uuid);
    } catch (error) {
      // Another tab may have removed it.
      if (!isNotFound(error)) throw error;
    }
  }

  watch(listener: () => void): void {
    this.#changes.addEventListener("message", listener);
  }

  /** Leaves a mark, so that a user who deletes every domain does not get the first ones back. */
  async #firstTime(): Promise<boolean> {
    try {
      await this.#directory.getFileHandle(MARK);
      return false;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await this.#directory.getFileHandle(MARK, { create: true });
    return true;
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "NotFoundError";

const fileName = (uuid: string): string => `${uuid}.json`;

/** A file that is damaged or of a newer form is skipped: it must not keep the page from opening. */
async function read(handle: FileSystemFileHandle): Promise<DomainDefinition | null> {
  try {
    const stored = JSON.parse(await (await handle.getFile()).text()) as StoredDefinition;
    return stored.form === FORM ? stored.definition : null;
  } catch {
    return null;
  }
}
