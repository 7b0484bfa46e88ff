import type { OpenImage } from "../../storage/graph/opener.ts";
import { type ImageOptions, parseImageOptions } from "../../storage/graph/image-options.ts";
import { StorageError, strerror } from "../../storage/errors.ts";
import type { Preallocation } from "../../storage/block-node.ts";
import { longSizeText } from "../image/sizes.ts";
import { type Arguments, Refusal, numberOf, parseArguments } from "./arguments.ts";
import { allocCommand, infoCommand, mapCommand } from "./inspect.ts";
import type { Session } from "./session.ts";
import { discardCommand, readCommand, writeCommand } from "./transfer.ts";

/** A command of qemu-io. */
interface Row {
  readonly name: string;
  readonly alias?: string;
  readonly args: string;
  readonly oneLine: string;
  /** Option letters, as getopt has them. */
  readonly short: string;
  readonly least: number;
  /** -1 for as many as one likes. */
  readonly most: number;
  /** Works without an open image. */
  readonly closed?: true;
  readonly writes?: true;
  /** @returns false when it failed */
  run(session: Session, args: Arguments): Promise<boolean>;
}

class Quit extends Error {}

const PREALLOCATION: readonly Preallocation[] = ["off", "metadata", "falloc", "full"];

const COMMANDS: readonly Row[] = [
  {
    name: "abort",
    args: "",
    oneLine: "simulate a program crash using abort(3)",
    short: "",
    least: 0,
    most: 0,
    closed: true,
    async run({ tools }) {
      tools.raise(6);
      return true;
    },
  },
  {
    name: "aio_flush",
    args: "",
    oneLine: "completes all outstanding aio requests",
    short: "",
    least: 0,
    most: 0,
    run: async () => true,
  },
  {
    name: "aio_read",
    args: "[-Ciqv] [-P pattern] off len [len..]",
    oneLine: "asynchronously reads a number of bytes",
    short: "CP:iqv",
    least: 2,
    most: -1,
    async run(session, args) {
      await readCommand(session, "readv", args);
      return true;
    },
  },
  {
    name: "aio_write",
    args: "[-Cfiquz] [-P pattern] off len [len..]",
    oneLine: "asynchronously writes a number of bytes",
    short: "CfiP:quz",
    least: 2,
    most: -1,
    writes: true,
    async run(session, args) {
      await writeCommand(session, "aio_write", args);
      return true;
    },
  },
  {
    name: "alloc",
    alias: "a",
    args: "offset [count]",
    oneLine: "checks if offset is allocated in the file",
    short: "",
    least: 1,
    most: 2,
    run: allocCommand,
  },
  {
    name: "close",
    alias: "c",
    args: "",
    oneLine: "close the current open file",
    short: "",
    least: 0,
    most: 0,
    async run(session) {
      await session.close();
      return true;
    },
  },
  {
    name: "discard",
    alias: "d",
    args: "[-Cq] off len",
    oneLine: "discards a number of bytes at a specified offset",
    short: "Cq",
    least: 2,
    most: 2,
    writes: true,
    run: discardCommand,
  },
  {
    name: "flush",
    alias: "f",
    args: "",
    oneLine: "flush all in-core file state to disk",
    short: "",
    least: 0,
    most: 0,
    async run({ image }) {
      await (image as OpenImage).node.flush();
      return true;
    },
  },
  {
    name: "help",
    alias: "?",
    args: "[command]",
    oneLine: "help for one or all commands",
    short: "",
    least: 0,
    most: 1,
    closed: true,
    run: helpCommand,
  },
  {
    name: "info",
    alias: "i",
    args: "",
    oneLine: "prints information about the current file",
    short: "",
    least: 0,
    most: 0,
    run: infoCommand,
  },
  {
    name: "length",
    alias: "l",
    args: "",
    oneLine: "gets the length of the current file",
    short: "",
    least: 0,
    most: 0,
    async run({ tools, image }) {
      tools.out(`${longSizeText((image as OpenImage).node.sizeBytes)}\n`);
      return true;
    },
  },
  {
    name: "map",
    args: "",
    oneLine: "prints the allocated areas of a file",
    short: "",
    least: 0,
    most: 1,
    run: mapCommand,
  },
  {
    name: "open",
    alias: "o",
    args: "[-rsCnkU] [-t cache] [-d discard] [-o options] [path]",
    oneLine: "open the file specified by path",
    short: "rsCnkUi:t:d:o:",
    least: 0,
    most: -1,
    closed: true,
    run: openCommand,
  },
  {
    name: "quit",
    alias: "q",
    args: "",
    oneLine: "exit the program",
    short: "",
    least: 0,
    most: 0,
    closed: true,
    async run() {
      throw new Quit();
    },
  },
  {
    name: "read",
    alias: "r",
    args: "[-abCqv] [-P pattern [-s off] [-l len]] off len",
    oneLine: "reads a number of bytes at a specified offset",
    short: "abCl:pP:qs:v",
    least: 2,
    most: -1,
    run: (session, args) => readCommand(session, "read", args),
  },
  {
    name: "readv",
    alias: "rv",
    args: "[-Cqv] [-P pattern] off len [len..]",
    oneLine: "reads a number of bytes at a specified offset",
    short: "CP:qv",
    least: 2,
    most: -1,
    run: (session, args) => readCommand(session, "readv", args),
  },
  {
    name: "reopen",
    args: "[(-r|-w)] [-c cache] [-o options]",
    oneLine: "reopens an image with new options",
    short: "c:o:rw",
    least: 0,
    most: -1,
    run: (session, args) => {
      const write = args.has("w") ? true : args.has("r") ? false : undefined;
      return session.reopen(write, parseImageOptions(args.value("o") ?? ""));
    },
  },
  {
    name: "sigraise",
    args: "signal",
    oneLine: "raises a signal",
    short: "",
    least: 1,
    most: 1,
    closed: true,
    async run({ tools }, { words }) {
      tools.raise(numberOf(words[0] as string));
      return true;
    },
  },
  {
    name: "sleep",
    args: "",
    oneLine: "waits for the given value in milliseconds",
    short: "",
    least: 1,
    most: 1,
    closed: true,
    async run({ tools }, { words }) {
      await tools.sleep(numberOf(words[0] as string));
      return true;
    },
  },
  {
    name: "truncate",
    alias: "t",
    args: "[-m prealloc_mode] off",
    oneLine: "truncates the current file at the given offset",
    short: "m:",
    least: 1,
    most: 1,
    writes: true,
    run: truncateCommand,
  },
  {
    name: "write",
    alias: "w",
    args: "[-bcCfnquz] [-P pattern | -s source_file] off len",
    oneLine: "writes a number of bytes at a specified offset",
    short: "bcCfnpP:qs:uz",
    least: 2,
    most: -1,
    writes: true,
    run: (session, args) => writeCommand(session, "write", args),
  },
  {
    name: "writev",
    alias: "wv",
    args: "[-Cfq] [-P pattern] off len [len..]",
    oneLine: "writes a number of bytes at a specified offset",
    short: "CfqP:",
    least: 2,
    most: -1,
    writes: true,
    run: (session, args) => writeCommand(session, "writev", args),
  },
];

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

async function openCommand(session: Session, args: Arguments): Promise<boolean> {
  const [path] = args.words;
  const options: ImageOptions = parseImageOptions(args.value("o") ?? "");
  if (path === undefined && args.value("o") === undefined)
    throw new Refusal("bad argument count 0 to open, expected at least 1 arguments\n");
  const request = { write: !args.has("r"), share: args.has("U"), options };
  const named = path === undefined ? request : { ...request, filename: path };
  return session.open(path, named, args.has("s"));
}

async function truncateCommand(session: Session, args: Arguments): Promise<boolean> {
  const size = numberOf(args.words[0] as string);
  const mode = args.value("m") ?? "off";
  const preallocation = PREALLOCATION.find((known) => known === mode);
  if (preallocation === undefined) {
    session.tools.err(`qemu-io: Invalid parameter '${mode}'\n`);
    return false;
  }
  try {
    await (session.image as OpenImage).node.truncate(size, { preallocation });
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    session.tools.err(`qemu-io: ${error.message}\n`);
    return false;
  }
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
