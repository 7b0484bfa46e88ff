import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../cache/paths.ts";
import { GuestError } from "../errors.ts";
import { isMainDebianArchive, parseDeb822, parseOneLine } from "./apt-sources.ts";

/**
 * The address of a Debian mirror, ending in a slash: DEBIAN_MIRROR, else the first main Debian
 * archive in apt's configuration. Which suite apt uses does not matter: a mirror has them all.
 *
 * @param aptDirectory apt's configuration, /etc/apt but in tests
 * @throws GuestError when there is neither
 */
export function findMirror(env: Environment, aptDirectory = "/etc/apt"): URL {
  const named = env["DEBIAN_MIRROR"];
  if (named !== undefined && named !== "") {
    return mirrorUrl(named);
  }
  for (const source of aptSourceFiles(aptDirectory)) {
    const text = readOr(source, "");
    const entries = source.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text);
    for (const entry of entries.filter(isMainDebianArchive)) {
      const uri = resolveMirrorList(entry.uri);
      if (uri !== null) {
        return mirrorUrl(uri);
      }
    }
  }
  throw new GuestError(
    "No Debian mirror is known: apt's configuration on this machine names none, so set the environment variable DEBIAN_MIRROR to the address of one.",
  );
}

function mirrorUrl(address: string): URL {
  const text = address.endsWith("/") ? address : `${address}/`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:", "file:"].includes(url.protocol)) {
    throw new GuestError(`The Debian mirror "${address}" is no http:, https: or file: address.`);
  }
  return url;
}

function aptSourceFiles(aptDirectory: string): string[] {
  const directory = join(aptDirectory, "sources.list.d");
  const names = listOr(directory).filter((name) => /\.(sources|list)$/.test(name));
  return [
    join(aptDirectory, "sources.list"),
    ...names.toSorted().map((name) => join(directory, name)),
  ];
}

/**
 * apt-transport-mirror(1): `mirror+file:/path` names a file that lists mirrors, as Debian's cloud
 * images have it. Other transports (cdrom, tor, …) are not for us.
 */
function resolveMirrorList(uri: string): string | null {
  if (uri.startsWith("mirror+file:")) {
    const list = readOr(fileURLToPath(uri.slice("mirror+".length)), "");
    return /^\s*(https?:\S+)/m.exec(list)?.[1] ?? null;
  }
  return /^(https?|file):/.test(uri) ? uri : null;
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return fallback;
  }
}

function listOr(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
