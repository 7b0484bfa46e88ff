/** Storage that lasts as long as the page: for browsers that keep nothing, for `test:///`, for tests. */
import { MemoryHost } from "../../storage/memory-host.ts";
import type { FileHost } from "../../storage/ports.ts";
import { StorageEngine } from "./storage-engine.ts";
import type { Fetch, StorageHost } from "./storage-host.ts";

export interface MemoryStorageOptions {
  /** What the host seems to have. */
  readonly capacityBytes: number;
  readonly fetch: Fetch;
  readonly web: StorageHost["web"];
  nowMs(): number;
  turn(): Promise<void>;
  readonly entropy: FileHost["entropy"];
}

export function memoryStorage(options: MemoryStorageOptions): {
  readonly engine: StorageEngine;
  readonly host: MemoryHost;
} {
  const memory = new MemoryHost(options.entropy);
  const host: StorageHost = {
    files: memory,
    directories: memory.directories,
    fetch: options.fetch,
    web: options.web,
    nowMs: options.nowMs,
    turn: options.turn,
    space: async () => {
      const { capacityBytes } = options;
      return { capacityBytes, availableBytes: Math.max(0, capacityBytes - memory.takenBytes()) };
    },
  };
  return { engine: new StorageEngine(host), host: memory };
}
