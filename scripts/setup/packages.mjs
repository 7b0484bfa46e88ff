import { readFileSync } from "node:fs";
import { npm } from "./command.mjs";
import { requireSpace } from "./disk.mjs";
import { step } from "./progress.mjs";

const NEEDED_MIB = 700;
/** Two retries within ten seconds: who has no network should hear of it soon. */
const RETRIES = ["--fetch-retry-mintimeout=2000", "--fetch-retry-factor=4"];

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * @param {string} path
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readLock(path) {
  try {
    return /** @type {Lock} */ (JSON.parse(readFileSync(path, "utf8"))).packages;
  } catch {
    return undefined;
  }
}

/** True when node_modules holds what the lock file asks for, going by npm's own record. */
function isInstalled() {
  const wanted = readLock("package-lock.json") ?? {};
  const present = readLock("node_modules/.package-lock.json");
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    // The root is not a package; optional ones may be for other platforms.
    return path === "" || optional === true || present[path]?.version === version;
  });
}

/** Installs the packages of the lock file unless they are there. */
export async function installPackages() {
  if (isInstalled()) return;
  requireSpace(".", NEEDED_MIB, "Installing packages");
  await step("Installing packages", (note) =>
    npm("Installing packages", ["ci", "--no-audit", "--no-fund", ...RETRIES], { onLine: note }),
  );
}
