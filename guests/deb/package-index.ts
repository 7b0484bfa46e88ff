import { GuestError } from "../errors.ts";
import { parseParagraph, type Paragraph } from "./paragraphs.ts";

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
  /** Relationship fields as they are written; empty where there is none. */
  readonly relations: PackageRelations;
}

export interface PackageRelations {
  readonly preDepends: string;
  readonly depends: string;
  readonly provides: string;
  readonly conflicts: string;
  readonly breaks: string;
  readonly replaces: string;
}

/**
 * A Packages file. It is tens of megabytes of paragraphs, so its names are found at once and only
 * the paragraphs that are asked for are parsed.
 */
export class PackageIndex {
  readonly #text: Buffer;
  /** Where the paragraphs of a package begin. */
  readonly #starts = new Map<string, number[]>();
  /** Where the paragraphs begin that provide a name. */
  readonly #providers = new Map<string, number[]>();

  constructor(text: Buffer) {
    this.#text = text;
    for (let at = 0; at < text.length;) {
      const end = text.indexOf("\n\n", at);
      this.#note(at, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 2;
    }
  }

  /** Versions of the package `name`, in the file's order. */
  versions(name: string): PackageEntry[] {
    return (this.#starts.get(name) ?? []).map((at) => this.#entry(at));
  }

  /** Packages whose Provides field has `name`, in the file's order. */
  providers(name: string): PackageEntry[] {
    return (this.#providers.get(name) ?? []).map((at) => this.#entry(at));
  }

  #note(start: number, end: number): void {
    const paragraph = this.#text.toString("latin1", start, end);
    const name = /^Package: (.*)$/m.exec(paragraph)?.[1];
    if (name === undefined) {
      return;
    }
    append(this.#starts, name, start);
    const provides = /^Provides: (.*)$/m.exec(paragraph)?.[1] ?? "";
    const provided = provides.split(",").map((part) => part.trim().split(/[\s(:]/)[0] ?? "");
    for (const virtual of new Set(provided.filter((part) => part !== ""))) {
      append(this.#providers, virtual, start);
    }
  }

  #entry(start: number): PackageEntry {
    const end = this.#text.indexOf("\n\n", start);
    const text = this.#text.toString("utf8", start, end < 0 ? this.#text.length : end);
    return packageEntry(parseParagraph(text));
  }
}

function append(map: Map<string, number[]>, name: string, at: number): void {
  const list = map.get(name);
  if (list === undefined) {
    map.set(name, [at]);
  } else {
    list.push(at);
  }
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
    relations: {
      preDepends: get("Pre-Depends"),
      depends: get("Depends"),
      provides: get("Provides"),
      conflicts: get("Conflicts"),
      breaks: get("Breaks"),
      replaces: get("Replaces"),
    },
  };
  const isSafePath = !entry.filename.split("/").includes("..") && !entry.filename.startsWith("/");
  if (!isSafePath || !/^[0-9a-f]{64}$/.test(entry.sha256) || !(entry.sizeBytes > 0)) {
    throw new GuestError(`The package index describes ${entry.name} without a usable file.`);
  }
  return entry;
}
