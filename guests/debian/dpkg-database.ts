/** dpkg's own records of packages that were unpacked but not configured yet (dpkg(1), deb-*(5)). */
import { createHash } from "node:crypto";
import type { PackageEntry } from "../deb/package-index.ts";
import type { TarEntry } from "../deb/tar.ts";

/** A package that was unpacked. */
export interface UnpackedPackage {
  readonly entry: PackageEntry;
  /** Members of its control archive by name. */
  readonly control: ReadonlyMap<string, TarEntry>;
  /** Paths as the package has them, without a leading slash; the root directory is "". */
  readonly paths: readonly string[];
  /** MD5 of the configuration files, in hexadecimal, by path. */
  readonly conffiles: ReadonlyMap<string, string>;
}

/** Parts of the control archive that dpkg keeps in the status file instead. */
const NOT_KEPT = new Set(["control"]);

/**
 * Files of var/lib/dpkg, by their path in it, with their mode.
 *
 * @param packages in the order in which they were unpacked
 */
export function dpkgDatabase(
  packages: readonly UnpackedPackage[],
): ReadonlyMap<string, { readonly bytes: Uint8Array; readonly mode: number }> {
  const files = new Map<string, { bytes: Uint8Array; mode: number }>();
  const add = (path: string, text: string): void => {
    files.set(path, { bytes: Buffer.from(text, "utf8"), mode: 0o644 });
  };
  const sorted = packages.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  add("status", sorted.map((one) => `${statusParagraph(one)}\n`).join(""));
  add("available", "");
  add("diversions", "");
  add("statoverride", "");
  add("info/format", "1\n");
  for (const [path, text] of triggerFiles(sorted)) {
    add(path, text);
  }
  for (const one of packages) {
    const name = recordName(one);
    for (const [member, { bytes, mode }] of one.control) {
      if (!NOT_KEPT.has(member)) {
        files.set(`info/${name}.${member}`, { bytes, mode: mode & 0o755 });
      }
    }
    add(`info/${name}.list`, one.paths.map((path) => `/${path === "" ? "." : path}\n`).join(""));
  }
  return files;
}

/** The package's control file with what dpkg adds to it. */
function statusParagraph({ control, conffiles }: UnpackedPackage): string {
  const [first, ...rest] = controlText(control).trimEnd().split("\n");
  const list = [...conffiles].map(([path, sum]) => ` /${path} ${sum}`);
  const field = list.length === 0 ? [] : ["Conffiles:", ...list];
  return [first, "Status: install ok unpacked", ...rest, ...field, ""].join("\n");
}

function controlText(control: ReadonlyMap<string, TarEntry>): string {
  return Buffer.from(control.get("control")?.bytes ?? []).toString("utf8");
}

/** Packages that may be there for several architectures have it in their records' names. */
function recordName({ entry, control }: UnpackedPackage): string {
  const isSame = /^Multi-Arch:\s*same\s*$/im.test(controlText(control));
  return isSame ? `${entry.name}:${entry.architecture}` : entry.name;
}

/** Which packages wait for which triggers (deb-triggers(5)): by file name, or by path. */
function triggerFiles(packages: readonly UnpackedPackage[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ["triggers/File", ""],
    ["triggers/Unincorp", ""],
  ]);
  for (const one of packages) {
    const text = Buffer.from(one.control.get("triggers")?.bytes ?? []).toString("utf8");
    for (const line of text.split("\n")) {
      const [, await_, trigger] = /^\s*interest(-\w+)?\s+(\S+)/.exec(line) ?? [];
      if (trigger !== undefined) {
        const by = recordName(one) + (await_ === "-noawait" ? "/noawait" : "");
        const isPath = trigger.startsWith("/");
        const file = isPath ? "triggers/File" : `triggers/${trigger}`;
        files.set(file, `${files.get(file) ?? ""}${isPath ? `${trigger} ` : ""}${by}\n`);
      }
    }
  }
  return files;
}

/** The paths that a package's conffiles member lists; those only to be removed are left out. */
export function conffilePaths(control: ReadonlyMap<string, TarEntry>): string[] {
  const text = Buffer.from(control.get("conffiles")?.bytes ?? []).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.startsWith("/"))
    .map((line) => line.slice(1).trimEnd());
}

export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
