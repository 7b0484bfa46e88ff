/** `virsh`: one command, a line of them, or a conversation. */
import { VmError } from "../../protocol/vm-error.ts";
import { parseArguments, type VirshArguments } from "./arguments.ts";
import { GROUPS } from "./groups.ts";
import { namesFor } from "./commands/names.ts";
import { complete } from "./shell/completion.ts";
import { CommandError } from "./shell/errors.ts";
import { commandLines } from "./shell/help.ts";
import type { Complete, VirshHost } from "./shell/host.ts";
import { LogLevel } from "./shell/log.ts";
import { parseWhole } from "./shell/numbers.ts";
import { type LineResult, runLine, runWords } from "./shell/run.ts";
import { Session } from "./shell/session.ts";

/** The version of libvirt whose virsh this is like. */
const VERSION = "9.0.0";

/**
 * Runs virsh.
 *
 * @param args its words, without the program's name
 * @returns the exit status
 */
export async function virsh(args: readonly string[], host: VirshHost): Promise<number> {
  let parsed: VirshArguments;
  try {
    parsed = parseArguments(args);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    host.err(`error: ${error.message}\n`);
    return 1;
  }
  if (parsed.show !== undefined) {
    host.out(shownText(parsed.show));
    return 0;
  }
  for (const complaint of parsed.complaints) host.err(`error: ${complaint}\n`);
  const log = openLog(parsed, host);
  if (log === "failed") return 1;
  const interactive = parsed.words.length === 0;
  const session = new Session(host, {
    ...parsed,
    interactive,
    debug: parsed.debug ?? debugOfEnvironment(host),
    ...(log === undefined ? {} : { log }),
  });
  try {
    return interactive ? await converse(session) : status(await runCommand(session, parsed.words));
  } finally {
    await session.close();
  }
}

/** The log file of the options or the environment, if any; that it cannot be opened is told. */
function openLog(
  parsed: VirshArguments,
  host: VirshHost,
): ((line: string) => void) | undefined | "failed" {
  const path = parsed.logFile ?? host.env("VIRSH_LOG_FILE");
  if (path === undefined || (path === "" && parsed.logFile === undefined)) return undefined;
  try {
    return host.openLog(path);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    host.err("error: failed to open the log file. check the log file path\n");
    return "failed";
  }
}

function debugOfEnvironment(host: VirshHost): number {
  const text = host.env("VIRSH_DEBUG");
  if (text === undefined) return LogLevel.error;
  const level = parseWhole(text, "int");
  if (level !== null && level >= 0n && level <= LogLevel.error) return Number(level);
  host.err("error: VIRSH_DEBUG not set with a valid numeric value\n");
  return LogLevel.error;
}

/** A single word may be a line of commands; several are one command. */
function runCommand(session: Session, words: readonly string[]): Promise<LineResult> {
  const [line = "", ...more] = words;
  if (more.length > 0) return runWords(session, GROUPS, words);
  session.debug(LogLevel.info, `commands: "${line}"`);
  return runLine(session, GROUPS, line);
}

function status(result: LineResult): number {
  return result === "failed" ? 1 : 0;
}

async function converse(session: Session): Promise<number> {
  try {
    await session.connect();
  } catch (error) {
    session.report(error);
    return 1;
  }
  session.printExtra(
    "Welcome to virsh, the virtualization interactive terminal.\n\n" +
      "Type:  'help' for help with commands\n       'quit' to quit\n\n",
  );
  const prompt = session.options.readOnly ? "virsh > " : "virsh # ";
  const offer: Complete = (before) => complete(before, GROUPS, namesFor(session));
  let result: LineResult = "ok";
  while (result !== "quit") {
    const line = await session.host.readLine(prompt, offer);
    if (line === null) {
      session.print("\n");
      break;
    }
    result = await runLine(session, GROUPS, line);
  }
  return 0;
}

function shownText(show: NonNullable<VirshArguments["show"]>): string {
  if (show === "short version") return `${VERSION}\n`;
  if (show === "long version") return LONG_VERSION;
  const groups = GROUPS.map(
    (group) => ` ${group.title} (help keyword '${group.keyword}')\n${commandLines(group)}\n`,
  );
  return `${USAGE}${groups.join("")}${USAGE_END}`;
}

const LONG_VERSION = `Virsh command line tool of libvirt ${VERSION}
See web site at https://libvirt.org/

Compiled with support for:
 Hypervisors: QEMU/KVM Test
 Networking:
 Storage: Dir LVM
 Miscellaneous: Daemon Secrets Readline
`;

const USAGE = `
virsh [options]... [<command_string>]
virsh [options]... <command> [args...]

  options:
    -c | --connect=URI      hypervisor connection URI
    -d | --debug=NUM        debug level [0-4]
    -e | --escape <char>    set escape sequence for console
    -h | --help             this help
    -k | --keepalive-interval=NUM
                            keepalive interval in seconds, 0 for disable
    -K | --keepalive-count=NUM
                            number of possible missed keepalive messages
    -l | --log=FILE         output logging to file
    -q | --quiet            quiet mode
    -r | --readonly         connect readonly
    -t | --timing           print timing information
    -v                      short version
    -V                      long version
         --version[=TYPE]   version, TYPE is short or long (default short)
  commands (non interactive mode):

`;

const USAGE_END = `
  (specify help <group> for details about the commands in the group)

  (specify help <command> for details about the command)

`;
