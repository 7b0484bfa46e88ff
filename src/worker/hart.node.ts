/** Entry point of a hart worker in Node. */
import { parentPort } from "node:worker_threads";
import { nodeClock } from "../host/node/clock.ts";
import { nodeEndpoint } from "../host/node/worker-handle.ts";
import { expose } from "../protocol/rpc.ts";
import { HartWorker } from "./hart/hart-worker.ts";

if (parentPort === null) throw new Error("a hart's script runs as a worker only");
expose(
  new HartWorker({ clock: nodeClock(), signOfLife: Promise.resolve("") }),
  nodeEndpoint(parentPort),
);
