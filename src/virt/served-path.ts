/** Where definitions find the guests that are served beside the page. */
import type { GuestFile, GuestManifest } from "./guest-manifest.ts";

/** Below it are `NAME/FILE`, and `NAME-KEY/FILE`, which is there only while that build is served. */
export const SERVED_ROOT = "/usr/share/tabvisor/guests/";

/** A file of any build of the guest, or of this one alone where kernel and disk belong together. */
export function servedPath({ name, key, boots }: GuestManifest, { path }: GuestFile): string {
  const isOneBuild = boots.fast.disk !== undefined && key !== "";
  return `${SERVED_ROOT}${name}${isOneBuild ? `-${key}` : ""}/${path}`;
}

/** The name of the guest that a path belongs to, or undefined. */
export function servedGuestName(path: string): string | undefined {
  if (!path.startsWith(SERVED_ROOT)) return undefined;
  return /^([a-z0-9-]+?)(?:-[0-9a-f]{16})?\//.exec(path.slice(SERVED_ROOT.length))?.[1];
}
