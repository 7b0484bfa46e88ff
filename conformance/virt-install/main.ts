/**
 * Runs the command lines of `commands.txt` with the real virt-install and with ours on
 * `test:///default`, and tells where status, output or errors differ:
 * `node dist/conformance/virt-install/main.js PATH-OF-THE-REAL-ONE [WORD]`, WORD choosing the
 * lines that hold it.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWords } from "../../src/cli/virtinst/shell-words.ts";
import { compareTools, linesOf } from "../virtinst/compare-tools.ts";

const COMMANDS = new URL("../../../conformance/virt-install/commands.txt", import.meta.url);

/** A folder with the files that the lines speak of, as they were. */
function freshFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of ["kernel", "initrd", "disk.img", "cd.iso"]) {
    writeFileSync(join(folder, name), name);
  }
}

function argumentsOf(line: string, folder: string): string[] {
  const isBare = line.startsWith("!");
  const words = shellWords(line.replace(/^! /, "").replaceAll("FOLDER", folder));
  const has = (...names: readonly string[]): boolean => names.some((name) => words.includes(name));
  const extra = isBare
    ? []
    : [
        ...(has("--name", "-n") ? [] : ["--name", "a"]),
        ...(has("--print-xml", "--print-step") ? [] : ["--print-xml"]),
        "--dry-run",
      ];
  return ["--connect", "test:///default", ...words, ...extra];
}

function main([real, word = ""]: readonly string[]): number {
  if (real === undefined) {
    process.stderr.write("usage: main.js PATH-OF-VIRT-INSTALL [WORD]\n");
    return 2;
  }
  return compareTools({
    tool: "virt-install",
    real,
    prepare: freshFolder,
    lines: (folder) =>
      linesOf(COMMANDS, word).map((text) => ({ text, args: argumentsOf(text, folder) })),
  });
}

process.exitCode = main(process.argv.slice(2));
