import { StorageError, strerror } from "../../storage/errors.ts";
import { type Arguments, Refusal, parseArguments } from "./arguments.ts";
import { ASYNC_ROWS } from "./async-rows.ts";
import { BREAK_ROWS } from "./break-rows.ts";
import { Quit, type Row } from "./command-row.ts";
import { INSPECT_ROWS } from "./inspect-rows.ts";
import { REQUEST_ROWS } from "./request-rows.ts";
import type { Session } from "./session.ts";
import { SESSION_ROWS } from "./session-rows.ts";

const HELP: Row = {
  name: "help",
  alias: "?",
  args: "[command]",
  oneLine: "help for one or all commands",
  short: "",
  least: 0,
  most: 1,
  closed: true,
  run: helpCommand,
};

const COMMANDS: readonly Row[] = [
  HELP,
  ...ASYNC_ROWS,
  ...BREAK_ROWS,
  ...INSPECT_ROWS,
  ...REQUEST_ROWS,
  ...SESSION_ROWS,
].toSorted((a, b) => (a.name < b.name ? -1 : 1));

function usageOf({ name, args, oneLine }: Row): string {
  return `${name} ${args} -- ${oneLine}`;
}

async function helpCommand({ tools }: Session, { words }: Arguments): Promise<boolean> {
  const [wanted] = words;
  if (wanted === undefined) {
    for (const row of COMMANDS) {
      const gap = row.args === "" ? "" : ` ${row.args}`;
      tools.out(`${row.name}${gap} -- ${row.oneLine}\n`);
    }
    tools.out("\nUse 'help commandname' for extended help.\n");
    return true;
  }
  const row = findCommand(wanted);
  tools.out(row === undefined ? `command ${wanted} not found\n` : `${usageOf(row)}\n`);
  return true;
}

function findCommand(name: string): Row | undefined {
  return COMMANDS.find((row) => row.name === name || row.alias === name);
}

export type Outcome = "done" | "failed" | "quit";

/** Runs one line. */
export async function runLine(session: Session, line: string): Promise<Outcome> {
  const [name, ...words] = line.split(" ").filter((word) => word !== "");
  if (name === undefined) return "done";
  const row = findCommand(name);
  const { tools } = session;
  if (row === undefined) {
    tools.err(`command "${name}" not found\n`);
    return "failed";
  }
  try {
    if (!admits(session, row, name)) return "failed";
    const args = parseArguments(row.name, words, row.short, usageOf(row));
    demandCount(row, name, args.words.length);
    return (await row.run(session, args)) ? "done" : "failed";
  } catch (error) {
    if (error instanceof Quit) return "quit";
    if (error instanceof Refusal) {
      tools.out(error.message);
      return "failed";
    }
    if (!(error instanceof StorageError)) throw error;
    tools.out(`${row.name} failed: ${strerror(error.errno)}\n`);
    return "failed";
  }
}

function admits({ tools, image }: Session, row: Row, _name: string): boolean {
  if (row.closed === true) return true;
  if (image === undefined) {
    tools.err("no file open, try 'help open'\n");
    return false;
  }
  if (row.writes !== true || !image.node.readOnly) return true;
  tools.err("qemu-io: Block node is read-only\n");
  return false;
}

function demandCount({ least, most }: Row, name: string, count: number): void {
  if (count >= least && (most < 0 || count <= most)) return;
  const wanted =
    most < 0
      ? `at least ${least} arguments`
      : least === most
        ? `exactly ${least} arguments`
        : `between ${least} and ${most} arguments`;
  throw new Refusal(`bad argument count ${count} to ${name}, expected ${wanted}\n`);
}
