import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readKeys, type PublicKey } from "../openpgp/key.ts";
import { packageFiles } from "./package-file.ts";

/**
 * Fingerprints of the keys that sign trixie's Release files, primary keys or the subkeys that do
 * the signing. A key is believed for its fingerprint alone, wherever its file comes from.
 */
export const TRIXIE_KEYS: ReadonlyMap<string, string> = new Map([
  ["41587F7DB8C774BCCF131416762F67A0B2C39DE4", "Debian Stable Release Key (13/trixie)"],
  [
    "B8E5F13176D2A7A75220028078DBA3BC47EF2265",
    "Debian Archive Automatic Signing Key (13/trixie), signing subkey",
  ],
  [
    "4CB50190207B4758A3F73A796ED0E7B82643E131",
    "Debian Archive Automatic Signing Key (12/bookworm), signing subkey",
  ],
]);

/** The package that has the keys, and its place in a mirror at the time of writing. */
export const KEYRING_PACKAGE = "debian-archive-keyring";

const isPinned = (fingerprint: string): boolean => TRIXIE_KEYS.has(fingerprint);

/** Pinned keys that this machine has already, as Debian machines do. */
export function localKeys(directory = "/usr/share/keyrings"): PublicKey[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const files = names.filter((name) => /^debian-archive-.*\.(gpg|pgp|asc)$/.test(name));
  return distinct(files.toSorted().flatMap((name) => keysOf(readOrNull(join(directory, name)))));
}

/** Pinned keys in the archive keyring package at `path`. */
export async function packagedKeys(path: string): Promise<PublicKey[]> {
  const keys: PublicKey[] = [];
  const isKeyring = ({ path: file }: { path: string }): boolean =>
    /^usr\/share\/keyrings\/.*\.(gpg|pgp)$/.test(file);
  for await (const entry of packageFiles(path, isKeyring)) {
    keys.push(...keysOf(entry.kind === "file" ? entry.bytes : null));
  }
  return distinct(keys);
}

function keysOf(file: Uint8Array | null): PublicKey[] {
  try {
    return file === null ? [] : readKeys(file, isPinned);
  } catch {
    // A file that is no keyring has no pinned key.
    return [];
  }
}

function distinct(keys: readonly PublicKey[]): PublicKey[] {
  return [...new Map(keys.map((key) => [key.fingerprint, key])).values()];
}

function readOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
