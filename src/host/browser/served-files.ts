/**
 * Files of the guests that are served beside the page, read only, by paths below `/usr/share/tabvisor/guests`:
 * `debian/kernel`, or `debian-0123456789abcdef/disk.qcow2`, which is there only while that build is served.
 */
import { StorageError } from "../../storage/errors.ts";
import type { FileHost, ImageFile } from "../../storage/ports.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";
import { SERVED_ROOT } from "../../virt/served-path.ts";

export interface ServedPlace {
  readonly guest: string;
  /** Of the build; absent where any will do. */
  readonly key?: string;
  readonly file: string;
}

/** Null for paths that are elsewhere. */
export function servedPlace(path: string): ServedPlace | null {
  const match = /^([a-z0-9-]+?)(?:-([0-9a-f]{16}))?\/([^/]+)$/.exec(
    path.startsWith(SERVED_ROOT) ? path.slice(SERVED_ROOT.length) : "",
  );
  const [, guest, key, file] = match ?? [];
  if (guest === undefined || file === undefined) return null;
  return { guest, file, ...(key !== undefined && { key }) };
}

/** The folder of guests, for the page and for its workers, whose scripts are below the page's folder. */
export function servedBase(): string {
  const page = typeof document === "undefined" ? pageOf(location.href) : document.baseURI;
  return new URL("guests/", page).href;
}

function pageOf(script: string): string {
  return script.replace(/\/(?:assets|src|dist|node_modules)\/.*$/, "/");
}

/**
 * The address of a served file.
 *
 * @throws StorageError ENOENT when the server has another build, or no such file
 */
export async function servedUrl({ guest, key, file }: ServedPlace): Promise<string> {
  const base = servedBase();
  if (key !== undefined) await checkBuild(base, guest, key);
  return new URL(`${guest}/${file}`, base).href;
}

async function checkBuild(base: string, guest: string, key: string): Promise<void> {
  let manifest: Manifest | null;
  try {
    manifest = await manifestOf(base, guest);
  } catch (error) {
    throw new StorageError("ENOENT", undefined, error);
  }
  if (manifest?.key !== key) throw new StorageError("ENOENT");
}

/** What this needs of a guest's manifest, which may have anything. */
interface Manifest {
  readonly key?: unknown;
  readonly files?: Readonly<Record<string, { path?: unknown; sizeBytes?: unknown } | null>>;
}

/** Null where the server has none. */
async function manifestOf(
  base: string,
  guest: string,
  options: RequestInit = {},
): Promise<Manifest | null> {
  const response = await fetch(new URL(`${guest}/manifest.json`, base), options);
  return response.ok ? ((await response.json()) as Manifest | null) : null;
}

/** A file's length as the page knows it already; undefined where it does not. */
export async function servedSize({ guest, file }: ServedPlace): Promise<number | undefined> {
  try {
    const manifest = await manifestOf(servedBase(), guest, { cache: "force-cache" });
    const files = Object.values(manifest?.files ?? {});
    const size = files.find((each) => each?.path === file)?.sizeBytes;
    return typeof size === "number" ? size : undefined;
  } catch {
    return undefined;
  }
}

/** Puts the served files beside others. */
export function withServedFiles(files: FileHost, web: WebImages): FileHost {
  return {
    entropy: files.entropy,
    identity: (path) => (servedPlace(path) ? path : files.identity(path)),
    open: (path, options) => {
      const place = servedPlace(path);
      if (!place) return files.open(path, options);
      if (options.write) throw new StorageError("EROFS");
      return openServed(place, web);
    },
    exists: (path) => {
      const place = servedPlace(path);
      return place ? isServed(place) : files.exists(path);
    },
    remove: (path) => {
      if (servedPlace(path)) throw new StorageError("EROFS");
      return files.remove(path);
    },
  };
}

/** Whether the file is there now. */
export async function isServed(place: ServedPlace): Promise<boolean> {
  try {
    return (await fetch(await servedUrl(place), { method: "HEAD" })).ok;
  } catch {
    return false;
  }
}

async function openServed(place: ServedPlace, web: WebImages): Promise<ImageFile> {
  // The page itself only asks for addresses.
  const { openWeb } = await import("../../storage/protocol/web/open-web.ts");
  const node = await openWeb(web, await servedUrl(place), false);
  const refuse = (): never => {
    throw new StorageError("EROFS");
  };
  return {
    sizeBytes: node.sizeBytes,
    // Nothing of it is on this computer.
    allocatedBytes: () => 0,
    read: (offset, bytes) => node.read(offset, [bytes]),
    write: refuse,
    truncate: refuse,
    flush: () => {},
    close: () => node.close(),
  };
}
