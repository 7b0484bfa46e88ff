/** Stores for browsers that refuse the origin private file system (private windows): memory. */
import type { ImageSource } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { ImageFile } from "../connection.ts";
import type { DomainDefinition, ImageRef } from "../domain.ts";
import type { DefinitionStore, ImageStore } from "./ports.ts";

export class SessionDefinitions implements DefinitionStore {
  readonly #definitions = new Map<string, DomainDefinition>();

  /** Every visit is the first. */
  async load(): Promise<null> {
    return null;
  }

  async save(definition: DomainDefinition): Promise<void> {
    this.#definitions.set(definition.uuid, definition);
  }

  async remove(uuid: string): Promise<void> {
    this.#definitions.delete(uuid);
  }

  /** Other pages have memories of their own. */
  watch(): void {}
}

export class SessionImages implements ImageStore {
  readonly persistent = false;
  readonly #files = new Map<string, ImageFile>();

  async put(file: ImageFile): Promise<ImageRef> {
    const key = crypto.randomUUID();
    this.#files.set(key, file);
    return { key, name: file.name, sizeBytes: file.size };
  }

  async open({ key, name }: ImageRef): Promise<ImageSource> {
    const file = this.#files.get(key);
    if (!file) throw vmError("operationFailed", `the file '${name}' is gone: choose it again`);
    return { kind: "bytes", name, bytes: new Uint8Array(await file.arrayBuffer()) };
  }

  async remove({ key }: ImageRef): Promise<void> {
    this.#files.delete(key);
  }
}
