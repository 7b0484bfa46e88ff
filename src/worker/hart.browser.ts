/** Entry point of a hart worker in a browser. */
import { browserClock } from "../host/browser/clock.ts";
import { holdSignOfLife } from "../host/browser/sign-of-life.ts";
import { expose } from "../protocol/rpc.ts";
import { HartWorker } from "./hart/hart-worker.ts";

expose(new HartWorker({ clock: browserClock(), signOfLife: holdSignOfLife() }), globalThis);
