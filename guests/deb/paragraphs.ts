import { GuestError } from "../errors.ts";

/** Fields of a control paragraph by name; continuation lines are kept, separated by line feeds. */
export type Paragraph = ReadonlyMap<string, string>;

/** Parses one paragraph of a Debian control file (Debian Policy §5.1). */
export function parseParagraph(text: string): Paragraph {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of text.split("\n")) {
    const field = /^([^\s:#][^\s:]*):[ \t]*(.*)$/.exec(line);
    if (field !== null) {
      name = field[1] ?? "";
      fields.set(name, (field[2] ?? "").trimEnd());
    } else if (/^[ \t]/.test(line) && name !== "") {
      fields.set(name, `${fields.get(name) ?? ""}\n${line.trimEnd()}`);
    }
  }
  return fields;
}

/** A package as its index describes it. */
export interface PackageEntry {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Path under the mirror's root. */
  readonly filename: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly depends: string;
}

/**
 * Versions of the package `name` in a Packages file, in its order. Such a file is tens of megabytes
 * of paragraphs, so only those that are asked for are parsed.
 */
export function findPackage(packages: Buffer, name: string): PackageEntry[] {
  const field = `Package: ${name}\n`;
  const found: PackageEntry[] = [];
  for (let at = packages.indexOf(field); at >= 0; at = packages.indexOf(field, at + 1)) {
    if (at === 0 || packages[at - 1] === 0x0a) {
      const end = packages.indexOf("\n\n", at);
      const paragraph = packages.toString("utf8", at, end < 0 ? packages.length : end);
      found.push(packageEntry(parseParagraph(paragraph)));
    }
  }
  return found;
}

function packageEntry(fields: Paragraph): PackageEntry {
  const get = (name: string): string => fields.get(name) ?? "";
  const entry = {
    name: get("Package"),
    version: get("Version"),
    architecture: get("Architecture"),
    filename: get("Filename"),
    sizeBytes: Number(get("Size")),
    sha256: get("SHA256"),
    depends: get("Depends"),
  };
  const isSafePath = !entry.filename.split("/").includes("..") && !entry.filename.startsWith("/");
  if (!isSafePath || !/^[0-9a-f]{64}$/.test(entry.sha256) || !(entry.sizeBytes > 0)) {
    throw new GuestError(`The package index describes ${entry.name} without a usable file.`);
  }
  return entry;
}
