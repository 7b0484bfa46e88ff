/**
 * Runs the command lines of `commands.txt` with the real virt-install and with ours on
 * `test:///default`, and tells where status, output or errors differ:
 * `node dist/conformance/virt-install/main.js PATH-OF-THE-REAL-ONE [WORD]`, WORD choosing the
 * lines that hold it.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellWords } from "../../src/cli/virtinst/shell-words.ts";
import { compareTools, linesOf } from "../virtinst/compare-tools.ts";
import { makeMedia } from "./media.ts";
import { serveFolder } from "./serve-folder.ts";

const COMMANDS = new URL("../../../conformance/virt-install/commands.txt", import.meta.url);

function argumentsOf(line: string, folder: string, web: string): string[] {
  const isBare = line.startsWith("!");
  const text = line.replace(/^! /, "").replaceAll("FOLDER", folder).replaceAll("WEB", web);
  const words = shellWords(text);
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

async function main([real, word = ""]: readonly string[]): Promise<number> {
  if (real === undefined) {
    process.stderr.write("usage: main.js PATH-OF-VIRT-INSTALL [WORD]\n");
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), "tabvisor-media-"));
  const template = join(work, "template");
  makeMedia(template);
  const server = await serveFolder(template);
  try {
    return await compareTools({
      tool: "virt-install",
      real,
      prepare: (folder) => {
        rmSync(folder, { recursive: true, force: true });
        cpSync(template, folder, { recursive: true });
      },
      lines: (folder) =>
        linesOf(COMMANDS, word).map((text) => ({
          text,
          args: argumentsOf(text, folder, server.address),
        })),
    });
  } finally {
    server.close();
    rmSync(work, { recursive: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
