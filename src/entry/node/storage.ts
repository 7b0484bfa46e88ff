/** Storage pools of this user in Node, for connections and commands. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { poolFiles } from "../../host/node/pool-files.ts";
import { DEFAULT_POOL } from "../../virt/storage/default-pool.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import type { Storage } from "../../virt/storage/storage.ts";
import { nodeStorageEngine } from "../../worker/storage/node-storage.ts";
import { dataRoot } from "./guest-disk.ts";

/**
 * Opens the pools that are defined in the user's directory for data. The default pool is `images` in
 * there, and exists from the first call on.
 *
 * @param usersOf names of the active domains that use the file at a path
 */
export function nodeStorage(
  usersOf: (path: string) => readonly string[] = () => [],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Storage> {
  const root = dataRoot(env);
  const engine = nodeStorageEngine();
  const ports = {
    store: poolFiles(join(root, "storage")),
    engine: async () => engine,
    usersOf,
    persist: async () => {},
    newUuid: () => randomUUID(),
    delay: (ms: number) => setTimeout(ms, undefined, { ref: false }),
  };
  return openStorage(ports, [{ ...DEFAULT_POOL, targetPath: join(root, "images") }]);
}
