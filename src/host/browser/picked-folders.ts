/**
 * Folders of this computer that the user picked (File System Access), kept in IndexedDB by name. The files
 * of one are under `/mnt/NAME`. The browser asks for permission again in each visit.
 */
import { StorageError } from "../../storage/errors.ts";

const DATABASE = "tabvisor folders";
const FOLDERS = "folders";
const ROOT = "/mnt/";

/** Not in the compiler's library yet. */
interface PermittedHandle extends FileSystemDirectoryHandle {
  queryPermission?(descriptor: { mode: "readwrite" }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: "readwrite" }): Promise<PermissionState>;
}

export interface FolderPicker {
  showDirectoryPicker?(options: { mode: "readwrite" }): Promise<FileSystemDirectoryHandle>;
}

const WRITE = { mode: "readwrite" } as const;

/** The folder's name in a path, and the names below it; null for paths that are elsewhere. */
export function inFolder(
  path: string,
): { readonly folder: string; readonly below: string[] } | null {
  if (!path.startsWith(ROOT)) return null;
  const names = path.slice(ROOT.length).split("/");
  const [folder = "", ...below] = names.filter((name) => name !== "" && name !== ".");
  // A path may not lead out of its folder.
  if (folder === "" || below.includes("..")) return null;
  return { folder, below };
}

/** Asks the user for a folder and keeps it. @returns its path; null when none was chosen */
export async function pickFolder(): Promise<string | null> {
  const pick = (globalThis as FolderPicker).showDirectoryPicker;
  if (pick === undefined) return null;
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await pick(WRITE);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
  await keepFolder(handle);
  return ROOT + handle.name;
}

async function keepFolder(handle: FileSystemDirectoryHandle): Promise<void> {
  const database = await openDatabase();
  const change = database.transaction(FOLDERS, "readwrite");
  await answer(change.objectStore(FOLDERS).put(handle, handle.name));
  database.close();
}

/** Asks for permission to a path's folder, where that must be asked for. Needs a click. */
export async function askForFolder(path: string): Promise<void> {
  const place = inFolder(path);
  if (place === null) return;
  const handle = await keptFolder(place.folder);
  const state = await handle.queryPermission?.(WRITE);
  if (state !== undefined && state !== "granted") await handle.requestPermission?.(WRITE);
}

/** @throws StorageError ENOENT for one that is not known; EACCES while the user has not permitted it */
export async function folderHandle(folder: string): Promise<FileSystemDirectoryHandle> {
  const handle = await keptFolder(folder);
  const state = await handle.queryPermission?.(WRITE);
  if (state !== undefined && state !== "granted") throw new StorageError("EACCES");
  return handle;
}

async function keptFolder(folder: string): Promise<PermittedHandle> {
  const database = await openDatabase();
  const found: unknown = await answer(
    database.transaction(FOLDERS).objectStore(FOLDERS).get(folder),
  );
  database.close();
  if (found === undefined) throw new StorageError("ENOENT");
  return found as PermittedHandle;
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(FOLDERS));
  return answer(opening);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () =>
      reject(new StorageError("EIO", undefined, request.error)),
    );
  });
}
