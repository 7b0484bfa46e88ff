import { readFileSync, writeFileSync } from "node:fs";
import { sourcePath } from "../cache/paths.ts";
import type { PackageEntry } from "./paragraphs.ts";

/** The exact package that guests are made from, so that everybody gets the same bytes. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The lock file `guests/lock.json`. */
export interface LockFile {
  readonly suite: string;
  readonly packages: readonly LockedPackage[];
}

export function readLockFile(path = sourcePath("lock.json")): LockFile {
  return JSON.parse(readFileSync(path, "utf8")) as LockFile;
}

export function writeLockFile(lock: LockFile, path = sourcePath("lock.json")): void {
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}

export function lockedPackage(entry: PackageEntry): LockedPackage {
  const { name, version, architecture, filename, sizeBytes, sha256 } = entry;
  return { name, version, architecture, filename, sizeBytes, sha256 };
}
