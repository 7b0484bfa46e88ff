/** One command line with a real tool of virtinst's and with ours: status, output, errors, files. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../../bin/tabvisor.mjs", import.meta.url));

/** What stands between two runs of the same line. */
export interface Line {
  /** As it stands in the file. */
  readonly text: string;
  readonly args: readonly string[];
  readonly input?: string;
}

export interface Comparison {
  /** `virt-clone`: the name of both. */
  readonly tool: string;
  /** The real one's path. */
  readonly real: string;
  /** A folder as lines expect it, made anew for each run. */
  prepare(folder: string): void;
  lines(folder: string): readonly Line[];
}

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly files: string;
}

/** The lines of a file that are no comments and hold the word. */
export function linesOf(file: URL, word: string): string[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && line.includes(word));
}

/** What differs from run to run becomes a word. */
function masked(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
      .replaceAll(/[^\s"'>]*\/virtinst-[^-]+-([\w.]+)/g, "MEDIA/$1")
      .replaceAll(/(?:00:16:3e|52:54:00)(?::[0-9a-f]{2}){3}/g, "MAC")
      // Ours knows the systems of a later year, too.
      .replaceAll("such as: linux2024, ", "such as: ")
      .replaceAll(/\r[^\r\n]*\r/g, "")
      .replaceAll(/ +\| +[\d.]+ [kMG]?B {2}\d\d:\d\d.*/g, " PROGRESS")
  );
}

function run(
  program: readonly string[],
  { args, input = "" }: Line,
  cwd: string,
): Promise<Outcome> {
  const [command = "", ...first] = program;
  const env = { ...process.env, LC_ALL: "C.UTF-8", DISPLAY: "" };
  const child = spawn(command, [...first, ...args], { cwd, env });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  // Programs that do not read what they are given may be gone already.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) =>
      resolve({ status, out: masked(out), err: masked(err), files: filesIn(cwd) }),
    );
  });
}

function filesIn(folder: string): string {
  const names = readdirSync(folder).toSorted();
  return names
    .map((name) => {
      const { size, mode } = statSync(join(folder, name));
      return `${name} ${size} ${(mode & 0o777).toString(8)}\n`;
    })
    .join("");
}

/** Lines that only one of the texts has. */
function difference(real: string, ours: string): string {
  if (real === ours) return "";
  const [a, b] = [real.split("\n"), ours.split("\n")];
  const only = (from: readonly string[], other: readonly string[], sign: string): string[] =>
    from.filter((line) => !other.includes(line)).map((line) => `    ${sign} ${line}\n`);
  const lines = [...only(a, b, "-"), ...only(b, a, "+")];
  return lines.length > 0 ? lines.join("") : "    the same lines in another order\n";
}

function report(text: string, real: Outcome, ours: Outcome): string {
  const parts = [
    real.status === ours.status ? "" : `    status ${real.status}, ours ${ours.status}\n`,
    difference(real.out, ours.out),
    difference(real.err, ours.err),
    difference(real.files, ours.files),
  ].join("");
  return parts === "" ? "" : `${text}\n${parts}`;
}

/** Prints what differs. @returns the exit status: 0 where nothing does */
export async function compareTools({ tool, real, prepare, lines }: Comparison): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), `tabvisor-${tool}-`));
  const folder = join(work, "media");
  const all = lines(folder);
  let equal = 0;
  try {
    for (const line of all) {
      prepare(folder);
      // eslint-disable-next-line no-await-in-loop -- both see the same files
      const expected = await run([real], line, folder);
      prepare(folder);
      // eslint-disable-next-line no-await-in-loop -- both see the same files
      const found = await run([process.execPath, PROGRAM, tool], line, folder);
      const text = report(line.text, expected, found);
      if (text === "") equal += 1;
      process.stdout.write(text);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  process.stdout.write(`${equal} of ${all.length} equal\n`);
  return equal === all.length ? 0 : 1;
}
