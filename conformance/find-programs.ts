import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { TestProgram } from "./outcome.ts";

const ELF_MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const REFERENCE_SUFFIXES = [".sig", ".reference_output", ".signature"];

/** A program that was found and is not read yet. */
export interface FoundProgram {
  readonly name: string;
  readonly suite: string;
  readonly path: string;
}

/**
 * The ELF files in a folder and its subfolders, by name.
 *
 * @throws Error when the folder cannot be read
 */
export async function findPrograms(folder: string): Promise<FoundProgram[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: FoundProgram[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !(await isElf(path))) continue;
    const name = `${basename(folder)}/${relative(folder, path).replaceAll("\\", "/")}`;
    found.push({ name: name.replace(/\.elf$/, ""), suite: dirname(name), path });
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function isElf(path: string): Promise<boolean> {
  if (REFERENCE_SUFFIXES.some((suffix) => path.endsWith(suffix))) return false;
  return (await readFile(path)).subarray(0, 4).equals(ELF_MAGIC);
}

/** Reads a program and the signature beside it: `X.sig` or `X.reference_output` for `X[.elf]`. */
export async function readProgram({ name, suite, path }: FoundProgram): Promise<TestProgram> {
  const elf = new Uint8Array(await readFile(path));
  const stem = path.replace(/\.elf$/, "");
  for (const suffix of REFERENCE_SUFFIXES) {
    try {
      return { name, suite, elf, reference: await readFile(stem + suffix, "utf8") };
    } catch {
      // Not this suffix.
    }
  }
  return { name, suite, elf };
}
