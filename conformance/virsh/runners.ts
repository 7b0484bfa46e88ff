/** Running a line of commands with the real virsh, with ours, or with ours in this process. */
import { spawn } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { virsh } from "../../src/cli/virsh/main.ts";
import { nodeVirshHost } from "../../src/entry/node/virsh-command.ts";
import { type CommandList, editorOf } from "./lists.ts";

export interface Outcome {
  readonly status: number | string;
  readonly out: string;
  readonly err: string;
}

export type Runner = (list: CommandList, line: string) => Promise<Outcome>;

const FILES = join(import.meta.dirname, "../../../conformance/virsh/files");

/** The real virsh now and then misses the end of a job and waits for ever: it is asked again. */
const LIMIT_MS = 10_000;
const ATTEMPTS = 5;

/** The real library's own log is not virsh's output. */
const ENVIRONMENT = { LC_ALL: "C.UTF-8", TZ: "UTC", LIBVIRT_DEBUG: "4" } as const;

/** What differs from run to run: identifiers, addresses, dates and counters of time. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})? ?\+0000/g, "DATE"],
  [/\/tmp\/virsh\w{6}/g, "TEMPORARY"],
  [/52:54:00(?::[0-9a-f]{2}){3}/g, "MAC"],
  [/\b(?<=(?:rd|wr|rx|tx)_\w+ |errs |operations: +|read: +|written: +|count: +)\d+/g, "COUNT"],
  [/CPU time *:? +[\d.]+s/g, "CPUTIME"],
  [/\b1[6-9]\d{8}(?:\.\ds)?\b/g, "EPOCH"],
];

function masked(text: string, folder: string): string {
  const placed = text.replaceAll(folder, "FOLDER");
  return MASKS.reduce((so, [pattern, word]) => so.replace(pattern, word), placed);
}

/** The folder with the files that the lines speak of, as they were. */
function fresh(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(FILES, folder, { recursive: true });
}

function argumentsFor({ options }: CommandList, line: string, folder: string): string[] {
  const { commands } = editorOf(line);
  return [...options, commands].map((word) => word.replaceAll("FOLDER", folder));
}

function editing(line: string): Record<"VISUAL" | "EDITOR", string> {
  const { editor } = editorOf(line);
  return { VISUAL: editor, EDITOR: editor };
}

/** Runs `program` as a process of its own, in `folder`. */
export function processRunner(program: readonly string[], folder: string): Runner {
  return async (list, line) => {
    for (let attempt = 1; ; attempt++) {
      fresh(folder);
      const args = argumentsFor(list, line, folder);
      const outcome = await run([...program, ...args], folder, editing(line));
      if (outcome.status !== "SIGTERM" || attempt === ATTEMPTS) return outcome;
    }
  };
}

function run(
  [command = "", ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...ENVIRONMENT, ...env },
      timeout: LIMIT_MS,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ status: code ?? signal ?? "none", out: masked(out, cwd), err: masked(err, cwd) }),
    );
  });
}

/** Runs ours in this process, which changes to `folder`. */
export function inside(folder: string): Runner {
  Object.assign(process.env, ENVIRONMENT);
  return async (list, line) => {
    fresh(folder);
    process.chdir(folder);
    Object.assign(process.env, editing(line));
    let [out, err] = ["", ""];
    const host = {
      ...nodeVirshHost(),
      out: (text: string): void => void (out += text),
      err: (text: string): void => void (err += text),
    };
    const status = await virsh(argumentsFor(list, line, folder), host);
    process.chdir("/");
    return { status, out: masked(out, folder), err: masked(err, folder) };
  };
}
