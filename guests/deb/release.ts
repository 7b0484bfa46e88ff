import { GuestError } from "../errors.ts";
import { parseParagraph } from "./paragraphs.ts";

/** A file that a Release file vouches for. */
export interface IndexFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The signed statement about a suite. */
export interface Release {
  readonly codename: string;
  /** Debian's version, such as "13.7"; empty where the suite has none. */
  readonly version: string;
  readonly date: string;
  /** Index files can be asked for by their hash, which no update between two requests breaks. */
  readonly hasByHash: boolean;
  readonly files: ReadonlyMap<string, IndexFile>;
}

/**
 * Reads a Release file.
 *
 * @param codename the suite that was asked for
 * @throws GuestError when the file is for another suite or lacks SHA-256 sums
 */
export function parseRelease(text: string, codename: string): Release {
  const fields = parseParagraph(text);
  if (fields.get("Codename") !== codename) {
    const found = fields.get("Codename") ?? "none";
    throw new GuestError(`The mirror's Release file for ${codename} is about "${found}".`);
  }
  const files = new Map<string, IndexFile>();
  for (const line of (fields.get("SHA256") ?? "").split("\n")) {
    const match = /^\s*([0-9a-f]{64})\s+(\d+)\s+(\S+)$/.exec(line);
    if (match !== null) {
      const [, sha256 = "", size = "", path = ""] = match;
      files.set(path, { path, sizeBytes: Number(size), sha256 });
    }
  }
  if (files.size === 0) {
    throw new GuestError(`The mirror's Release file for ${codename} lists no SHA-256 sums.`);
  }
  return {
    codename,
    version: fields.get("Version") ?? "",
    date: fields.get("Date") ?? "",
    hasByHash: fields.get("Acquire-By-Hash") === "yes",
    files,
  };
}
