/**
 * Runs the command lines of `commands.txt` with the real virt-xml and with ours on the guests and
 * pools of `node.xml`, and tells where status, output or errors differ:
 * `node dist/conformance/virt-xml/main.js PATH-OF-THE-REAL-ONE [WORD]`, WORD choosing the lines
 * that hold it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWords } from "../../src/cli/virtinst/shell-words.ts";
import { compareProgram } from "../virtinst/compare-program.ts";
import type { Line } from "../virtinst/compare-tools.ts";

const DATA = new URL("../../../conformance/virt-xml/", import.meta.url);

function dataFile(name: string): string {
  return readFileSync(new URL(name, DATA), "utf8");
}

/** A folder with the files that the lines speak of, as they were. */
function freshFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, "node.xml"), dataFile("node.xml").replaceAll("FOLDER", folder));
  for (const name of ["disk.img", "cd.iso"]) writeFileSync(join(folder, name), name);
}

/** `WORDS < FILE` has a file of the data as input, `WORDS << TEXT` a text, with `|` for a line's end. */
function lineOf(text: string, folder: string): Line {
  const [, before = text, sign, after = ""] = /^(.*) (<<?) (.*)$/.exec(text) ?? [];
  const words = shellWords(before.replaceAll("FOLDER", folder));
  const hasConnection = words.some((word) => word === "--connect" || word === "-c");
  const input = sign === "<" ? dataFile(after) : after.replaceAll("|", "\n");
  return {
    text,
    args: hasConnection ? words : ["--connect", `test://${join(folder, "node.xml")}`, ...words],
    input,
  };
}

process.exitCode = await compareProgram(process.argv.slice(2), {
  tool: "virt-xml",
  commands: new URL("commands.txt", DATA),
  prepare: freshFolder,
  lineOf,
});
