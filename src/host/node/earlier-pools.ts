/** Pools' definitions of earlier versions: a directory of JSON files. */
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { EarlierPools } from "../../virt/drivers/qemu/ports.ts";

export function earlierPools(directory: string): EarlierPools {
  return {
    list: () => readdir(directory).catch(() => null),
    read: (name) => readFile(join(directory, name), "utf8").catch(() => null),
    remove: (name) => rm(join(directory, name), { force: true }),
    // It stays while there is anything in it.
    clear: () => rmdir(directory).catch(() => {}),
  };
}
