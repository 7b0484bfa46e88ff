/** Files of an installation tree: in a folder, on a CD's image, on the web, or each anywhere. */
import { IsoError, IsoImage } from "../../../archive/iso9660/read-iso.ts";
import { ToolError, messageOf } from "../../virtinst/errors.ts";
import type { HostFile, InstallHost } from "../host.ts";

/** Paths are below the tree's root. */
export interface InstallTree {
  readonly kind: "folder" | "cd" | "web" | "files";
  /** As messages tell it. */
  readonly location: string;
  /** The CD's label; empty for other trees. */
  readonly label: string;
  has(path: string): Promise<boolean>;
  /** @throws ToolError in the real tool's words */
  read(path: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function isWebAddress(location: string): boolean {
  return /^https?:\/\//.test(location);
}

const closeNothing = async (): Promise<void> => {};

function unreadable(place: string, reason: string): ToolError {
  return new ToolError(`Couldn't acquire file ${place}: ${reason}`);
}

/** As Python says it. */
function missing(path: string): string {
  return `[Errno 2] No such file or directory: '${path}'`;
}

/** A file of the host. @throws ToolError in the real tool's words */
export async function readHostFile(host: InstallHost, path: string): Promise<Uint8Array> {
  if ((await host.pathKind(path)) === undefined) {
    throw new ToolError(missing(path));
  }
  return host.readFile(path);
}

async function readForTree(host: InstallHost, path: string): Promise<Uint8Array> {
  try {
    return await readHostFile(host, path);
  } catch (error) {
    throw unreadable(path, messageOf(error));
  }
}

export function folderTree(host: InstallHost, location: string): InstallTree {
  const at = (path: string): string => host.absolutePath(join(location, path));
  return {
    kind: "folder",
    location,
    label: "",
    has: async (path) => (await host.pathKind(at(path))) !== undefined,
    read: (path) => readForTree(host, at(path)),
    close: closeNothing,
  };
}

/** @throws ToolError, VmError systemError */
export async function cdTree(host: InstallHost, location: string): Promise<InstallTree> {
  const file = await host.openFile(location);
  const image = await openImage(file);
  const readImage = async (path: string): Promise<Uint8Array> => {
    if (!image) throw new IsoError(`iso doesn't have file=/${path}`);
    return image.read(path);
  };
  return {
    kind: "cd",
    location,
    label: image?.volumeId ?? "",
    has: async (path) => (await image?.has(path)) ?? false,
    read: async (path) => {
      try {
        return await readImage(path);
      } catch (error) {
        throw unreadable(`/${path}`, messageOf(error));
      }
    },
    close: () => file.close(),
  };
}

/** Undefined for a file that is no image: nothing is on it. */
async function openImage(file: HostFile): Promise<IsoImage | undefined> {
  try {
    return await IsoImage.open(file);
  } catch (error) {
    if (error instanceof IsoError) return undefined;
    await file.close();
    throw error;
  }
}

export function webTree(host: InstallHost, location: string): InstallTree {
  const at = (path: string): string => join(location, path.replace(/^\/+/, ""));
  return {
    kind: "web",
    location,
    label: "",
    has: (path) => isOnWeb(host, at(path)),
    read: (path) => download(host, at(path)),
    close: closeNothing,
  };
}

/** Files that have no tree: each path is that of a file, or an address. */
export function looseFiles(host: InstallHost): InstallTree {
  return {
    kind: "files",
    location: "",
    label: "",
    has: async (path) => {
      if (isWebAddress(path) || (await host.pathKind(path)) !== undefined) return true;
      throw unreadable(path, missing(path));
    },
    read: (path) => (isWebAddress(path) ? download(host, path) : readForTree(host, path)),
    close: closeNothing,
  };
}

function join(root: string, path: string): string {
  if (path.startsWith("/") || path === "") return path === "" ? root : path;
  return root.endsWith("/") ? root + path : `${root}/${path}`;
}

async function isOnWeb({ web }: InstallHost, url: string): Promise<boolean> {
  try {
    const answer = await web.request("HEAD", url, {});
    answer.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}

async function download({ web }: InstallHost, url: string): Promise<Uint8Array> {
  try {
    const answer = await web.request("GET", url, {});
    if (answer.status < 400) return await answer.body();
    answer.cancel();
    const side = answer.status < 500 ? "Client" : "Server";
    throw new Error(`${answer.status} ${side} Error for url: ${url}`);
  } catch (error) {
    throw unreadable(url, messageOf(error));
  }
}
