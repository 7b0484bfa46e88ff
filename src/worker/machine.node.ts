/** Entry point of a machine worker in Node. */
import { parentPort } from "node:worker_threads";
import { nodeEndpoint } from "../host/node/worker-handle.ts";
import { nodeDirectories } from "../host/node/directories.ts";
import { nodeFiles } from "../host/node/image-files.ts";
import { nodeWebImages } from "../host/node/web-images.ts";
import { nodeWorkerPlatform } from "../host/node/worker-platform.ts";
import { hostCrypto } from "../host/web/crypto.ts";
import { expose } from "../protocol/rpc.ts";
import { logicalVolumesOver } from "../storage/lvm/lvm-files.ts";
import { makeBoard } from "./machine/make-board.ts";
import { MachineWorker } from "./machine/machine-worker.ts";

if (parentPort === null) throw new Error("a machine's script runs as a worker only");
const platform = nodeWorkerPlatform(new URL("./hart.node.js", import.meta.url));
expose(
  new MachineWorker(platform, makeBoard, {
    files: logicalVolumesOver(nodeFiles, () => Date.now()),
    directories: nodeDirectories,
    web: nodeWebImages,
    crypto: hostCrypto,
  }),
  nodeEndpoint(parentPort),
);
