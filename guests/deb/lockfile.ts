import { readFileSync, writeFileSync } from "node:fs";
import { sourcePath } from "../cache/paths.ts";
import type { PackageEntry } from "./package-index.ts";

/** The exact package that guests are made from, so that everybody gets the same bytes. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What the lock file `guests/lock.json` says of one guest. */
export interface LockFile {
  readonly suite: string;
  readonly packages: readonly LockedPackage[];
}

/** The file as it is stored: the packages of each guest by its name. */
interface StoredLocks {
  readonly suite: string;
  readonly guests: Readonly<Record<string, readonly LockedPackage[]>>;
}

/** The guest's part of the lock file; no packages when the guest is not in it. */
export function readLockFile(guest: string, path = sourcePath("lock.json")): LockFile {
  const { suite, guests } = JSON.parse(readFileSync(path, "utf8")) as StoredLocks;
  return { suite, packages: guests[guest] ?? [] };
}

export function writeLockFile(
  suite: string,
  guests: ReadonlyMap<string, readonly LockedPackage[]>,
  path = sourcePath("lock.json"),
): void {
  const locks: StoredLocks = { suite, guests: Object.fromEntries(guests) };
  writeFileSync(path, `${JSON.stringify(locks, null, 2)}\n`);
}

export function lockedPackage(entry: PackageEntry): LockedPackage {
  const { name, version, architecture, filename, sizeBytes, sha256 } = entry;
  return { name, version, architecture, filename, sizeBytes, sha256 };
}
