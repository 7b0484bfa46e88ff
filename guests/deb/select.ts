import { GuestError } from "../errors.ts";
import type { Archive } from "./archive.ts";
import type { LockFile } from "./lockfile.ts";
import type { PackageEntry } from "./paragraphs.ts";

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

function findLocked(archive: Archive, lock: LockFile, wanted: Wanted): PackageEntry | null {
  const pattern = wanted.dependency ?? wanted.name;
  const isWanted = ({ name }: { name: string }): boolean =>
    typeof pattern === "string" ? name === pattern : pattern.test(name);
  const pin = lock.packages.find(isWanted);
  if (pin === undefined) {
    return null;
  }
  const entry = archive.versions(pin.name).find(({ version }) => version === pin.version);
  if (entry !== undefined && entry.sha256 !== pin.sha256) {
    throw new GuestError(
      `The mirror's ${pin.name} ${pin.version} is not the one in lock.json: their SHA-256 differ.`,
    );
  }
  return entry ?? null;
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
  // Debian Policy §7.1: "name (= version), name | name, …".
  for (const clause of entry.depends.split(/[,|]/)) {
    const name = clause.trim().split(/[\s(:]/)[0] ?? "";
    if (dependency.test(name)) {
      return newest(archive, name);
    }
  }
  throw new GuestError(
    `${entry.name} ${entry.version} depends on no package ${dependency.source}.`,
  );
}
