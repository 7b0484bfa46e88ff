/**
 * Runs the command lines of `commands.txt` with the real virt-install and with ours on
 * `test:///default`, and tells where status, output or errors differ:
 * `node dist/conformance/virt-install/main.js PATH-OF-THE-REAL-ONE [WORD]`, WORD choosing the
 * lines that hold it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shellWords } from "../../src/cli/virtinst/shell-words.ts";

const PROGRAM = fileURLToPath(new URL("../../../bin/tabvisor.mjs", import.meta.url));
const COMMANDS = new URL("../../../conformance/virt-install/commands.txt", import.meta.url);

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** What differs from run to run becomes a word. */
function masked(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replaceAll(/[^\s"'>]*\/(?:virtinst-[^-]+-|media\/)(kernel|initrd)/g, "MEDIA/$1")
    .replaceAll(/00:16:3e(?::[0-9a-f]{2}){3}/g, "MAC");
}

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

function run(program: readonly string[], args: readonly string[]): Outcome {
  const [command = "", ...first] = program;
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    encoding: "utf8",
    input: "",
    env: { ...process.env, LC_ALL: "C.UTF-8", DISPLAY: "" },
  });
  return { status, out: masked(stdout), err: masked(stderr) };
}

/** Lines that only one of the texts has. */
function difference(real: string, ours: string): string {
  const [a, b] = [real.split("\n"), ours.split("\n")];
  const only = (from: readonly string[], other: readonly string[], sign: string): string[] =>
    from.filter((line) => !other.includes(line)).map((line) => `    ${sign} ${line}\n`);
  const lines = [...only(a, b, "-"), ...only(b, a, "+")];
  return lines.length > 0 ? lines.join("") : "    the same lines in another order\n";
}

function compare(line: string, real: Outcome, ours: Outcome): string {
  const parts = [
    real.status === ours.status ? "" : `    status ${real.status}, ours ${ours.status}\n`,
    real.out === ours.out ? "" : difference(real.out, ours.out),
    real.err === ours.err ? "" : difference(real.err, ours.err),
  ].join("");
  return parts === "" ? "" : `${line}\n${parts}`;
}

function main([real, word = ""]: readonly string[]): number {
  if (real === undefined) {
    process.stderr.write("usage: main.js PATH-OF-VIRT-INSTALL [WORD]\n");
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), "tabvisor-virt-install-"));
  const folder = join(work, "media");
  const lines = readFileSync(COMMANDS, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && line.includes(word));
  let equal = 0;
  try {
    for (const line of lines) {
      const args = argumentsOf(line, folder);
      freshFolder(folder);
      const expected = run([real], args);
      freshFolder(folder);
      const found = run([process.execPath, PROGRAM, "virt-install"], args);
      const report = compare(line, expected, found);
      if (report === "") equal += 1;
      process.stdout.write(report);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  process.stdout.write(`${equal} of ${lines.length} equal\n`);
  return equal === lines.length ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
