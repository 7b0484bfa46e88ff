/** Storage pools of this user in Node, for connections and commands. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DEFAULT_POOL } from "../../virt/storage/default-pool.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import type { PoolStore } from "../../virt/storage/ports.ts";
import type { Storage } from "../../virt/storage/storage.ts";
import { nodeStorageEngine } from "../../worker/storage/node-storage.ts";
import { dataRoot } from "./guest-disk.ts";

/**
 * Opens this user's pools. The default one is `images` in the directory for data, and exists from the
 * first time on.
 *
 * @param store where pools' definitions are
 * @param usersOf names of the active domains that use the file at a path
 */
export function nodeStorage(
  store: PoolStore,
  usersOf: (path: string) => readonly string[] = () => [],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Storage> {
  const root = dataRoot(env);
  const engine = nodeStorageEngine();
  const ports = {
    store,
    engine: async () => engine,
    usersOf,
    persist: async () => {},
    newUuid: () => randomUUID(),
    delay: (ms: number) => setTimeout(ms, undefined, { ref: false }),
  };
  return openStorage(ports, [{ ...DEFAULT_POOL, targetPath: join(root, "images") }]);
}
