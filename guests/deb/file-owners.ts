import { GuestError } from "../errors.ts";
import type { PackageEntry } from "./package-index.ts";
import { isMetBy, parseRelations } from "./relations.ts";

/** Which package each unpacked file came from. */
export class FileOwners {
  readonly #owners = new Map<string, PackageEntry>();

  /**
   * Asks for the file at `path`, and makes it the package's unless the one that is there stays
   * (Debian Policy §7.6.1).
   *
   * @returns false when it stays
   * @throws GuestError when it is another package's and is not declared to be replaced
   */
  claim(entry: PackageEntry, path: string): boolean {
    const owner = this.#owners.get(path);
    if (owner !== undefined && owner !== entry && !replaces(entry, owner)) {
      if (replaces(owner, entry)) {
        return false;
      }
      throw new GuestError(`${entry.name} and ${owner.name} both have /${path}.`);
    }
    this.#owners.set(path, entry);
    return true;
  }
}

function replaces(by: PackageEntry, other: PackageEntry): boolean {
  return parseRelations(by.relations.replaces)
    .flat()
    .some((relation) => relation.name === other.name && isMetBy(relation, other.version));
}
