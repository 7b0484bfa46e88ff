/** Runs parsed commands one after the other. */
import type { Command } from "./command.ts";
import { Command as ParsedOptions } from "./command.ts";
import { CommandError } from "./errors.ts";
import { LogLevel } from "./log.ts";
import { parseCommand, parseCommands, type ParsedCommand } from "./parse.ts";
import type { Session } from "./session.ts";
import type { CommandGroup, CommandsOf, CommandSpec, CommandTable } from "./spec.ts";
import { tokenize } from "./tokenize.ts";

/** The code of one command. Throws where it fails; `false` is a failure that it has told. */
export type Run<S extends CommandSpec> = (
  session: Session,
  command: Command<S>,
) => Promise<boolean | void>;

/** The code of a table's commands. */
export type Runs<T extends CommandTable> = {
  readonly [Name in CommandsOf<T>]: T[Name] extends CommandSpec ? Run<T[Name]> : never;
};

/** A group with its code. */
export interface RunnableGroup extends CommandGroup {
  readonly runs: Readonly<Record<string, Run<CommandSpec>>>;
}

/** How a line ended: `quit` where the session is over. */
export type LineResult = "ok" | "failed" | "quit";

/** Joins a table with its code; that they fit is checked by the compiler. */
export function group<T extends CommandTable>(
  title: string,
  keyword: string,
  commands: T,
  runs: Runs<T>,
): RunnableGroup {
  // Each run is called with a command of its own spec only.
  return { title, keyword, commands, runs: runs as unknown as RunnableGroup["runs"] };
}

/** Runs a line of commands: up to the first that fails when not interactive. */
export async function runLine(
  session: Session,
  groups: readonly RunnableGroup[],
  line: string,
): Promise<LineResult> {
  return runParsed(session, groups, () => parseCommands(tokenize(line), groups));
}

/** Runs one command given as words. */
export async function runWords(
  session: Session,
  groups: readonly RunnableGroup[],
  words: readonly string[],
): Promise<LineResult> {
  return runParsed(session, groups, () => {
    const command = parseCommand(words, groups);
    return command ? [command] : [];
  });
}

async function runParsed(
  session: Session,
  groups: readonly RunnableGroup[],
  parse: () => ParsedCommand[],
): Promise<LineResult> {
  let commands: ParsedCommand[];
  try {
    commands = parse();
    for (const command of commands) tellOptions(session, command);
  } catch (error) {
    session.report(error);
    return "failed";
  }
  let last: LineResult = "ok";
  for (const command of commands) {
    if (command.name === "quit" || command.name === "exit") return "quit";
    last = (await runOne(session, groups, command)) ? "ok" : "failed";
  }
  return last;
}

function tellOptions(session: Session, { name, spec, options }: ParsedCommand): void {
  for (const option of options) {
    const isFlag = option.value === true;
    const { kind } = spec.options[option.name] ?? { kind: "bool" };
    const shown = isFlag ? "(none)" : option.value;
    const type = kind === "bool" ? "bool" : "optdata";
    session.debug(LogLevel.info, `${name}: ${option.name}(${type}): ${shown}`);
  }
}

async function runOne(
  session: Session,
  groups: readonly RunnableGroup[],
  parsed: ParsedCommand,
): Promise<boolean> {
  const startMs = session.host.nowMs();
  let good = true;
  session.command = parsed.name;
  try {
    if (parsed.spec.noConnect !== true) await session.connect();
    const run = groups.find(({ commands }) => Object.hasOwn(commands, parsed.name))?.runs[
      parsed.name
    ];
    if (!run) throw new CommandError(`unknown command: '${parsed.name}'`);
    good = (await run(session, new ParsedOptions(parsed, parsed.spec))) !== false;
  } catch (error) {
    session.report(error);
    good = false;
  }
  const tookMs = session.host.nowMs() - startMs;
  if (session.options.timing) session.print(`\n(Time: ${tookMs.toFixed(3)} ms)\n\n`);
  else session.printExtra("\n");
  return good;
}
