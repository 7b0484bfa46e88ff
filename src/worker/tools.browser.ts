/** Entry point of the tools worker in a browser: files there are synchronous in workers only. */
import { browserDirectories, browserFiles } from "../host/browser/browser-files.ts";
import { holdSignOfLife } from "../host/browser/sign-of-life.ts";
import { browserWebImages } from "../host/browser/web-images.ts";
import { hostCrypto } from "../host/web/crypto.ts";
import { expose } from "../protocol/rpc.ts";
import { logicalVolumesOver } from "../storage/lvm/lvm-files.ts";
import { ToolsWorker } from "./tools/tools-worker.ts";

const host = {
  files: logicalVolumesOver(browserFiles, () => Date.now()),
  directories: browserDirectories,
  web: browserWebImages,
  crypto: hostCrypto,
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};
expose(new ToolsWorker(host, holdSignOfLife()), globalThis);
