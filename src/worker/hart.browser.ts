/** Entry point of a hart worker in a browser. */
import { browserClock } from "../host/browser/clock.ts";
import { expose } from "../protocol/rpc.ts";
import { HartWorker } from "./hart/hart-worker.ts";

expose(new HartWorker(browserClock()), globalThis);
