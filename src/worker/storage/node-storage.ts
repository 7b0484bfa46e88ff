/** The storage engine of a Node process, in its own thread: files there are synchronous. */
import { setImmediate } from "node:timers/promises";
import { nodeDirectories } from "../../host/node/directories.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { nodeWebImages } from "../../host/node/web-images.ts";
import { nodeSpace } from "../../host/node/space.ts";
import { StorageEngine } from "./storage-engine.ts";

export function nodeStorageEngine(): StorageEngine {
  return new StorageEngine({
    files: nodeFiles,
    directories: nodeDirectories,
    fetch: (url, init) => fetch(url, init),
    web: nodeWebImages,
    space: nodeSpace,
    nowMs: () => Date.now(),
    turn: () => setImmediate(),
  });
}
