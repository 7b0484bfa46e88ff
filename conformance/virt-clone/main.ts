/**
 * Runs the command lines of `commands.txt` with the real virt-clone and with ours on the guests and
 * pools of `node.xml`, and tells where status, output, errors or the files that were made differ:
 * `node dist/conformance/virt-clone/main.js PATH-OF-THE-REAL-ONE [WORD]`, WORD choosing the lines
 * that hold it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWords } from "../../src/cli/virtinst/shell-words.ts";
import { compareProgram } from "../virtinst/compare-program.ts";

const COMMANDS = new URL("../../../conformance/virt-clone/commands.txt", import.meta.url);
const NODE = new URL("../../../conformance/virt-clone/node.xml", import.meta.url);

/** A folder with the files that the lines speak of, as they were. */
function freshFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const node = readFileSync(NODE, "utf8").replaceAll("FOLDER", folder);
  writeFileSync(join(folder, "node.xml"), node);
  const [guest = ""] = /<domain[^]*?<\/domain>/.exec(node) ?? [];
  writeFileSync(join(folder, "guest.xml"), guest);
  writeFileSync(join(folder, "text.xml"), "hello\n");
  // Data, a hole that a copy may leave out, data.
  const disk = Buffer.alloc(200_000);
  disk.fill(1, 0, 5000);
  disk.fill(2, 150_000);
  writeFileSync(join(folder, "disk.img"), disk, { mode: 0o644 });
  writeFileSync(join(folder, "old.img"), "old", { mode: 0o644 });
}

function argumentsOf(line: string, folder: string): string[] {
  const words = shellWords(line.replaceAll("FOLDER", folder));
  return words.includes("--connect")
    ? words
    : ["--connect", `test://${join(folder, "node.xml")}`, ...words];
}

process.exitCode = await compareProgram(process.argv.slice(2), {
  tool: "virt-clone",
  commands: COMMANDS,
  prepare: freshFolder,
  lineOf: (text, folder) => ({ text, args: argumentsOf(text, folder) }),
});
