/** The test driver's ports in tests: files that are kept in memory, and a clock that stands still. */
import type { TestPorts } from "./ports.ts";

export function fakePorts(): TestPorts {
  const files = new Map<string, Uint8Array>();
  let uuids = 0;
  return {
    nowMs: () => 1_700_000_000_000,
    newUuid: () => `00000000-0000-0000-0000-${String(++uuids).padStart(12, "0")}`,
    newMac: () => "52:54:00:00:00:01",
    hostname: () => "host",
    isFile: async (path) => files.has(path),
    readFile: async (path) => files.get(path) ?? new Uint8Array(),
    writeFile: async (path, bytes) => void files.set(path, bytes),
  };
}
