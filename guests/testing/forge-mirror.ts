/** A Debian mirror for tests, in a directory, signed with a key of the tests' own. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readKeys, type PublicKey } from "../openpgp/key.ts";
import { clearsign, forgeKey } from "./forge-openpgp.ts";
import { deb, xz, type ForgedFile } from "./forge-package.ts";

export interface ForgedPackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  readonly files?: readonly ForgedFile[];
  /** Members of the control archive; `control` itself when left out. */
  readonly control?: readonly ForgedFile[];
}

export interface ForgedMirror {
  readonly url: URL;
  readonly keys: readonly PublicKey[];
}

const INDEX = "main/binary-riscv64/Packages.xz";

/** Writes a suite `trixie` for riscv64 into `directory`. */
export function forgeMirror(
  directory: string,
  packages: readonly ForgedPackage[],
  options: { readonly codename?: string; readonly byHash?: boolean } = {},
): ForgedMirror {
  const { codename = "trixie", byHash = false } = options;
  const write = (path: string, data: string | Uint8Array): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), data);
  };
  const paragraphs = packages.map(({ name, version, depends = "", files = [], control }) => {
    const filename = `pool/${name}_${version}_riscv64.deb`;
    const own = `Package: ${name}\nVersion: ${version}\nArchitecture: riscv64\n`;
    const bytes = deb(files, control ?? [{ path: "./control", contents: own }]);
    write(filename, bytes);
    return [
      `Package: ${name}`,
      `Version: ${version}`,
      "Architecture: riscv64",
      ...(depends === "" ? [] : [`Depends: ${depends}`]),
      "Description: about",
      " Package: decoy",
      `Filename: ${filename}`,
      `Size: ${bytes.length}`,
      `SHA256: ${sha256(bytes)}`,
    ].join("\n");
  });
  const index = xz(Buffer.from(`${paragraphs.join("\n\n")}\n`));
  const name = byHash ? dirname(INDEX) + `/by-hash/SHA256/${sha256(index)}` : INDEX;
  write(`dists/trixie/${name}`, index);
  const release = [
    "Origin: Debian",
    `Codename: ${codename}`,
    `Acquire-By-Hash: ${byHash ? "yes" : "no"}`,
    "MD5Sum:",
    ` 00000000000000000000000000000000 1 ${INDEX}`,
    "SHA256:",
    ` ${sha256(index)} ${index.length} ${INDEX}`,
  ].join("\n");
  const key = forgeKey("ed25519");
  write("dists/trixie/InRelease", clearsign(release, [key.sign]));
  return { url: pathToFileURL(`${directory}/`), keys: readKeys(key.file, () => true) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
