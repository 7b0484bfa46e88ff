import { GuestError } from "../errors.ts";
import type { Archive } from "./archive.ts";
import type { LockFile } from "./lockfile.ts";
import type { PackageEntry } from "./package-index.ts";
import { parseRelations } from "./relations.ts";
import { resolvePackages } from "./resolve.ts";

/** A package that a guest needs. */
export interface Wanted {
  readonly name: string;
  /**
   * For a metapackage: the real package is the dependency whose name matches. The kernel's name
   * has its version in it, which only its metapackage knows.
   */
  readonly dependency?: RegExp;
}

/** A package that was chosen. */
export interface Chosen {
  readonly entry: PackageEntry;
  /** False when the mirror no longer has the locked version and its present one is used. */
  readonly isLocked: boolean;
}

/**
 * Chooses the locked version of `wanted` if the archive still has it, else its present one.
 *
 * @param lock null to choose present versions
 * @throws GuestError when the archive has no such package, or has other bytes under the same version
 */
export function choosePackage(archive: Archive, lock: LockFile | null, wanted: Wanted): Chosen {
  const locked = lock === null ? null : findLocked(archive, lock, wanted);
  if (locked !== null) {
    return { entry: locked, isLocked: true };
  }
  const entry = newest(archive, wanted.name);
  const real = wanted.dependency === undefined ? entry : follow(archive, entry, wanted.dependency);
  return { entry: real, isLocked: false };
}

/** Packages that are wanted with all that they depend on. */
export interface Closure {
  readonly names: readonly string[];
  /** Packages that are taken for present, and why they can be missing. */
  readonly omitted: Readonly<Record<string, string>>;
}

/**
 * Chooses packages and all that they depend on from what the archive has at present, each behind
 * what it needs.
 *
 * @throws GuestError when a dependency cannot be had, or a package has other bytes than the lock
 * file says of its version
 */
export function chooseClosure(
  archive: Archive,
  lock: LockFile | null,
  { names, omitted }: Closure,
): Chosen[] {
  return resolvePackages(archive, names, new Set(Object.keys(omitted))).map((entry) => {
    return { entry, isLocked: lock !== null && isPinned(lock, entry) };
  });
}

function isPinned(lock: LockFile, { name, version, sha256 }: PackageEntry): boolean {
  const pin = lock.packages.find((locked) => locked.name === name && locked.version === version);
  if (pin !== undefined && pin.sha256 !== sha256) {
    throw new GuestError(
      `The mirror's ${name} ${version} is not the one in lock.json: their SHA-256 differ.`,
    );
  }
  return pin !== undefined;
}

function findLocked(archive: Archive, lock: LockFile, wanted: Wanted): PackageEntry | null {
  const pattern = wanted.dependency ?? wanted.name;
  const isWanted = ({ name }: { name: string }): boolean =>
    typeof pattern === "string" ? name === pattern : pattern.test(name);
  const pin = lock.packages.find(isWanted);
  if (pin === undefined) {
    return null;
  }
  return archive.versions(pin.name).find((entry) => isPinned(lock, entry)) ?? null;
}

/** A suite has one version of a package, save for kernels, whose versions are in their names. */
function newest(archive: Archive, name: string): PackageEntry {
  const entry = archive.versions(name).at(-1);
  if (entry === undefined) {
    throw new GuestError(`The mirror's index has no package ${name}.`);
  }
  return entry;
}

function follow(archive: Archive, entry: PackageEntry, dependency: RegExp): PackageEntry {
  for (const { name } of parseRelations(entry.relations.depends).flat()) {
    if (dependency.test(name)) {
      return newest(archive, name);
    }
  }
  throw new GuestError(
    `${entry.name} ${entry.version} depends on no package ${dependency.source}.`,
  );
}
