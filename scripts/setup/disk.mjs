import { statfsSync } from "node:fs";
import { Failure } from "./failure.mjs";

const MIB = 1024 * 1024;

/**
 * @param {string} directory an existing directory on the disk in question
 * @param {number} neededMib
 * @param {string} purpose
 */
export function requireSpace(directory, neededMib, purpose) {
  const { bavail, bsize } = statfsSync(directory);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  if (freeMib >= neededMib) return;
  throw new Failure(
    `${purpose} takes ${neededMib} MiB, but only ${freeMib} MiB are free on the disk of ${directory}.`,
  );
}
