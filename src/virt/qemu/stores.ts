/** Opens the best stores this browser gives. */
import { OpfsDefinitions } from "./opfs-definitions.ts";
import { OpfsImages } from "./opfs-images.ts";
import type { DefinitionStore, ImageStore } from "./ports.ts";
import { SessionDefinitions, SessionImages } from "./session-stores.ts";

export interface Stores {
  readonly definitions: DefinitionStore;
  readonly images: ImageStore;
}

/** Persistent stores where the origin private file system is writable, else ones in memory. */
export async function openStores(): Promise<Stores> {
  try {
    const definitions = await directory("etc", "libvirt", "qemu");
    const images = await directory("var", "lib", "libvirt", "images");
    if (!("createWritable" in FileSystemFileHandle.prototype)) throw new Error("not writable");
    return { definitions: new OpfsDefinitions(definitions), images: new OpfsImages(images) };
  } catch {
    return { definitions: new SessionDefinitions(), images: new SessionImages() };
  }
}

async function directory(...path: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let handle = await navigator.storage.getDirectory();
  for (const name of path) handle = await handle.getDirectoryHandle(name, { create: true });
  return handle;
}
