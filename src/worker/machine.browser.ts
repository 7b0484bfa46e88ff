/** Entry point of a machine worker in a browser. */
import { browserDirectories, browserFiles } from "../host/browser/browser-files.ts";
import { browserWebImages } from "../host/browser/web-images.ts";
import { browserWorkerPlatform } from "../host/browser/worker-platform.ts";
import { hostCrypto } from "../host/web/crypto.ts";
import { expose } from "../protocol/rpc.ts";
import { logicalVolumesOver } from "../storage/lvm/lvm-files.ts";
import { makeBoard } from "./machine/make-board.ts";
import { MachineWorker } from "./machine/machine-worker.ts";

const newHart = (): Worker =>
  new Worker(new URL("./hart.browser.js", import.meta.url), { type: "module", name: "hart" });
const platform = browserWorkerPlatform(newHart);
expose(
  new MachineWorker(platform, makeBoard, {
    files: logicalVolumesOver(browserFiles, () => Date.now()),
    directories: browserDirectories,
    web: browserWebImages,
    crypto: hostCrypto,
  }),
  globalThis,
);
