import { homedir } from "node:os";
import { join } from "node:path";
import { fetchWeb } from "../web/fetch-web.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";
import { nodeDirectories } from "./directories.ts";
import { nodeFiles } from "./image-files.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Blocks of web images that are kept, in the user's directory for caches. */
const LIMIT_BYTES = 4 * 2 ** 30;

/** Images from the web, with a cache that all processes of the user share. */
export const nodeWebImages: WebImages = {
  web: fetchWeb,
  cache: {
    files: nodeFiles,
    directories: nodeDirectories,
    path: join(cacheRoot(process.env), "web"),
    limitBytes: () => LIMIT_BYTES,
  },
};

/** TABVISOR_CACHE, or `tabvisor` in the place where this operating system keeps caches. */
export function cacheRoot(
  env: Environment,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  if (env["TABVISOR_CACHE"]) return env["TABVISOR_CACHE"];
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "tabvisor");
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "tabvisor", "Cache");
  }
  if (platform === "darwin") return join(home, "Library", "Caches", "tabvisor");
  return join(home, ".cache", "tabvisor");
}
