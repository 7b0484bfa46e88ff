/** Entry point of the storage worker in a browser: files there are synchronous in workers only. */
import { browserDirectories, browserFiles } from "../host/browser/browser-files.ts";
import { browserSpace } from "../host/browser/browser-space.ts";
import { browserWebImages } from "../host/browser/web-images.ts";
import { holdSignOfLife } from "../host/browser/sign-of-life.ts";
import { expose } from "../protocol/rpc.ts";
import { StorageWorker } from "./storage/storage-worker.ts";

const host = {
  files: browserFiles,
  directories: browserDirectories,
  web: browserWebImages,
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  space: browserSpace,
  nowMs: () => Date.now(),
  turn: () => new Promise<void>((resolve) => setTimeout(resolve)),
};
expose(new StorageWorker(host, holdSignOfLife()), globalThis);
