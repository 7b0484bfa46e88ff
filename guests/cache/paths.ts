import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Environment variables by name; a parameter so that tests need not touch the process's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The directory that holds downloads and built guests: TABVISOR_CACHE, or `tabvisor` in the place
 * where this operating system keeps caches. It need not exist yet.
 */
export function cacheRoot(
  env: Environment = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  if (env["TABVISOR_CACHE"]) {
    return env["TABVISOR_CACHE"];
  }
  if (env["XDG_CACHE_HOME"]) {
    return join(env["XDG_CACHE_HOME"], "tabvisor");
  }
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "tabvisor", "Cache");
  }
  if (platform === "darwin") {
    return join(home, "Library", "Caches", "tabvisor");
  }
  return join(home, ".cache", "tabvisor");
}

/** Where package files and indexes are kept, under names that contain their hash. */
export function downloadsDirectory(cache: string): string {
  return join(cache, "downloads");
}

/** Where built guests are. */
export function guestsDirectory(cache: string): string {
  return join(cache, "guests");
}

/**
 * Path of a data file of this room (`lock.json`, overlays), which stays among the sources while the
 * code runs from `dist/guests` or, under the test runner, from the sources themselves.
 */
export function sourcePath(...parts: string[]): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) {
      throw new Error("The package's own directory cannot be found from its code");
    }
    directory = parent;
  }
  return join(directory, "guests", ...parts);
}
